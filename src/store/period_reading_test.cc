#include "store/period_reading.h"

#include "base/time_zone.h"
#include "store/fixture_test.h"
#include "store/statistics.h"

namespace gatehouse::store {
namespace {

/// How many pieces are looked for, for periods of so many days that fill a year.
std::size_t pieces(Series series, const char* zone, int days) {
  const base::TimeZone time_zone = base::TimeZone::find(zone).value();
  std::vector<base::Time> edges;
  for (int day = 0; day <= 365; day += days) {
    edges.push_back(time_zone.start_of(base::Day(std::chrono::days(20'400 + day))));
  }
  return plan_reading(series, edges).pieces.data.size() / 27;
}

TEST(PeriodReading, DaysThatBeginAtMidnightNeedNoPieces) {
  EXPECT_EQ(pieces(Series::growth, "UTC", 1), 0u);
  EXPECT_EQ(pieces(Series::events, "UTC", 1), 0u);
}

TEST(PeriodReading, HoursOfGrowthOfAYearOfDaysAreAFewRuns) {
  // One hour before each midnight, and another one in summer.
  EXPECT_EQ(pieces(Series::growth, "Europe/Berlin", 1), 2u);
  EXPECT_EQ(pieces(Series::growth, "Asia/Tokyo", 1), 9u);
  EXPECT_GE(pieces(Series::events, "Europe/Berlin", 1), 366u);
}

TEST(PeriodReading, WidePeriodsAreAddedUpByTheDatabase) {
  EXPECT_EQ(pieces(Series::growth, "UTC", 7), 52u);
  EXPECT_EQ(pieces(Series::events, "UTC", 30), 12u);
}

constexpr db::Statement kJoinSome{
    "test join some",
    "INSERT INTO stats_deltas (organization_id, subject_id, step, kind, detail, role_id, role_key, joined_at, at, "
    "change) VALUES ($1, $1, $2, 'joined', 'active', $3, 'member', $4, $4, $5)"};

class PeriodsTest : public StoreTest {
 protected:
  void fold() {
    std::optional<FoldPosition> position = FoldPosition{};
    while (position) {
      position = run([&](db::Transaction& tx) { return fold_deltas(tx, *position, 1'000); });
    }
  }

  std::int64_t steps_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Both, PeriodsTest, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

/// The beginnings of each so many days within fifty in a time zone, and some instants close to them.
std::vector<base::Time> edges_in(const char* zone, base::Day first, int days) {
  const base::TimeZone time_zone = base::TimeZone::find(zone).value();
  std::vector<base::Time> edges{time_zone.start_of(first) - 50min};
  for (int day = 0; day < 50; day += days) {
    edges.push_back(time_zone.start_of(first + std::chrono::days(day)));
    if (day % 35 != 0) continue;
    edges.push_back(edges.back() + 2h + 7s);
    edges.push_back(edges.back() + 10h - 7s);
  }
  return edges;
}

TEST_P(PeriodsTest, PeriodsAreExactAtTheirEdgesInAnyTimeZone) {
  const Tenant a = add_tenant("a");
  // Events and growth of the organization, and then of the platform, where nobody else has any.
  const auto list = [&](const std::vector<base::Time>& edges) {
    std::vector<std::vector<std::int64_t>> lists;
    for (const auto& organization : {a.organization, kPlatformOrganization}) {
      for (const Series series : {Series::events, Series::growth}) {
        std::vector<std::int64_t>& totals = lists.emplace_back();
        for (const Counts& counts :
             run([&](db::Transaction& tx) { return count_by_period(tx, organization, series, edges); })) {
          std::int64_t& total = totals.emplace_back(0);
          for (const auto& [key, n] : counts) total += n;
        }
      }
    }
    return lists;
  };
  // Before 1970, and over the beginning and the end of the summer of 2026.
  for (const int first : {-300, 20'515, 20'730}) {
    for (const char* zone : {"UTC", "Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles", "Asia/Kolkata"}) {
      for (const int days : {1, 7}) {
        SCOPED_TRACE(zone + (" from " + std::to_string(first)) + " by " + std::to_string(days));
        const std::vector<base::Time> edges = edges_in(zone, base::Day(std::chrono::days(first)), days);
        const auto before = list(edges);
        run([&](db::Transaction& tx) {
          for (const base::Time edge : edges) {
            for (const auto& [at, n] : {std::pair(edge - 1us, 1), std::pair(edge, 2)}) {
              insert_event(tx, {a.organization, base::Uuid{}, steps_++, "sign_in", "password", at, n});
              tx.execute(kJoinSome, {a.organization, steps_++, a.member_role, at, n});
            }
          }
          return true;
        });
        fold();
        const auto after = list(edges);
        for (std::size_t i = 0; i < after.size(); ++i) {
          for (std::size_t period = 0; period < after[i].size(); ++period) {
            ASSERT_EQ(after[i][period] - before[i][period], 3) << base::to_rfc3339(edges[period]);
          }
        }
      }
    }
  }
}

using HoursOfGrowthTest = PeriodsTest;
INSTANTIATE_TEST_SUITE_P(Sqlite, HoursOfGrowthTest, testing::Values(db::Dialect::sqlite),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

// Were its expression not in the words of the statement, the index would be there and not be used.
TEST_P(HoursOfGrowthTest, AreReadFromTheirIndex) {
  const std::string plan = run([&](db::Transaction& tx) {
    count_by_period(tx, kPlatformOrganization, Series::growth, {kNoon, kNoon + 24h});
    const auto made =
        tx.query_one({"test statement", "SELECT sql FROM sqlite_stmt WHERE sql LIKE 'WITH RECURSIVE numbers%'"});
    const std::string text = "EXPLAIN QUERY PLAN " + made->get<std::string>(0);
    std::string details;
    for (const db::Row& row : tx.query({"test plan", text}, {0, 0, 0, 0, db::Bytes{}, kNoon, kNoon, 0})) {
      details += row.get<std::string>(3) + "\n";
    }
    return details;
  });
  EXPECT_THAT(plan, testing::HasSubstr("stats_counts_growth_hours (organization_id=? AND <expr>>? AND <expr><?)"));
}

}  // namespace
}  // namespace gatehouse::store
