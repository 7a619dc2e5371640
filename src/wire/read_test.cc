#include "wire/read.h"

#include "wire/reading_test.h"

#include <gmock/gmock.h>

namespace gatehouse::wire {
namespace {

using namespace example;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

struct Outer {
  std::optional<Small> inner;
  std::optional<std::vector<Small>> list;
  static constexpr auto fields() {
    return wire::fields(wire::field("inner", &Outer::inner), wire::field("list", &Outer::list));
  }
};

struct Nothing {
  static constexpr auto fields() { return wire::fields(); }
};

TEST(Read, TakesEveryKindOfMemberFromJson) {
  const auto result = read_json<Everything>(everything_json());
  ASSERT_THAT(problems(result), ElementsAre("accepted"));
  EXPECT_EQ(result->name, "Ädä");
  EXPECT_EQ(result->password.reveal(), "correct horse");
  EXPECT_EQ(result->email.text, "ada@example.com");
  EXPECT_EQ(result->organization.to_string(), kOrganization);
  EXPECT_TRUE(result->active);
  EXPECT_EQ(result->count, 42);
  EXPECT_EQ(base::to_rfc3339(result->at), "2026-11-22T11:50:34.123Z");
  EXPECT_EQ(base::to_unix_seconds(result->from.time), 1700000000);
  EXPECT_EQ(result->from.precision, std::chrono::seconds(1));
  EXPECT_EQ(result->color, "red");
  EXPECT_EQ(result->size, std::nullopt);
  EXPECT_THAT(result->members, ElementsAre(Invited{{"bob@example.com"}, "admin"}));
  EXPECT_THAT(*result->tags, ElementsAre("x", "yy"));
}

TEST(Read, TakesLeavesFromAFormAndDecodesThem) {
  const auto result = read_form<Small>("&a=1%2B1+%3D%20%C3%A4&&b=x=y&");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->a, "1+1 = ä");
  EXPECT_EQ(result->b, "x=y");
}

TEST(Read, TakesLeavesFromQueryAndPathTogether) {
  const Pairs query{{"from", "2026-01-01T00:00:00Z"}, {"deep", "false"}, {"limit", "50"}};
  const Pairs path{{"organization_id", std::string(kOrganization)}};
  const auto result = read<Period>(Source{.query = query, .path = path, .fields_in_query = true});
  ASSERT_THAT(problems(result), ElementsAre("accepted"));
  EXPECT_EQ(result->organization_id->to_string(), kOrganization);
  EXPECT_EQ(base::to_rfc3339(result->from->time), "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(result->deep, false);
  EXPECT_EQ(result->limit, 50);
}

TEST(Read, TakesBodyPathAndQueryAsOneRequest) {
  const Pairs query{{"b", "2"}};
  const auto result = read<Small>(
      Source{.body_kind = Source::Body::json, .body = R"({"a":"1"})", .query = query, .fields_in_query = true});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->a, "1");
  EXPECT_EQ(result->b, "2");
}

TEST(Read, NullAbsentAndEmptyInputsOfFormsMeanNothing) {
  EXPECT_EQ(read_json<Small>(R"({"a":null})")->a, std::nullopt);
  EXPECT_EQ(read_json<Small>("{}")->a, std::nullopt);
  EXPECT_EQ(read_json<Small>(R"({"a":""})")->a, "");
  EXPECT_EQ(read_form<Small>("a=&b")->a, std::nullopt);
  EXPECT_EQ(read_form<Small>("")->a, std::nullopt);
  EXPECT_EQ(read_query<Period>({{"from", ""}, {"limit", ""}})->limit, std::nullopt);
  EXPECT_TRUE(read<Nothing>(Source{}));
}

TEST(Read, RefusesWhatIsNoJsonObjectAsMalformed) {
  using namespace std::literals;
  const std::vector<std::pair<std::string_view, std::string_view>> cases{
      {"", "empty"},
      {" ", "too early"},
      {"null", "must be a JSON object"},
      {"[]", "must be a JSON object"},
      {R"("a")", "must be a JSON object"},
      {"{", "too early"},
      {R"({"a":"1")", "too early"},
      {R"({"a":"1)", "too early"},
      {"{}{}", "something follows"},
      {"{} x", "something follows"},
      {R"({"a":"1",})", "not valid JSON"},
      {R"({"a" "1"})", "not valid JSON"},
      {R"({a:"1"})", "not valid JSON"},
      {R"({'a':'1'})", "not valid JSON"},
      {R"({"a":"1"/**/})", "not valid JSON"},
      {R"({"a":01})", "not valid JSON"},
      {R"({"a":+1})", "not valid JSON"},
      {R"({"a":.5})", "not valid JSON"},
      {R"({"a":1.})", "not valid JSON"},
      {R"({"a":NaN})", "not valid JSON"},
      {R"({"a":Infinity})", "not valid JSON"},
      {R"({"a":True})", "not valid JSON"},
      {"{\"a\":\"\n\"}", "not valid JSON"},
      {R"({"a":"\x41"})", "not valid JSON"},
      {R"({"a":"\ud800"})", "not valid JSON"},
      {R"({"a":"\udc00\ud800"})", "not valid JSON"},
      {R"({"a":"\u00zz"})", "not valid JSON"},
      {"\xef\xbb\xbf{}", "not valid JSON"},
      {"{\"a\":\"\xff\"}", "not valid UTF-8"},
      {"{\"a\":\"\xc0\xaf\"}", "not valid UTF-8"},
      {"{\"a\":\"\xed\xa0\x80\"}", "not valid UTF-8"},
      {"{\"a\":\"\xf4\x90\x80\x80\"}", "not valid UTF-8"},
      {"{\"a\":\"\xe2\x82\"}", "not valid UTF-8"},
      {"{\"\xc3\":\"\"}", "not valid UTF-8"},
      {R"({"a":"\u0000"})", "NUL"},
      {R"({"a":"x\u0000y"})", "NUL"},
      {R"({"\u0000":1})", "NUL"},
      {R"({"z":[{"y":"\u0000"}]})", "NUL"},
      {"{\"a\":\"\0\"}"sv, "not valid JSON"},
      {"{}\0"sv, "something follows"},
      {"a=1&b=2", "not valid JSON"},
  };
  for (const auto& [body, detail] : cases) {
    const auto result = read_json<Small>(body);
    ASSERT_FALSE(result) << body;
    EXPECT_EQ(result.error().code, &base::kMalformedRequest) << body;
    EXPECT_THAT(result.error().detail, HasSubstr(detail)) << body;
    EXPECT_THAT(result.error().problems, IsEmpty()) << body;
  }
}

TEST(Read, RefusesBrokenTextOutsideOfJsonAsMalformed) {
  using namespace std::literals;
  for (const std::string_view body :
       {"a=%"sv, "a=%4"sv, "a=%zz"sv, "%ff=1"sv, "a=%ff"sv, "a=%00"sv, "a=\xc3"sv, "a=\0"sv}) {
    EXPECT_THAT(problems(read_form<Small>(body)), ElementsAre("malformed_request")) << body;
  }
  EXPECT_THAT(problems(read_query<Small>({{"a", "\xff"}})), ElementsAre("malformed_request"));
  EXPECT_THAT(problems(read_query<Small>({{"a", std::string(1, '\0')}})), ElementsAre("malformed_request"));
  EXPECT_THAT(problems(read_query<Small>({{"\xff", ""}})), ElementsAre("malformed_request"));
  const Pairs path{{"a", "\xff"}};
  EXPECT_THAT(problems(read<Small>(Source{.path = path})), ElementsAre("malformed_request"));
}

TEST(Read, TellsAllProblemsAtOnce) {
  const auto result = read_json<Everything>(
      R"({"name":"A","password":"short","email":"no","organization":"usr_01h455vb4pex5vsknk084sn02q","active":"true",)"
      R"("count":101,"at":"yesterday","from":"-1","color":"pink","size":1.0,)"
      R"("members":[{"email":"b@example.com","role":""},{"role":7,"x/~y":1}],"tags":["long!",null],"admin":true})");
  EXPECT_THAT(
      problems(result),
      UnorderedElementsAre(
          "/name: is too short: at least 2 characters", "/password: is too short: at least 8 characters",
          "/email: expected an email address, such as ada@example.com",
          "/organization: expected the id of an organization, which begins with org_",
          "/active: expected true or false", "/count: is out of range: from 1 to 100",
          HasSubstr("/at: expected a time in RFC 3339"), HasSubstr("/from: expected a time up to the year 9999"),
          "/color: expected one of: red, green, blue", HasSubstr("/size: expected an integer"),
          "/members/0/role: is too short: at least 1 character", "/members/1/role: expected a string",
          "/members/1/email: is required", "/members/1/x~1~0y: unknown field; allowed are email, role",
          "/tags/0: is too long: at most 3 characters", "/tags/1: expected a string",
          HasSubstr("/admin: unknown field; allowed are name, password, email, organization,")));
}

TEST(Read, NamesEveryMissingField) {
  EXPECT_THAT(pointers(read_json<Everything>("{}")), ElementsAre("/name", "/password", "/email", "/organization",
                                                                 "/active", "/count", "/at", "/from", "/members"));
  EXPECT_THAT(problems(read_query<One<std::string>>({})), ElementsAre("?value: is required"));
  EXPECT_THAT(problems(read_form<One<std::string>>("")), ElementsAre("/value: is required"));
}

TEST(Read, NeverRepeatsAValue) {
  const std::string secret = "hunter2";
  const auto result = read_json<Everything>(
      R"({"name":"hunter2","password":"hunter2","email":"hunter2","organization":"hunter2","active":"hunter2",)"
      R"("count":"hunter2","at":"hunter2","from":"hunter2","color":"hunter2","size":"hunter2","members":["hunter2"],)"
      R"("tags":["hunter2"],"other":"hunter2"})");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().problems.size(), 13);
  EXPECT_THAT(result.error().detail, Not(HasSubstr(secret)));
  for (const auto& problem : result.error().problems) EXPECT_THAT(problem.detail, Not(HasSubstr(secret)));
}

