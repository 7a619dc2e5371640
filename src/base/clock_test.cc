#include "base/clock.h"

#include <gmock/gmock.h>

namespace gatehouse::base {
namespace {

using namespace std::chrono_literals;

Time at(std::int64_t microseconds) { return Time(Duration(microseconds)); }

TEST(Rfc3339, Writes) {
  EXPECT_EQ(to_rfc3339(at(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(at(1'709'208'000'123'999)), "2024-02-29T12:00:00.123Z");
  EXPECT_EQ(to_rfc3339(at(253'402'300'799'999'999)), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(to_rfc3339(at(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(Rfc3339, Reads) {
  const std::vector<std::tuple<std::string, std::int64_t, Duration>> table{
      {"1970-01-01T00:00:00Z", 0, 1s},
      {"2024-02-29T12:00:00Z", 1'709'208'000'000'000, 1s},
      {"2024-02-29t12:00:00z", 1'709'208'000'000'000, 1s},
      {"2024-02-29 12:00:00Z", 1'709'208'000'000'000, 1s},
      {"2024-02-29T14:30:00+02:30", 1'709'208'000'000'000, 1s},
      {"2024-02-28T20:00:00-16:00", 1'709'208'000'000'000, 1s},
      {"2024-02-29T12:00:00-00:00", 1'709'208'000'000'000, 1s},
      {"2024-02-29T12:00:00.1Z", 1'709'208'000'100'000, 100ms},
      {"2024-02-29T12:00:00.123Z", 1'709'208'000'123'000, 1ms},
      {"2024-02-29T12:00:00.123456Z", 1'709'208'000'123'456, 1us},
      {"2024-02-29T14:30:00.000001+02:30", 1'709'208'000'000'001, 1us},
      {"2000-02-29T00:00:00Z", 951'782'400'000'000, 1s},
      {"9999-12-31T23:59:59Z", 253'402'300'799'000'000, 1s}};
  for (const auto& [text, microseconds, precision] : table) {
    const auto parsed = parse_rfc3339(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parsed->time, at(microseconds)) << text;
    EXPECT_EQ(parsed->precision, precision) << text;
  }
}

TEST(Rfc3339, RefusesEverythingElse) {
  for (const std::string_view text : {"",
                                      "2024",
                                      "2024-02-29",
                                      "2024-02-29T12:00:00",
                                      "2024-02-29T12:00Z",
                                      "12:00:00Z",
                                      "2023-02-29T12:00:00Z",
                                      "2100-02-29T12:00:00Z",
                                      "2024-02-30T12:00:00Z",
                                      "2024-13-01T12:00:00Z",
                                      "2024-00-01T12:00:00Z",
                                      "2024-01-00T12:00:00Z",
                                      "2024-01-32T12:00:00Z",
                                      "2024-02-29T24:00:00Z",
                                      "2024-02-29T12:60:00Z",
                                      "2024-02-29T12:00:60Z",
                                      "2024-02-29T12:00:00.Z",
                                      "2024-02-29T12:00:00.1234567",
                                      "2024-02-29T12:00:00.1234567xZ",
                                      "2024-02-29T12:00:00,1Z",
                                      "2024-02-29T12:00:00+0200",
                                      "2024-02-29T12:00:00+02",
                                      "2024-02-29T12:00:00+24:00",
                                      "2024-02-29T12:00:00+02:60",
                                      "2024-02-29T12:00:00+2:00",
                                      "2024-02-29T12:00:00Zx",
                                      "2024-02-29T12:00:00Z ",
                                      " 2024-02-29T12:00:00Z",
                                      "2024-2-29T12:00:00Z",
                                      "+2024-02-29T12:00:00Z",
                                      "-2024-02-29T12:00:00Z",
                                      "02024-02-29T12:00:00Z",
                                      "2024/02/29T12:00:00Z",
                                      "2024-02-29_12:00:00Z",
                                      "20240229T120000Z",
                                      "now",
                                      "1709208000",
                                      "1969-12-31T23:59:59Z",
                                      "1970-01-01T00:00:00+00:01",
                                      "0000-01-01T00:00:00Z",
                                      "9999-12-31T23:59:59-00:01",
                                      "\uff12024-02-29T12:00:00Z",
                                      "2024-02-29T12:00:00\u2212"
                                      "02:00"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

TEST(Rfc3339, MoreDigitsThanMicrosecondsAreCutOff) {
  for (const std::string_view text : {"2024-02-29T12:00:00.1234569Z", "2024-02-29T12:00:00.123456789Z",
                                      "2024-02-29T14:00:00.123456999999999999999999999+02:00"}) {
    const auto parsed = parse_rfc3339(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parsed->time, at(1'709'208'000'123'456)) << text;
    EXPECT_EQ(parsed->precision, 1us) << text;
  }
}

TEST(Rfc3339, ReadsYearsBefore1970WhereTheyAreAskedFor) {
  EXPECT_EQ(parse_rfc3339("1969-12-31T23:59:59.5Z", 0)->time, at(-500'000));
  EXPECT_EQ(parse_rfc3339("0001-01-01T00:00:00Z", 0)->time, at(-62'135'596'800'000'000));
  EXPECT_EQ(parse_rfc3339("0001-01-01T00:00:00+01:00", 0)->time, at(-62'135'600'400'000'000));
  EXPECT_FALSE(parse_rfc3339("0000-01-01T00:00:00+00:01", 0));
  EXPECT_FALSE(parse_rfc3339("1900-02-29T00:00:00Z", 0));
}

TEST(Rfc3339, ReadsBackWhatItWrote) {
  for (std::int64_t second = 0; second < 253'402'300'799; second += 98'765'432'1) {
    const Time time = at(second * 1'000'000 + second % 1000 * 1000);
    EXPECT_EQ(parse_rfc3339(to_rfc3339(time))->time, time);
  }
}

TEST(UnixSeconds, AreReadWithAndWithoutAFraction) {
  const std::vector<std::tuple<std::string, std::int64_t, Duration>> table{
      {"0", 0, 1s},
      {"1795763242", 1'795'763'242'000'000, 1s},
      {"1795763242.5", 1'795'763'242'500'000, 100ms},
      {"1795763242.123", 1'795'763'242'123'000, 1ms},
      {"1795763242.1234567", 1'795'763'242'123'456, 1us},
      {"253402300799.999999", 253'402'300'799'999'999, 1us}};
  for (const auto& [text, microseconds, precision] : table) {
    const auto parsed = parse_unix_seconds(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parsed->time, at(microseconds)) << text;
    EXPECT_EQ(parsed->precision, precision) << text;
  }
  for (const std::string_view text : {"", ".5", "5.", "-1", "+1", "1e9", "1.5.5", "1,5", " 1", "1 ", "1s", "0x1",
                                      "253402300800", "99999999999999999999"}) {
    EXPECT_FALSE(parse_unix_seconds(text)) << text;
  }
}

TEST(UnixSeconds, RoundDown) {
  EXPECT_EQ(to_unix_seconds(at(1'999'999)), 1);
  EXPECT_EQ(to_unix_seconds(at(-1)), -1);
}

TEST(ManualClock, StandsStillUntilItIsMoved) {
  ManualClock clock(at(5));
  EXPECT_EQ(clock.now(), at(5));
  EXPECT_EQ(clock.now(), at(5));
  clock.advance(1h);
  EXPECT_EQ(clock.now(), at(5) + 1h);
}

TEST(SystemClock, TellsTheTimeOfTheSystem) {
  const auto before = std::chrono::system_clock::now();
  const Time now = SystemClock().now();
  EXPECT_GE(now + 1us, before);
  EXPECT_LE(now, std::chrono::system_clock::now());
}

}  // namespace
}  // namespace gatehouse::base
