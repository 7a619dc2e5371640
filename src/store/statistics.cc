#include "store/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace gatehouse::store {

namespace {

// The sum over a range is that until its end less that until its beginning. Each is read to the nearest bucket of the
// widest level, from there to the nearest of the next one, forwards or back, and so on: at most 136 buckets. $2 to $7
// are the buckets of the end, by level, and $8 to $13 those of the beginning. What compares the two ends of a part asks
// nothing of any row: an empty part is not even looked for, for however many organizations.
#define PART(counts, sign, level, first, end)                                                                          \
  "SELECT c.organization_id, c.role_id, c.kind, c.detail, " sign "CASE WHEN " first " < " end                          \
  " THEN c.n ELSE -c.n END AS n FROM " counts "c.series = $1 AND c.level = " level " AND c.bucket >= CASE WHEN " first \
  " < " end " THEN " first " ELSE " end                                                                                \
  " END"                                                                                                               \
  " AND c.bucket < CASE WHEN " first " < " end " THEN " end " ELSE " first " END AND " first " <> " end " UNION ALL "
#define PARTS(counts)                       \
  PART(counts, "", "5", "$13", "$7")        \
  PART(counts, "", "4", "$7 * 64", "$6")    \
  PART(counts, "-", "4", "$13 * 64", "$12") \
  PART(counts, "", "3", "$6 * 64", "$5")    \
  PART(counts, "-", "3", "$12 * 64", "$11") \
  PART(counts, "", "2", "$5 * 24", "$4")    \
  PART(counts, "-", "2", "$11 * 24", "$10") \
  PART(counts, "", "1", "$4 * 60", "$3")    \
  PART(counts, "-", "1", "$10 * 60", "$9")  \
  PART(counts, "", "0", "$3 * 60", "$2")    \
  PART(counts, "-", "0", "$9 * 60", "$8")

#define COUNTS_OF_ONE "stats_counts c WHERE c.organization_id = $16 AND "
#define ON_PAGE "(o.created_at, o.id) > ($16, $17) AND (o.created_at, o.id) <= ($18, $19) "
// CROSS JOIN makes SQLite begin with the organizations: it would rather walk over all counts.
#define COUNTS_OF_EACH "organizations o CROSS JOIN stats_counts c WHERE " ON_PAGE "AND c.organization_id = o.id AND "

// What is not folded yet, as fold_deltas() would have it. $1 is the series, 0 the cohort and 2 the events.
#define DELTA_KIND "CASE WHEN $1 = 0 THEN 'member' ELSE d.kind END"
#define DELTA_TIME "CASE WHEN $1 = 0 THEN d.joined_at ELSE d.at END"
#define DELTA_OF_PLATFORM(organization) \
  organization ", " DELTA_KIND          \
               ", CASE WHEN d.joined_at IS NULL THEN d.detail ELSE d.detail || ' ' || d.role_key END, d.change "
#define DELTAS_WITHIN(from, until)                                                                            \
  "FROM stats_deltas d WHERE (d.joined_at IS NULL) = ($1 = 2) AND " DELTA_TIME " >= " from " AND " DELTA_TIME \
  " < " until

#define SUMS(parts)                                                           \
  "SELECT s.role_id, s.kind, s.detail, CAST(SUM(s.n) AS BIGINT) FROM (" parts \
  ") s "                                                                      \
  "GROUP BY s.role_id, s.kind, s.detail HAVING SUM(s.n) <> 0"

// Where to look depends on the keys alone, and to plan these anew takes longer than to run them.
constexpr bool kHasOnePlan = true;

constexpr db::Statement kSum{
    "sum_counts",
    SUMS(PARTS(COUNTS_OF_ONE) "SELECT d.organization_id, d.role_id, " DELTA_KIND
                              ", d.detail, d.change " DELTAS_WITHIN("$15", "$14") " AND d.organization_id = $16"),
    kHasOnePlan};
constexpr db::Statement kSumPlatform{
    "sum_counts_of_platform",
    SUMS(PARTS(COUNTS_OF_ONE) "SELECT $16, " DELTA_OF_PLATFORM("$16") DELTAS_WITHIN("$15", "$14")), kHasOnePlan};

// Names are looked up for what is in the answer. Joined, they would tempt PostgreSQL, which can't know how little a sum
// leaves, to walk over all organizations.
#define BY_ROLE(parts)                                                                                            \
  "SELECT t.organization_id, (SELECT name FROM organizations WHERE id = t.organization_id), "                     \
  "(SELECT slug FROM organizations WHERE id = t.organization_id), "                                               \
  "(SELECT created_at FROM organizations WHERE id = t.organization_id), "                                         \
  "COALESCE((SELECT name FROM roles WHERE organization_id = t.organization_id AND id = t.role_id), "              \
  "(SELECT name FROM stats_tombstones WHERE organization_id = t.organization_id AND role_id = t.role_id), '?'), " \
  "t.n FROM ("                                                                                                    \
  "SELECT s.organization_id, s.role_id, CAST(SUM(s.n) AS BIGINT) AS n FROM (" parts                               \
  ") s WHERE s.detail = 'active' GROUP BY s.organization_id, s.role_id HAVING SUM(s.n) <> 0) t"
#define MEMBER_DELTAS \
  "SELECT d.organization_id, d.role_id, " DELTA_KIND ", d.detail, d.change " DELTAS_WITHIN("$15", "$14")

constexpr db::Statement kCountByRole{
    "count_members_by_role", BY_ROLE(PARTS(COUNTS_OF_ONE) MEMBER_DELTAS " AND d.organization_id = $16"), kHasOnePlan};
// Of an organization that is gone no counts are asked for, so its deltas must not be added either.
constexpr db::Statement kCountAllByRole{
    "count_all_members_by_role",
    BY_ROLE(PARTS(COUNTS_OF_EACH) MEMBER_DELTAS
            " AND d.organization_id IN (SELECT o.id FROM organizations o WHERE " ON_PAGE ")"),
    kHasOnePlan};

// The last of a page, when there are more behind it.
constexpr db::Statement kEndOfPage{"find_end_of_page",
                                   "SELECT o.created_at, o.id FROM organizations o WHERE (o.created_at, o.id) > "
                                   "($1, $2) ORDER BY o.created_at, o.id LIMIT 2 OFFSET $3"};

// $3 and $4 are the buckets of level $2, and $6 and $7 are the instants between which deltas count. Of finer levels
// either the pieces that $5 lists are looked for, one by one, or, where fewer than $12 things of any kind were
// counted, all buckets are read at once that lie as near to an edge of level $2 as pieces do ($15 to $17, $15 from 49
// BC on), from level $18 up: $13 and $14 are $6 and $7 in seconds. A branch for each level and a list that is made once
// leave PostgreSQL no worse plan. $11 is the series of those that are finer than an hour.
#define OF_PIECE(from, length) "CAST(convert_from(substr($5, n.number * 27 + " from ", " length "), 'UTF8') AS BIGINT)"
#define IS_ASKED_FOR(kind) "($9 = '' OR " kind " IN ($9, $10))"
#define LISTED_PIECES                                                                                                \
  "WITH RECURSIVE counted (is_little) AS MATERIALIZED (SELECT COALESCE(SUM(ABS(c.n)), 0) < $12 FROM stats_counts c " \
  "WHERE c.organization_id = $8 AND c.series = $1 AND c.level = 4 AND c.bucket >= $13 / 5529600 AND "                \
  "c.bucket <= $14 / 5529600), "                                                                                     \
  "numbers (number) AS (SELECT 0 FROM counted WHERE length($5) > 0 AND NOT is_little UNION ALL "                     \
  "SELECT number + 1 FROM numbers WHERE (number + 1) * 27 < length($5)), "                                           \
  "pieces (level, first, until) AS MATERIALIZED (SELECT " OF_PIECE("1", "1") ", " OF_PIECE("2", "13") ", " OF_PIECE( \
      "15", "13") " FROM numbers n) "
#define FINER(level, seconds, series, role, detail)                                                                \
  " UNION ALL SELECT " level ", c.bucket, NULL, " role ", c.kind, " detail                                         \
  ", c.n FROM pieces p CROSS JOIN stats_counts c WHERE p.level = " level                                           \
  " AND c.organization_id = $8 AND c.series = " series " AND c.level = " level                                     \
  " AND c.bucket >= p.first AND c.bucket < p.until AND " IS_ASKED_FOR(                                             \
      "c.kind") " UNION ALL SELECT " level ", c.bucket, NULL, " role ", c.kind, " detail                           \
                ", c.n FROM counted t CROSS JOIN stats_counts c WHERE t.is_little AND " level " >= $18 AND " level \
                " < $2 AND c.organization_id = $8 AND c.series = " series " AND c.level = " level                  \
                " AND c.bucket >= ($13 - $17) / " seconds " AND c.bucket < ($14 + $17) / " seconds                 \
                " AND (c.bucket * " seconds " + $15) % $17 < $16 AND " IS_ASKED_FOR("c.kind")
#define PERIODS(deltas, role, detail)                                                                          \
  LISTED_PIECES "SELECT -1, 0, " DELTA_TIME ", " deltas " AND " IS_ASKED_FOR(                                  \
      DELTA_KIND) " UNION ALL SELECT $2, c.bucket, NULL, " role ", c.kind, " detail                            \
                  ", c.n FROM stats_counts c "                                                                 \
                  "WHERE c.organization_id = $8 AND c.series = $1 AND c.level = $2 AND c.bucket "              \
                  ">= $3 AND c.bucket < $4 AND " IS_ASKED_FOR("c.kind") FINER("2", "3600", "$1", role, detail) \
                      FINER("1", "60", "$11", role, detail) FINER("0", "1", "$11", role, detail)
#define OF_ONE " AND d.organization_id = $8"

constexpr db::Statement kByPeriod{
    "count_by_period",
    PERIODS("d.role_id, " DELTA_KIND ", d.detail, d.change " DELTAS_WITHIN("$6", "$7") OF_ONE, "c.role_id", "c.detail"),
    kHasOnePlan};
constexpr db::Statement kByPeriodPlatform{
    "count_by_period_of_platform", PERIODS(DELTA_OF_PLATFORM("$8") DELTAS_WITHIN("$6", "$7"), "c.role_id", "c.detail"),
    kHasOnePlan};
// Of growth nobody asks for more than the kind, and there are rows for most hours of a large organization.
#define GROWTH_DELTAS "NULL, " DELTA_KIND ", NULL, d.change " DELTAS_WITHIN("$6", "$7")
constexpr db::Statement kGrowth{"count_growth", PERIODS(GROWTH_DELTAS OF_ONE, "NULL", "NULL"), kHasOnePlan};
constexpr db::Statement kGrowthPlatform{"count_growth_of_platform", PERIODS(GROWTH_DELTAS, "NULL", "NULL"),
                                        kHasOnePlan};

constexpr db::Statement kRoleNames{
    "list_role_names",
    "SELECT id, key, name, 0 FROM roles WHERE organization_id = $1 UNION ALL "
    "SELECT role_id, key, name, 1 FROM stats_tombstones WHERE organization_id = $1 AND role_id <> $2"};

constexpr db::Statement kRecount{
    "recount_members",
    "SELECT role_id, 'member', status, COUNT(*) FROM members "
    "WHERE organization_id = $1 AND joined_at >= $2 AND joined_at < $3 GROUP BY role_id, status"};

/// Where a bucket of the level begins that is nearest to the instant, as the number of that bucket.
std::int64_t nearest_bucket(base::Time time, Level level) {
  return bucket_of(time + std::chrono::seconds(kLevelSeconds.at(std::size_t(level)) / 2), level);
}

/// The nearest of each level.
std::array<std::int64_t, kLevelSeconds.size()> buckets_of(base::Time time) {
  std::array<std::int64_t, kLevelSeconds.size()> buckets{};
  for (std::size_t level = 0; level < buckets.size(); ++level) buckets[level] = nearest_bucket(time, Level(level));
  return buckets;
}

db::Query query_one_organization(const db::Statement& statement, Series series, const SecondRange& range,
                                 OrganizationId organization) {
  const auto end = buckets_of(range.until), first = buckets_of(range.from);
  return {statement,
          {std::int64_t(series), end[0], end[1], end[2], end[3], end[4], end[5], first[0], first[1], first[2], first[3],
           first[4], first[5], range.until, range.from, organization}};
}

db::Rows query_page_of_organizations(db::Transaction& tx, const db::Statement& statement, Series series,
                                     const SecondRange& range, const AgePosition& after, const AgePosition& last) {
  const auto end = buckets_of(range.until), first = buckets_of(range.from);
  return tx.query(statement, {std::int64_t(series), end[0], end[1], end[2], end[3], end[4], end[5], first[0], first[1],
                              first[2], first[3], first[4], first[5], range.until, range.from, after.created_at,
                              after.organization, last.created_at, last.organization});
}

Counts to_counts(const db::Rows& rows) {
  Counts counts;
  for (const db::Row& row : rows) {
    counts.emplace(row.as<CountKey, RoleId, std::string, std::string>(), row.get<std::int64_t>(3));
  }
  return counts;
}

std::vector<RoleCount> to_role_counts(const db::Rows& rows) {
  std::vector<RoleCount> counts;
  for (const db::Row& row : rows) {
    counts.push_back(
        row.as<RoleCount, OrganizationId, std::string, std::string, base::Time, std::string, std::int64_t>());
  }
  std::ranges::sort(counts, {}, [](const RoleCount& count) {
    return std::tie(count.organization_created_at, count.organization, count.role_name);
  });
  return counts;
}

/// Buckets of a level that lie between an edge and the nearest one of a wider level.
struct Piece {
  Level level;
  std::int64_t first;
  std::int64_t until;
};

/// What is read to count between edges: of one level the buckets from the first edge to the last, and pieces.
struct Reading {
  Level level;
  /// Of that level and each finer one, which bucket stands for each edge.
  std::array<std::vector<std::int64_t>, kLevelSeconds.size()> bounds;
  std::vector<Piece> pieces;
  db::Bytes list;  // of pieces, in 27 bytes each: level and buckets
  /// Where pieces lie from the nearest edge of a bucket of `level`, in seconds.
  std::int64_t before = 0, after = 0;
  Level finest = level;
  std::int64_t cost = 0;
};

/// To look for a piece costs about as much as to read so many buckets, or to pass over so many.
constexpr std::int64_t kCostOfPiece = 2, kPassedForPiece = 8;

/// Edges close to each other have pieces in common, which are read once.
void join_pieces(std::vector<Piece>& pieces) {
  std::ranges::sort(pieces, {}, [](const Piece& piece) { return std::tie(piece.level, piece.first); });
  std::size_t kept = 0;
  for (const Piece& piece : pieces) {
    if (kept > 0 && pieces[kept - 1].level == piece.level && piece.first <= pieces[kept - 1].until) {
      pieces[kept - 1].until = std::max(pieces[kept - 1].until, piece.until);
    } else {
      pieces[kept++] = piece;
    }
  }
  pieces.resize(kept);
}

Reading plan_reading(const std::vector<base::Time>& edges, Level level) {
  Reading reading{.level = level};
  for (const base::Time edge : edges) {
    reading.bounds.at(std::size_t(level)).push_back(nearest_bucket(edge, level));
    const std::int64_t stands_for = reading.bounds.at(std::size_t(level)).back() * kLevelSeconds.at(std::size_t(level));
    std::int64_t second = stands_for;
    for (auto finer = std::int64_t(level) - 1; finer >= 0; --finer) {
      const std::int64_t width = kLevelSeconds.at(std::size_t(finer));
      const std::int64_t from = second / width, to = nearest_bucket(edge, Level(finer));
      reading.bounds.at(std::size_t(finer)).push_back(to);
      second = to * width;
      if (from == to) continue;
      reading.pieces.push_back({Level(finer), std::min(from, to), std::max(from, to)});
      reading.finest = std::min(reading.finest, Level(finer));
      reading.before = std::max(reading.before, stands_for - reading.pieces.back().first * width);
      reading.after = std::max(reading.after, reading.pieces.back().until * width - stands_for);
      reading.cost += std::abs(to - from) + kCostOfPiece;
    }
  }
  join_pieces(reading.pieces);
  const std::vector<std::int64_t>& bounds = reading.bounds.at(std::size_t(level));
  reading.cost += bounds.back() - bounds.front();
  return reading;
}

Reading cheapest_reading(Series series, const std::vector<base::Time>& edges) {
  Reading cheapest = plan_reading(edges, Level::day);
  for (const Level level : {Level::hour, Level::minute, Level::second}) {
    if (level < finest_level(series)) break;
    Reading reading = plan_reading(edges, level);
    if (reading.cost < cheapest.cost) cheapest = std::move(reading);
  }
  for (const Piece& piece : cheapest.pieces) {
    cheapest.list.data += fmt::format("{}{:013}{:013}", int(piece.level), piece.first, piece.until);
  }
  return cheapest;
}

/// Which of the periods between bounds, in ascending order, has it.
template <class T>
std::size_t period_of(const std::vector<T>& bounds, const T& value) {
  return std::size_t(std::ranges::upper_bound(bounds, value) - bounds.begin()) - 1;
}

db::Query query_sum(OrganizationId organization, Series series, const SecondRange& range) {
  return query_one_organization(organization == kPlatformOrganization ? kSumPlatform : kSum, series, range,
                                organization);
}

db::Query query_periods(OrganizationId organization, Series series, const std::vector<base::Time>& edges,
                        const Kinds& kinds, const Reading& reading) {
  const bool is_growth = series == Series::growth;
  const bool is_platform = organization == kPlatformOrganization;
  const Kinds asked = is_growth ? Kinds{"joined", "left"} : kinds;
  const Series finer = is_growth ? Series::timeline : series;
  const std::vector<std::int64_t>& bounds = reading.bounds.at(std::size_t(reading.level));
  return {is_growth ? (is_platform ? kGrowthPlatform : kGrowth) : (is_platform ? kByPeriodPlatform : kByPeriod),
          {std::int64_t(series), std::int64_t(reading.level), bounds.front(), bounds.back(), reading.list,
           edges.front(), edges.back(), organization, asked.one, asked.other, std::int64_t(finer),
           kPassedForPiece * std::int64_t(reading.pieces.size()), bucket_of(edges.front(), Level::second),
           bucket_of(edges.back(), Level::second), reading.before - bucket_of(SecondRange().from, Level::second),
           reading.before + reading.after, kLevelSeconds.at(std::size_t(reading.level)), std::int64_t(reading.finest)}};
}

std::vector<Counts> to_periods(const db::Rows& rows, Series series, const std::vector<base::Time>& edges,
                               const Reading& reading) {
  std::vector<Counts> periods(edges.size() - 1);
  const auto add = [&](std::size_t period, const CountKey& key, std::int64_t n) {
    if (period < periods.size()) periods[period][key] += n;
  };
  for (const db::Row& row : rows) {
    CountKey key{{}, row.get<std::string>(4), {}};
    if (series != Series::growth) key.role = row.get<RoleId>(3), key.detail = row.get<std::string>(5);
    const auto n = row.get<std::int64_t>(6);
    if (const auto happened_at = row.get<std::optional<base::Time>>(2)) {
      add(period_of(edges, *happened_at), key, n);
      continue;
    }
    const auto level = std::size_t(row.get<std::int64_t>(0));
    const auto bucket = row.get<std::int64_t>(1);
    const std::size_t period = period_of(reading.bounds.at(level), bucket);
    add(period, key, n);
    if (level == std::size_t(reading.level)) continue;
    // The bucket of the wider level that holds it may stand for another period.
    const base::Time begins_at(std::chrono::seconds(bucket * kLevelSeconds.at(level)));
    add(period_of(reading.bounds.at(level + 1), bucket_of(begins_at, Level(level + 1))), key, -n);
  }
  for (Counts& counts : periods) std::erase_if(counts, [](const auto& one) { return one.second == 0; });
  return periods;
}

}  // namespace

