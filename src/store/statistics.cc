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

constexpr db::Statement kSum{"sum_counts", SUMS(PARTS(COUNTS_OF_ONE) "SELECT d.organization_id, d.role_id, " DELTA_KIND
                                                                     ", d.detail, d.change " DELTAS_WITHIN(
                                                                         "$15", "$14") " AND d.organization_id = $16")};
constexpr db::Statement kSumPlatform{
    "sum_counts_of_platform",
    SUMS(PARTS(COUNTS_OF_ONE) "SELECT $16, " DELTA_OF_PLATFORM("$16") DELTAS_WITHIN("$15", "$14"))};

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

constexpr db::Statement kCountByRole{"count_members_by_role",
                                     BY_ROLE(PARTS(COUNTS_OF_ONE) MEMBER_DELTAS " AND d.organization_id = $16")};
// Of an organization that is gone no counts are asked for, so its deltas must not be added either.
constexpr db::Statement kCountAllByRole{
    "count_all_members_by_role",
    BY_ROLE(PARTS(COUNTS_OF_EACH) MEMBER_DELTAS
            " AND d.organization_id IN (SELECT o.id FROM organizations o WHERE " ON_PAGE ")")};

// The last of a page, when there are more behind it.
constexpr db::Statement kEndOfPage{"find_end_of_page",
                                   "SELECT o.created_at, o.id FROM organizations o WHERE (o.created_at, o.id) > "
                                   "($1, $2) ORDER BY o.created_at, o.id LIMIT 2 OFFSET $3"};

// $3 and $4 are the buckets of level $2, $5 lists the pieces of finer levels (write_pieces()), which have their numbers
// here, and $6 and $7 are the instants between which deltas count, which have neither. A branch for each level and a
// list that is made once leave PostgreSQL no worse plan than to look for each piece. $11 is the series of those that
// are finer than an hour.
#define OF_PIECE(from, length) "CAST(convert_from(substr($5, n.number * 27 + " from ", " length "), 'UTF8') AS BIGINT)"
#define LISTED_PIECES                                                                                 \
  "WITH RECURSIVE numbers (number) AS (SELECT 0 WHERE length($5) > 0 UNION ALL "                      \
  "SELECT number + 1 FROM numbers WHERE (number + 1) * 27 < length($5)), "                            \
  "pieces (number, level, first, until) AS MATERIALIZED (SELECT CAST(n.number AS BIGINT), " OF_PIECE( \
      "1", "1") ", " OF_PIECE("2", "13") ", " OF_PIECE("15", "13") " FROM numbers n) "
#define IS_ASKED_FOR(kind) "($9 = '' OR " kind " IN ($9, $10))"
#define PIECES(level, series, role, detail)                                    \
  " UNION ALL SELECT p.number, 0, NULL, " role ", c.kind, " detail             \
  ", c.n "                                                                     \
  "FROM pieces p CROSS JOIN stats_counts c WHERE p.level = " level             \
  " AND c.organization_id = $8 AND c.series = " series " AND c.level = " level \
  " AND c.bucket >= p.first AND c.bucket < p.until AND " IS_ASKED_FOR("c.kind")
#define PERIODS(deltas, role, detail)                                                                   \
  LISTED_PIECES "SELECT -1, 0, " DELTA_TIME ", " deltas " AND " IS_ASKED_FOR(                           \
      DELTA_KIND) " UNION ALL SELECT -1, c.bucket, NULL, " role ", c.kind, " detail                     \
                  ", c.n FROM stats_counts c "                                                          \
                  "WHERE c.organization_id = $8 AND c.series = $1 AND c.level = $2 AND c.bucket >= $3 " \
                  "AND c.bucket < $4 AND " IS_ASKED_FOR("c.kind") PIECES("2", "$1", role, detail)       \
                      PIECES("1", "$11", role, detail) PIECES("0", "$11", role, detail)
#define OF_ONE " AND d.organization_id = $8"

constexpr db::Statement kByPeriod{
    "count_by_period", PERIODS("d.role_id, " DELTA_KIND ", d.detail, d.change " DELTAS_WITHIN("$6", "$7") OF_ONE,
                               "c.role_id", "c.detail")};
constexpr db::Statement kByPeriodPlatform{
    "count_by_period_of_platform", PERIODS(DELTA_OF_PLATFORM("$8") DELTAS_WITHIN("$6", "$7"), "c.role_id", "c.detail")};
// Of growth nobody asks for more than the kind, and there are rows for most hours of a large organization.
#define GROWTH_DELTAS "NULL, " DELTA_KIND ", NULL, d.change " DELTAS_WITHIN("$6", "$7")
constexpr db::Statement kGrowth{"count_growth", PERIODS(GROWTH_DELTAS OF_ONE, "NULL", "NULL")};
constexpr db::Statement kGrowthPlatform{"count_growth_of_platform", PERIODS(GROWTH_DELTAS, "NULL", "NULL")};

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

