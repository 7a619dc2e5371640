#include "base/time_zone.h"

#include <gmock/gmock.h>

namespace gatehouse::base {
namespace {

std::string start_of(const std::string& zone, const std::string& day) {
  return to_rfc3339(TimeZone::find(zone).value().start_of(parse_day(day).value())).substr(0, 19);
}
std::string day_of(const std::string& zone, const std::string& time) {
  return to_string(TimeZone::find(zone).value().day_of(parse_rfc3339(time).value().time));
}

TEST(Day, IsReadAsItIsWritten) {
  for (const char* text : {"1970-01-01", "2024-02-29", "2026-10-25", "9999-12-31"}) {
    EXPECT_EQ(to_string(parse_day(text).value()), text);
  }
  for (const char* text : {"", "2026-10-2", "2026-10-025", "2026-02-29", "2026-13-01", "2026-00-01", "2026-01-00",
                           "1969-12-31", "0000-01-01", "2026/10/25", "2026-1-025", " 2026-10-25", "2026-10-25 ",
                           "+026-10-25", "2026-10-+5", "20261025", "12026-10-2"}) {
    EXPECT_FALSE(parse_day(text)) << text;
  }
}

TEST(TimeZone, IsFoundByItsNameAlone) {
  for (const char* name : {"UTC", "Etc/UTC", "Europe/Berlin", "Asia/Kolkata", "Asia/Calcutta", "America/New_York"}) {
    EXPECT_EQ(TimeZone::find(name).value().name(), name);
  }
  for (const char* name : {"", "Z", "europe/berlin", "Europe", "Europe/", "/Europe/Berlin", "../zoneinfo/UTC", "+02:00",
                           "localtime", "posixrules", "tzdata.zi", "zone.tab", "Mars/Olympus"}) {
    EXPECT_FALSE(TimeZone::find(name)) << name;
  }
  EXPECT_FALSE(TimeZone::find(std::string_view("UTC\0", 4)));
}

TEST(TimeZone, DaysBeginAtMidnight) {
  EXPECT_EQ(start_of("UTC", "2026-10-25"), "2026-10-25T00:00:00");
  EXPECT_EQ(start_of("Asia/Kolkata", "2026-10-25"), "2026-10-24T18:30:00");
  EXPECT_EQ(start_of("Europe/Berlin", "2026-10-25"), "2026-10-24T22:00:00");
  EXPECT_EQ(start_of("Europe/Berlin", "2026-10-26"), "2026-10-25T23:00:00") << "after a day of 25 hours";
  EXPECT_EQ(start_of("Europe/Berlin", "2026-03-30"), "2026-03-29T22:00:00") << "after a day of 23 hours";
  EXPECT_EQ(start_of("Africa/Monrovia", "1971-07-01"), "1971-07-01T00:44:30");
}

TEST(TimeZone, DaysBeginWhereMidnightIsMissingDoubledOrInADayThatWasSkipped) {
  EXPECT_EQ(start_of("America/Sao_Paulo", "2018-11-04"), "2018-11-04T03:00:00") << "at one";
  EXPECT_EQ(start_of("America/Havana", "2026-11-01"), "2026-11-01T04:00:00") << "at the first of two";
  EXPECT_EQ(start_of("Pacific/Apia", "2011-12-30"), start_of("Pacific/Apia", "2011-12-31"));
}

TEST(TimeZone, AnInstantIsOfTheDayThatHasBegunLast) {
  EXPECT_EQ(day_of("UTC", "2026-10-24T23:59:59.999999Z"), "2026-10-24");
  EXPECT_EQ(day_of("UTC", "2026-10-25T00:00:00Z"), "2026-10-25");
  EXPECT_EQ(day_of("Europe/Berlin", "2026-10-24T21:59:59.999999Z"), "2026-10-24");
  EXPECT_EQ(day_of("Europe/Berlin", "2026-10-24T22:00:00Z"), "2026-10-25");
  EXPECT_EQ(day_of("Asia/Kolkata", "2026-10-24T18:29:59.9Z"), "2026-10-24");
  EXPECT_EQ(day_of("Asia/Kolkata", "2026-10-24T18:30:00Z"), "2026-10-25");
  EXPECT_EQ(day_of("America/Havana", "2026-11-01T05:30:00Z"), "2026-11-01") << "half past midnight again";
}

}  // namespace
}  // namespace gatehouse::base
