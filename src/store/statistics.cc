#include "store/statistics.h"

#include "store/period_reading.h"

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

// $3 and $4 are the buckets of level $2, and $6 and $7 are the instants between which deltas count. $5 lists pieces
// (store/period_reading.h). A branch for each level and a list that is made once leave PostgreSQL no worse plan.
// Without the plus signs of first and until SQLite would not take an index of an expression, which has no affinity.
#define OF_PIECE(from, length) "CAST(convert_from(substr($5, n.number * 27 + " from ", " length "), 'UTF8') AS BIGINT)"
#define IN_PIECES(pieces, level, series, place, sums, which, keys)                                                     \
  " UNION ALL SELECT " level ", MIN(c.bucket), NULL, " sums                                                            \
  " FROM pieces p CROSS JOIN stats_counts c WHERE p.level = " pieces                                                   \
  " AND c.organization_id = $8 AND c.series = " series " AND c.level = " level " AND " place " >= +p.first AND " place \
  " < +p.until" which " GROUP BY " keys
#define IN_LEVEL(level, series, sums, which, keys) \
  IN_PIECES(level, level, series, "c.bucket", sums, which, "p.first" keys)
#define LISTED_PIECES                                                                                                \
  "WITH RECURSIVE numbers (number) AS (SELECT 0 WHERE length($5) > 0 UNION ALL "                                     \
  "SELECT number + 1 FROM numbers WHERE (number + 1) * 27 < length($5)), "                                           \
  "pieces (level, first, until) AS MATERIALIZED (SELECT " OF_PIECE("1", "1") ", " OF_PIECE("2", "13") ", " OF_PIECE( \
      "15", "13") " FROM numbers n) "
#define PERIODS(deltas, finer_series, sums, which, keys)                                                       \
  LISTED_PIECES                                                                                                \
  "SELECT -1, 0, " DELTA_TIME ", " deltas " UNION ALL SELECT $2, c.bucket, NULL, " sums                        \
  " FROM stats_counts c "                                                                                      \
  "WHERE c.organization_id = $8 AND c.series = $1 AND c.level = $2 AND c.bucket >= $3 AND c.bucket < $4" which \
  " GROUP BY c.bucket" keys IN_LEVEL("3", "$1", sums, which, keys) IN_LEVEL("2", "$1", sums, which, keys)      \
      IN_LEVEL("1", finer_series, sums, which, keys) IN_LEVEL("0", finer_series, sums, which, keys)
#define OF_ONE " AND d.organization_id = $8"

#define IS_ASKED_FOR(kind) " AND ($9 = '' OR " kind " = $9 OR " kind " = $10)"
#define BY_PERIOD(deltas)                                                                                 \
  PERIODS(deltas IS_ASKED_FOR(DELTA_KIND), "$1", "c.role_id, c.kind, c.detail, CAST(SUM(c.n) AS BIGINT)", \
          IS_ASKED_FOR("c.kind"), ", c.role_id, c.kind, c.detail")
constexpr db::Statement kByPeriod{
    "count_by_period", BY_PERIOD("d.role_id, " DELTA_KIND ", d.detail, d.change " DELTAS_WITHIN("$6", "$7") OF_ONE),
    kHasOnePlan};
constexpr db::Statement kByPeriodPlatform{"count_by_period_of_platform",
                                          BY_PERIOD(DELTA_OF_PLATFORM("$8") DELTAS_WITHIN("$6", "$7")), kHasOnePlan};

// Both kinds of growth in one row. There are rows for most hours of a large organization: those of many days are looked
// for by their places, in the words of an index of their own (migration 0021), and added up by the nearest midnight.
// Ten million days more let the division round down before 1970 too.
#define OF_KIND(row, n, kind) "CASE WHEN " row ".kind = '" kind "' THEN " row "." n " ELSE 0 END"
#define GROWTH_SUMS \
  "CAST(SUM(" OF_KIND("c", "n", "joined") ") AS BIGINT), CAST(SUM(" OF_KIND("c", "n", "left") ") AS BIGINT)"
