#include "wire/reading_test.h"

#include <gmock/gmock.h>

namespace gatehouse::wire {
namespace {

using namespace example;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Leaves, RefusesEveryOtherTypeForAString) {
  for (const char* json : {"1", "1.5", "true", "null", "[]", R"(["a"])", "{}", R"({"a":"b"})"}) {
    EXPECT_THAT(problems_of<std::string>(json), ElementsAre("/value: expected a string")) << json;
    EXPECT_THAT(problems_of<base::Secret>(json), ElementsAre("/value: expected a string")) << json;
    EXPECT_THAT(problems_of<base::EmailAddress>(json), ElementsAre("/value: expected a string")) << json;
    EXPECT_THAT(problems_of<example::OrganizationId>(json), ElementsAre("/value: expected a string")) << json;
    EXPECT_THAT(problems_of<base::Time>(json), ElementsAre(HasSubstr("/value: expected a time"))) << json;
  }
}

TEST(Leaves, RefusesEveryOtherTypeForAListOrAnObject) {
  for (const char* json : {"1", "true", "null", R"("a")", "{}"}) {
    EXPECT_THAT(problems_of<std::vector<std::string>>(json), ElementsAre("/value: expected an array")) << json;
  }
  for (const char* json : {"1", "true", "null", R"("a")", "[]"}) {
    EXPECT_THAT(problems_of<Small>(json), ElementsAre("/value: expected an object")) << json;
  }
  EXPECT_THAT(problems(read_form<One<Small>>("value=a")), ElementsAre("/value: expected an object"));
  EXPECT_THAT(problems(read_query<One<std::vector<std::string>>>({{"value", "a"}})),
              ElementsAre("?value: expected an array"));
}

TEST(Leaves, TakesOnlyIntegersForIntegers) {
  EXPECT_EQ(read_json<One<std::int64_t>>(R"({"value":9223372036854775807})")->value, 9223372036854775807);
  EXPECT_EQ(read_json<One<std::int64_t>>(R"({"value":-9223372036854775808})")->value,
            std::numeric_limits<std::int64_t>::min());
  for (const char* json : {"1.0", "1e3", "1E0", "-0.0", "9223372036854775808", "18446744073709551616",
                           "-9223372036854775809", "1e400000", R"("1")", "true", "null", "[1]"}) {
    EXPECT_THAT(problems_of<std::int64_t>(json), ElementsAre(HasSubstr("/value: expected an integer"))) << json;
  }
  EXPECT_EQ(read_query<Period>({{"limit", "200"}})->limit, 200);
  for (const char* text : {"1.0", "1e3", "+1", "01", " 1", "1 ", "0x1", "-", "99999999999999999999", "١"}) {
    EXPECT_THAT(problems(read_query<Period>({{"limit", text}})), ElementsAre(HasSubstr("?limit: expected an integer")))
        << text;
  }
  EXPECT_THAT(problems(read_query<Period>({{"limit", "0"}})), ElementsAre("?limit: is out of range: from 1 to 200"));
}

TEST(Leaves, TakesOnlyTheTwoWordsForBooleans) {
  EXPECT_EQ(read_query<Period>({{"deep", "true"}})->deep, true);
  for (const char* text : {"TRUE", "1", "0", "on", "yes"}) {
    EXPECT_THAT(problems(read_query<Period>({{"deep", text}})), ElementsAre("?deep: expected true or false")) << text;
  }
  for (const char* json : {"1", "0", R"("true")", "null"}) {
    EXPECT_THAT(problems_of<bool>(json), ElementsAre("/value: expected true or false")) << json;
  }
}

TEST(Leaves, TakesUnixSecondsOrRfc3339ForAParsedTime) {
  using ParsedTime = One<base::ParsedTime>;
  for (const char* json :
       {"1700000000", R"("1700000000")", R"("2023-11-14T22:13:20Z")", R"("2023-11-15T00:13:20+02:00")"}) {
    const auto result = read_json<ParsedTime>(R"({"value":)" + std::string(json) + "}");
    ASSERT_TRUE(result) << json;
    EXPECT_EQ(base::to_unix_seconds(result->value.time), 1700000000) << json;
    EXPECT_EQ(result->value.precision, std::chrono::seconds(1)) << json;
  }
  EXPECT_EQ(read_query<Period>({{"from", "1700000000"}})->from->time, base::Time(std::chrono::seconds(1700000000)));
  EXPECT_EQ(read_json<ParsedTime>(R"({"value":"2023-11-14T22:13:20.5Z"})")->value.precision,
            std::chrono::milliseconds(100));
  EXPECT_EQ(read_json<ParsedTime>(R"({"value":253402300799})")->value.time,
            base::Time(std::chrono::seconds(253402300799)));
  for (const char* json : {"-1", "-1.5", "253402300800", "9223372036854775807", "1e9", "true", "null", "[]", R"("")",
                           R"("99999999999999999999")", R"("tomorrow")", R"("2023-02-30T00:00:00Z")"}) {
    EXPECT_THAT(problems_of<base::ParsedTime>(json),
                ElementsAre(HasSubstr("/value: expected a time up to the year 9999: Unix")))
        << json;
  }
  EXPECT_THAT(problems(read_query<Period>({{"from", "2026-01-01T00:00:00 02:00"}})), ElementsAre(HasSubstr("%2B")));
}

TEST(Leaves, TakesAFractionOfAUnixSecondAsPythonAndJavaScriptSendIt) {
  using ParsedTime = One<base::ParsedTime>;
  const base::Time half(std::chrono::milliseconds(1'700'000'000'500));
  EXPECT_EQ(read_query<Period>({{"from", "1700000000.5"}})->from->time, half);
  EXPECT_EQ(read_query<Period>({{"from", "1700000000.5000001"}})->from->time, half);
  EXPECT_EQ(read_json<ParsedTime>(R"({"value":1700000000.5})")->value.time, half);
  EXPECT_EQ(read_json<ParsedTime>(R"({"value":1700000000.5})")->value.precision, std::chrono::milliseconds(100));
}

TEST(Leaves, TakesADayAndWhatWasBefore1970ForAParsedTime) {
  const auto day = read_query<Period>({{"from", "2023-11-14"}})->from;
  EXPECT_EQ(base::to_rfc3339(day->time), "2023-11-14T00:00:00.000Z");
  EXPECT_EQ(day->precision, std::chrono::days(1));
  EXPECT_EQ(base::to_rfc3339(read_query<Period>({{"from", "0001-01-01T00:00:00Z"}})->from->time),
            "0001-01-01T00:00:00.000Z");
  EXPECT_EQ(base::to_rfc3339(read_query<Period>({{"from", "1969-12-31"}})->from->time), "1969-12-31T00:00:00.000Z");
  for (const char* text : {"2023-02-29", "2023-11-1", "2023-11", "20231114T", "10000-01-01", "2023-11-14Z"}) {
    EXPECT_THAT(problems(read_query<Period>({{"from", text}})), ElementsAre(HasSubstr("up to the year 9999"))) << text;
  }
  EXPECT_THAT(problems_of<base::Time>(R"("0001-01-01T00:00:00Z")"), ElementsAre(HasSubstr("1970 to 9999")));
}

TEST(Leaves, CountsLengthInCodePoints) {
  auto with_name = [](const std::string& name) {
    std::string json = everything_json();
    json.replace(json.find("Ädä"), std::string("Ädä").size(), name);
    return problems(read_json<Everything>(json));
  };
  EXPECT_THAT(with_name("😀😀😀😀😀"), ElementsAre("accepted"));
  EXPECT_THAT(with_name(R"(\ud83d\ude00\ud83d\ude00)"), ElementsAre("accepted"));
  EXPECT_THAT(with_name("😀😀😀😀😀😀"), ElementsAre("/name: is too long: at most 5 characters"));
  EXPECT_THAT(with_name("😀"), ElementsAre("/name: is too short: at least 2 characters"));
  EXPECT_THAT(problems(read_form<Invited>("email=a@example.com&role=")),
              ElementsAre("/role: is too short: at least 1 character"));
}

}  // namespace
}  // namespace gatehouse::wire