TEST(Read, ReportsEachNameThatOccursTwiceOnce) {
  EXPECT_THAT(problems(read_json<Small>(R"({"a":"1","b":"2","a":"1","\u0061":"3"})")),
              ElementsAre("/a: occurs more than once"));
  EXPECT_THAT(problems(read_json<Outer>(R"({"inner":{"a":"1","a":"2"},"list":[{},{"b":"1","b":"1","b":"1"}]})")),
              UnorderedElementsAre("/inner/a: occurs more than once", "/list/1/b: occurs more than once"));
  EXPECT_THAT(pointers(read_json<Small>(R"({"x":[0,[{"y":{"~":1,"~":2}}]]})")),
              UnorderedElementsAre("/x", "/x/1/0/y/~0"));
  EXPECT_THAT(problems(read_form<Small>("a=1&b=2&a=1&%61=1")), ElementsAre("/a: occurs more than once"));
  EXPECT_THAT(problems(read_query<Small>({{"a", "1"}, {"b", ""}, {"a", "1"}})),
              ElementsAre("?a: occurs more than once"));
  EXPECT_THAT(problems(read_query<Small>({{"a", "1"}, {"a", ""}})), ElementsAre("?a: occurs more than once"));
  const Pairs path{{"a", "1"}, {"a", "1"}};
  EXPECT_THAT(problems(read<Small>(Source{.path = path})), ElementsAre("{a}: occurs more than once"));
}