db::Rows query_one_organization(db::Transaction& tx, const db::Statement& statement, Series series,
                                const SecondRange& range, OrganizationId organization) {
  const auto end = buckets_of(range.until), first = buckets_of(range.from);
  return tx.query(statement, {std::int64_t(series), end[0], end[1], end[2], end[3], end[4], end[5], first[0], first[1],
                              first[2], first[3], first[4], first[5], range.until, range.from, organization});
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

/// Buckets of a level that lie between an edge and the one of a wider level that stands for it: before the edge (sign
/// 1), or behind it (-1).
struct Piece {
  std::size_t edge;
  std::int64_t sign;
  Level level;
  std::int64_t first;
  std::int64_t until;
};

/// What is read to count between edges: of one level the buckets from `bounds.front()` to `bounds.back()`, and pieces.
struct Reading {
  Level level;
  std::vector<std::int64_t> bounds;  // the bucket that stands for each edge
  std::vector<Piece> pieces;
  std::int64_t cost;
};

Reading plan_reading(const std::vector<base::Time>& edges, Level level) {
  // To look for a piece costs about as much as to read so many buckets.
  constexpr std::int64_t kCostOfPiece = 2;
  Reading reading{level, {}, {}, 0};
  for (std::size_t i = 0; i < edges.size(); ++i) {
    reading.bounds.push_back(nearest_bucket(edges[i], level));
    std::int64_t second = reading.bounds.back() * kLevelSeconds.at(std::size_t(level));
    for (auto finer = std::int64_t(level) - 1; finer >= 0; --finer) {
      const std::int64_t width = kLevelSeconds.at(std::size_t(finer));
      const std::int64_t from = second / width, to = nearest_bucket(edges[i], Level(finer));
      second = to * width;
      if (from == to) continue;
      reading.pieces.push_back({i, from < to ? 1 : -1, Level(finer), std::min(from, to), std::max(from, to)});
      reading.cost += std::abs(to - from) + kCostOfPiece;
    }
  }
  reading.cost += reading.bounds.back() - reading.bounds.front();
  return reading;
}

Reading cheapest_reading(Series series, const std::vector<base::Time>& edges) {
  Reading cheapest = plan_reading(edges, Level::day);
  for (const Level level : {Level::hour, Level::minute, Level::second}) {
    if (level < finest_level(series)) break;
    Reading reading = plan_reading(edges, level);
    if (reading.cost < cheapest.cost) cheapest = std::move(reading);
  }
  return cheapest;
}

/// Each in 27 bytes: its level and its buckets.
db::Bytes write_pieces(const std::vector<Piece>& pieces) {
  db::Bytes list;
  for (const Piece& piece : pieces) {
    list.data += fmt::format("{}{:013}{:013}", int(piece.level), piece.first, piece.until);
  }
  return list;
}

/// Which of the periods between bounds, in ascending order, has it.
template <class T>
std::size_t period_of(const std::vector<T>& bounds, const T& value) {
  return std::size_t(std::ranges::upper_bound(bounds, value) - bounds.begin()) - 1;
}

}  // namespace

Counts sum_counts(db::Transaction& tx, OrganizationId organization, Series series, const SecondRange& range) {
  const db::Statement& statement = organization == kPlatformOrganization ? kSumPlatform : kSum;
  return to_counts(query_one_organization(tx, statement, series, range, organization));
}

std::vector<Counts> count_by_period(db::Transaction& tx, OrganizationId organization, Series series,
                                    const std::vector<base::Time>& edges, const Kinds& kinds) {
  const bool is_growth = series == Series::growth;
  const bool is_platform = organization == kPlatformOrganization;
  const db::Statement& statement =
      is_growth ? (is_platform ? kGrowthPlatform : kGrowth) : (is_platform ? kByPeriodPlatform : kByPeriod);
  const Kinds asked = is_growth ? Kinds{"joined", "left"} : kinds;
  const Series finer = is_growth ? Series::timeline : series;
  const Reading reading = cheapest_reading(series, edges);
  std::vector<Counts> periods(edges.size() - 1);
  for (const db::Row& row :
       tx.query(statement, {std::int64_t(series), std::int64_t(reading.level), reading.bounds.front(),
                            reading.bounds.back(), write_pieces(reading.pieces), edges.front(), edges.back(),
                            organization, asked.one, asked.other, std::int64_t(finer)})) {
    const auto number = row.get<std::int64_t>(0);
    CountKey key{{}, row.get<std::string>(4), {}};
    if (!is_growth) key.role = row.get<RoleId>(3), key.detail = row.get<std::string>(5);
    const auto n = row.get<std::int64_t>(6);
    if (number < 0) {
      const auto happened_at = row.get<std::optional<base::Time>>(2);
      periods.at(happened_at ? period_of(edges, *happened_at)
                             : period_of(reading.bounds, row.get<std::int64_t>(1)))[key] += n;
      continue;
    }
    const Piece& piece = reading.pieces.at(std::size_t(number));
    if (piece.edge > 0) periods[piece.edge - 1][key] += piece.sign * n;
    if (piece.edge < periods.size()) periods[piece.edge][key] -= piece.sign * n;
  }
  for (Counts& counts : periods) std::erase_if(counts, [](const auto& one) { return one.second == 0; });
  return periods;
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
  return to_role_counts(query_one_organization(tx, kCountByRole, Series::cohort, joined, organization));
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
