#include "wire/json_object.h"

#include "wire/reading_test.h"
#include "wire/schema.h"
#include "wire/write.h"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>

namespace gatehouse::wire {
namespace {

using example::One;
using example::problems_of;
using example::read_json;
using testing::ElementsAre;

std::string kept(std::string_view json) {
  const auto result = read_json<One<JsonObject>>(R"({"value":)" + std::string(json) + "}");
  return result ? result->value.text : "refused";
}

std::string merged(std::string target, std::string patch) {
  return merge_patch({std::move(target)}, {std::move(patch)}).text;
}

TEST(JsonObject, IsKeptWithSortedNamesAndNumbersAsTheyWereSpelled) {
  EXPECT_EQ(kept("{}"), "{}");
  EXPECT_EQ(kept(R"( { "b" : [ 1 , [] , {} , [ {"z":1,"y":2} ] ] , "a" : { "é" : null , "A\u0042" : true } } )"),
            R"({"a":{"AB":true,"é":null},"b":[1,[],{},[{"y":2,"z":1}]]})");
  EXPECT_EQ(kept(R"({"a":1.10,"b":18446744073709551615,"c":-2e3,"d":-7,"e":9223372036854775807})"),
            R"({"a":1.10,"b":18446744073709551615,"c":-2e3,"d":-7,"e":9223372036854775807})");
  EXPECT_EQ(kept(R"({"a":"</script>\n\"\\"})"), R"({"a":"\u003c/script>\n\"\\"})");
  EXPECT_EQ(write(One<JsonObject>{{R"({"a":1})"}}), R"({"value":{"a":1}})");
  EXPECT_EQ(write(One<JsonObject>{}), R"({"value":{}})");
}

TEST(JsonObject, RefusesAllElse) {
  for (const char* const other : {"[]", "1", "\"{}\"", "true"}) {
    EXPECT_THAT(problems_of<JsonObject>(other), ElementsAre("/value: expected a JSON object")) << other;
  }
  EXPECT_THAT(problems(example::read_form<One<JsonObject>>("value={}")), ElementsAre("/value: expected a JSON object"));
  EXPECT_THAT(problems_of<JsonObject>(R"({"a":{"b":1,"b":2}})"), ElementsAre("/value/a/b: occurs more than once"));
  EXPECT_THAT(problems_of<JsonObject>(R"({"a":[1e999]})"), ElementsAre("/value: holds a number that is out of range"));
  EXPECT_THAT(problems_of<JsonObject>("{\"a\":\"\\u0000\"}"), ElementsAre("malformed_request"));
  EXPECT_THAT(problems_of<JsonObject>("{\"\xff\":1}"), ElementsAre("malformed_request"));
}

TEST(JsonObject, ComesFromTextOfElsewhereUnderTheSameRules) {
  EXPECT_EQ(read_json_object(R"({"b":1, "a":2})")->text, R"({"a":2,"b":1})");
  for (const char* const other : {"", "[]", "null", "x", R"({"a":1,"a":2})", "{}{}", R"({"a":1e999})"}) {
    EXPECT_FALSE(read_json_object(other)) << other;
  }
}

// The examples of RFC 7396, appendix A, that are about objects.
TEST(JsonObject, IsMergedAsTheStandardSays) {
  EXPECT_EQ(merged(R"({"a":"b"})", R"({"a":"c"})"), R"({"a":"c"})");
  EXPECT_EQ(merged(R"({"a":"b"})", R"({"b":"c"})"), R"({"a":"b","b":"c"})");
  EXPECT_EQ(merged(R"({"a":"b"})", R"({"a":null})"), "{}");
  EXPECT_EQ(merged(R"({"a":"b","b":"c"})", R"({"a":null})"), R"({"b":"c"})");
  EXPECT_EQ(merged(R"({"a":["b"]})", R"({"a":"c"})"), R"({"a":"c"})");
  EXPECT_EQ(merged(R"({"a":"c"})", R"({"a":["b"]})"), R"({"a":["b"]})");
  EXPECT_EQ(merged(R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})"), R"({"a":{"b":"d"}})");
  EXPECT_EQ(merged(R"({"a":[{"b":"c"}]})", R"({"a":[1]})"), R"({"a":[1]})");
  EXPECT_EQ(merged(R"({"e":null})", R"({"a":1})"), R"({"a":1,"e":null})");
  EXPECT_EQ(merged("{}", R"({"a":{"bb":{"ccc":null}}})"), R"({"a":{"bb":{}}})");
  EXPECT_EQ(merged(R"({"b":1,"d":2})", R"({"a":0,"c":[null],"e":3})"), R"({"a":0,"b":1,"c":[null],"d":2,"e":3})");
}

TEST(JsonObject, TellsItsExtent) {
  const auto extent = [](const char* text) {
    const JsonExtent of = extent_of({text});
    return std::pair(of.members, of.depth);
  };
  EXPECT_EQ(extent("{}"), std::pair(std::size_t(0), std::size_t(1)));
  EXPECT_EQ(extent(R"({"a":1,"b":{"c":1,"d":1}})"), std::pair(std::size_t(2), std::size_t(2)));
  EXPECT_EQ(extent(R"({"a":[[{}]]})"), std::pair(std::size_t(1), std::size_t(4)));
}

TEST(JsonObject, IsAnyObjectInASchema) {
  boost::json::object components;
  EXPECT_EQ(schema<JsonObject>(components, Side::input), boost::json::parse(R"({"type":"object"})"));
  EXPECT_EQ(example_value(shape_of<JsonObject>(), R"({"a":1})"), boost::json::parse(R"({"a":1})"));
}

}  // namespace
}  // namespace gatehouse::wire
