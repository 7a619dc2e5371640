#include "store/period_reading.h"

#include "base/time_zone.h"

#include <gmock/gmock.h>

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

}  // namespace
}  // namespace gatehouse::store