Counts sum_counts(db::Transaction& tx, OrganizationId organization, Series series, const SecondRange& range) {
  return to_counts(tx.query_together({query_sum(organization, series, range)}).front());
}

std::vector<Counts> count_by_period(db::Transaction& tx, OrganizationId organization, Series series,
                                    const std::vector<base::Time>& edges, const Kinds& kinds) {
  const Reading reading = cheapest_reading(series, edges);
  const auto rows = tx.query_together({query_periods(organization, series, edges, kinds, reading)});
  return to_periods(rows.front(), series, edges, reading);
}

PeriodsAndBefore count_by_period_and_before(db::Transaction& tx, OrganizationId organization, Series series,
                                            const std::vector<base::Time>& edges, const Kinds& kinds) {
  const Reading reading = cheapest_reading(series, edges);
  SecondRange before;
  before.until = edges.front();
  const auto rows =
      tx.query_together({query_sum(organization, series == Series::growth ? Series::timeline : series, before),
                         query_periods(organization, series, edges, kinds, reading)});
  return {to_counts(rows.at(0)), to_periods(rows.at(1), series, edges, reading)};
}

std::map<RoleId, RoleName> list_role_names(db::Transaction& tx, OrganizationId organization) {
  std::map<RoleId, RoleName> names;
  for (const db::Row& row : tx.query(kRoleNames, {organization, RoleId{}})) {
    names[row.get<RoleId>(0)] = {row.get<std::string>(1), row.get<std::string>(2), row.get<std::int64_t>(3) != 0};
  }
  return names;
}

std::vector<RoleCount> count_members_by_role(db::Transaction& tx, OrganizationId organization,
                                             const SecondRange& joined) {
  return to_role_counts(
      tx.query_together({query_one_organization(kCountByRole, Series::cohort, joined, organization)}).front());
}

RoleCountPage count_all_members_by_role(db::Transaction& tx, const SecondRange& joined, const AgePosition& after,
                                        std::int64_t limit) {
  const db::Rows ends = tx.query(kEndOfPage, {after.created_at, after.organization, limit - 1});
  RoleCountPage page;
  if (ends.size() == 2) page.last = ends.front().as<AgePosition, base::Time, OrganizationId>();
  const AgePosition end = page.last.value_or(AgePosition{SecondRange().until, {}});
  page.counts = to_role_counts(query_page_of_organizations(tx, kCountAllByRole, Series::cohort, joined, after, end));
  return page;
}

Counts recount_members(db::Transaction& tx, OrganizationId organization, const SecondRange& joined) {
  return to_counts(tx.query(kRecount, {organization, joined.from, joined.until}));
}

}  // namespace gatehouse::store