#define PLACE_OF_HOUR "c.bucket % 24 * 10000000 + c.bucket / 24"
#define GROWTH(of)                                                                                                    \
  PERIODS(OF_KIND("d", "change", "joined") ", " OF_KIND("d", "change", "left") " " DELTAS_WITHIN("$6", "$7") of, "1", \
          GROWTH_SUMS, "", "")                                                                                        \
  IN_PIECES("9", "2", "3", PLACE_OF_HOUR, GROWTH_SUMS, "", "(c.bucket + 240000012) / 24")
constexpr db::Statement kGrowth{"count_growth", GROWTH(OF_ONE), kHasOnePlan};
constexpr db::Statement kGrowthPlatform{"count_growth_of_platform", GROWTH(""), kHasOnePlan};

constexpr db::Statement kRoleNames{
    "list_role_names",
    "SELECT id, key, name, 0 FROM roles WHERE organization_id = $1 UNION ALL "
    "SELECT role_id, key, name, 1 FROM stats_tombstones WHERE organization_id = $1 AND role_id <> $2"};

constexpr db::Statement kRecount{
    "recount_members",
    "SELECT role_id, 'member', status, COUNT(*) FROM members "
    "WHERE organization_id = $1 AND joined_at >= $2 AND joined_at < $3 GROUP BY role_id, status"};

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
                        const Kinds& kinds, const PeriodReading& reading) {
  const bool is_platform = organization == kPlatformOrganization;
  std::vector<db::Value> values{std::int64_t(series), std::int64_t(reading.level),
                                reading.first,        reading.until,
                                reading.pieces,       edges.front(),
                                edges.back(),         organization};
  if (series == Series::growth) return {is_platform ? kGrowthPlatform : kGrowth, std::move(values)};
  values.emplace_back(kinds.one);
  values.emplace_back(kinds.other);
  return {is_platform ? kByPeriodPlatform : kByPeriod, std::move(values)};
}

std::vector<Counts> to_periods(const db::Rows& rows, Series series, const std::vector<base::Time>& edges,
                               const PeriodReading& reading) {
  std::vector<Counts> periods(edges.size() - 1);
  const auto add = [&](std::size_t period, const CountKey& key, std::int64_t n) {
    if (period < periods.size() && n != 0) periods[period][key] += n;
  };
  const auto add_row = [&](std::size_t period, const db::Row& row, int sign) {
    if (series == Series::growth) {
      add(period, {{}, "joined", {}}, sign * row.get<std::int64_t>(3));
      add(period, {{}, "left", {}}, sign * row.get<std::int64_t>(4));
    } else {
      add(period, {row.get<RoleId>(3), row.get<std::string>(4), row.get<std::string>(5)},
          sign * row.get<std::int64_t>(6));
    }
  };
  for (const db::Row& row : rows) {
    if (const auto happened_at = row.get<std::optional<base::Time>>(2)) {
      add_row(period_of(edges, *happened_at), row, 1);
      continue;
    }
    const auto level = std::size_t(row.get<std::int64_t>(0));
    const auto bucket = row.get<std::int64_t>(1);
    add_row(period_of(reading.bounds.at(level), bucket), row, 1);
    if (level == std::size_t(reading.level)) continue;
    // The bucket of the wider level that holds it may stand for another period.
    const base::Time begins_at(std::chrono::seconds(bucket * kLevelSeconds.at(level)));
    add_row(period_of(reading.bounds.at(level + 1), bucket_of(begins_at, Level(level + 1))), row, -1);
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
  const PeriodReading reading = plan_reading(series, edges);
  const auto rows = tx.query_together({query_periods(organization, series, edges, kinds, reading)});
  return to_periods(rows.front(), series, edges, reading);
}

PeriodsAndBefore count_by_period_and_before(db::Transaction& tx, OrganizationId organization, Series series,
                                            const std::vector<base::Time>& edges, const Kinds& kinds) {
  const PeriodReading reading = plan_reading(series, edges);
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