TEST(Read, RefusesAFieldThatComesFromTwoPlaces) {
  const Pairs a{{"a", "1"}};
  const Pairs twice{{"a", "1"}, {"a", "1"}};
  const std::string_view body = R"({"a":"1"})";
  const auto json = Source::Body::json;
  EXPECT_THAT(problems(read<Small>(Source{.body_kind = json, .body = body, .query = a, .fields_in_query = true})),
              ElementsAre("?a: is given in the body as well as in the query"));
  EXPECT_THAT(problems(read<Small>(Source{.body_kind = json, .body = body, .path = a})),
              ElementsAre("{a}: is given in the body as well as in the path"));
  EXPECT_THAT(problems(read<Small>(Source{.query = twice, .path = a, .fields_in_query = true})),
              ElementsAre("?a: occurs more than once", "{a}: is given in the query as well as in the path"));
}

TEST(Read, KnowsNoQueryWhereTheRowReadsNone) {
  const Pairs query{{"a", "1"}, {"utm", "x"}};
  const Source source{.body_kind = Source::Body::json, .body = R"({"a":"1"})", .query = query};
  EXPECT_THAT(problems(read<Small>(source)),
              ElementsAre(HasSubstr("?a: unknown parameter"), HasSubstr("?utm: unknown parameter")));
}

TEST(Read, RefusesUnknownFieldsFromEverywhere) {
  EXPECT_THAT(problems(read_json<Small>(R"({"A":"1"})")), ElementsAre("/A: unknown field; allowed are a, b"));
  EXPECT_THAT(problems(read_json<Small>(R"({"":"1"})")), ElementsAre("/: unknown field; allowed are a, b"));
  EXPECT_THAT(problems(read_form<Small>("c")), ElementsAre("/c: unknown field; allowed are a, b"));
  EXPECT_THAT(problems(read_query<Small>({{"c", ""}})), ElementsAre("?c: unknown field; allowed are a, b"));
  EXPECT_THAT(problems(read_json<Nothing>(R"({"c":1})")), ElementsAre("/c: unknown field; none is allowed"));
  const Pairs path{{"c", "1"}};
  EXPECT_THAT(problems(read<Small>(Source{.path = path})), ElementsAre("{c}: unknown field; allowed are a, b"));
}

TEST(Read, DoesNotOfferAFieldThatThePathHoldsAlready) {
  const Pairs a{{"a", "1"}};
  const Pairs both{{"a", "1"}, {"b", "1"}};
  const Pairs query{{"c", ""}};
  const Source body{.body_kind = Source::Body::json, .body = R"({"c":"1"})", .path = a};
  EXPECT_THAT(problems(read<Small>(body)), ElementsAre("/c: unknown field; allowed are b"));
  EXPECT_THAT(problems(read<Small>(Source{.query = query, .path = a, .fields_in_query = true})),
              ElementsAre("?c: unknown field; allowed are b"));
  EXPECT_THAT(problems(read<Small>(Source{.query = query, .path = both, .fields_in_query = true})),
              ElementsAre("?c: unknown field; none is allowed"));
}

TEST(Read, StopsToListProblemsBeforeTheAnswerGrowsWithThem) {
  std::string body = "{";
  for (int i = 0; i < 5000; ++i) body += "\"k" + std::to_string(i) + "\":1,";
  body.back() = '}';
  const auto many = read_json<Small>(body);
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error().problems.size(), 100);
  EXPECT_THAT(many.error().detail, HasSubstr("more problems"));

  std::string deep = R"({")" + std::string(20000, 'k') + R"(":{)";
  for (int i = 0; i < 1000; ++i) deep += "\"k" + std::to_string(i) + "\":1,\"k" + std::to_string(i) + "\":1,";
  deep.back() = '}';
  const auto large = read_json<Small>(deep + "}");
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, &base::kInvalidRequest);
  EXPECT_LE(large.error().problems.size(), 3);
}

}  // namespace
}  // namespace gatehouse::wire
