#include "tests/support/flow_test.h"
#include "tests/support/json_schema.h"
#include "tests/support/openapi_validator.h"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>

namespace gatehouse::tests {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr auto kAllowed = Unlisted::allowed;
constexpr auto kRefused = Unlisted::refused;

Json parse(std::string_view text) { return boost::json::parse(boost::json::string_view(text.data(), text.size())); }

std::vector<std::string> problems(std::string_view schema, std::string_view value, Unlisted unlisted = kAllowed) {
  static const Json document = parse(R"({"parts": {"Id": {"type": "string", "pattern":
      "^org_[0-7][0-9a-hjkmnp-tv-z]{25}$"}}})");
  return schema_problems(document, parse(schema), parse(value), unlisted);
}

TEST(SchemaProblems, EachKeywordTakesAndRefuses) {
  const std::vector<std::array<std::string_view, 3>> cases{
      {R"({"type": "string"})", R"("a")", "1"},
      {R"({"type": "integer"})", "18446744073709551615", "1.5"},
      {R"({"type": "boolean"})", "false", "null"},
      {R"({"type": "array", "items": {"type": "integer"}})", "[1, 2]", R"([1, "2"])"},
      {R"({"type": ["string", "null"]})", "null", "{}"},
      {R"({"type": "object", "properties": {"a": {"type": "integer"}}})", R"({"a": 1, "b": 2})", R"({"a": "1"})"},
      {R"({"type": "object", "required": ["a"]})", R"({"a": null})", R"({"b": 1})"},
      {R"({"properties": {"a": {}}, "additionalProperties": false})", R"({"a": 1})", R"({"a": 1, "b": 1})"},
      {R"({"type": "object", "additionalProperties": {"type": "integer"}})", R"({"x": 1})", R"({"x": "1"})"},
      {R"({"enum": ["a", null]})", "null", R"("b")"},
      {R"({"const": 7})", "7", "8"},
      {R"({"format": "date-time"})", R"("2026-11-22T11:50:34.000Z")", R"("yesterday")"},
      {R"({"format": "email"})", R"("ada@example.com")", R"("ada")"},
      {R"({"minLength": 2})", R"("éé")", R"("é")"},
      {R"({"maxLength": 2})", R"("éé")", R"("ééé")"},
      {R"({"minimum": 1})", "1", "0"},
      {R"({"maximum": 1})", "1", "2"},
      {R"({"anyOf": [{"type": "integer"}, {"type": "null"}]})", "null", R"("a")"},
      {R"({"oneOf": [{"minimum": 1}, {"minimum": 5}]})", "3", "7"},
      {R"({"$ref": "#/parts/Id"})", R"("org_01kams5vygfpj9x3m7c0w2r8td")", R"("usr_01kams5vygfpj9x3m7c0w2r8td")"},
      {R"({"$ref": "#/parts/Id"})", R"("org_01kams5vygfpj9x3m7c0w2r8td")", R"("org_81kams5vygfpj9x3m7c0w2r8td")"},
  };
  for (const auto& [schema, right, wrong] : cases) {
    EXPECT_THAT(problems(schema, right), IsEmpty()) << schema;
    EXPECT_EQ(problems(schema, wrong).size(), 1u) << schema;
  }
}

TEST(SchemaProblems, NamesThePlaceAndFindsAll) {
  constexpr std::string_view kSchema = R"({"type": "object", "properties": {"list": {"type": "array", "items":
      {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}}}})";
  EXPECT_THAT(problems(kSchema, R"({"list": [{"a": 1}, {"a": "1"}, {}]})"),
              UnorderedElementsAre(HasSubstr("/list/1/a is against type"), "/list/2 lacks a"));
  EXPECT_THAT(problems(kSchema, R"({"list": [{"a": 1, "b": 2}]})", kRefused),
              UnorderedElementsAre("/list/0 has a member that is not listed: b"));
}

TEST(SchemaProblems, WhatIsNotCheckedIsNoSchema) {
  for (const std::string_view schema :
       {R"({"multipleOf": 2})", R"({"format": "ipv4"})", R"({"pattern": "^a+$"})", R"({"type": "text"})"}) {
    EXPECT_THROW(problems(schema, R"("a")"), std::logic_error) << schema;
  }
}

/// The exchanges of a sign-up and what comes of it, held against documents that are wrong in one place.
class OpenApi : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    document_ = client().get("/openapi.json").json;
  }

  Json& at(std::string_view pointer) {
    return document_.at_pointer(boost::json::string_view(pointer.data(), pointer.size()));
  }
  std::vector<std::string> judge(const Call& call) {
    const OpenApiValidator validator(boost::json::serialize(document_));
    return validator.problems(call, client().send(call));
  }
  static Call sign_up_call() {
    static int count = 0;
    const Object body{{"email", "ada" + std::to_string(++count) + "@example.com"},
                      {"password", kPassword},
                      {"organization_name", "Acme"}};
    return {.method = "POST", .target = "/signup", .body = boost::json::serialize(body)};
  }

  Json document_;
};

TEST_P(OpenApi, AcceptsWhatItDocuments) {
  EXPECT_THAT(judge(sign_up_call()), IsEmpty());
  EXPECT_THAT(judge({.target = "/v1/session"}), IsEmpty()) << "a refusal";
  EXPECT_THAT(judge({.target = "/nowhere"}), IsEmpty()) << "a refusal of no operation";
}

TEST_P(OpenApi, FindsOperationsAndStatusesThatAreNotDocumented) {
  at("/paths/~1signup/post/responses").as_object().erase("201");
  EXPECT_THAT(judge(sign_up_call()), UnorderedElementsAre("the status is not documented"));
  at("/paths/~1signup").as_object().erase("post");
  EXPECT_THAT(judge(sign_up_call()), UnorderedElementsAre("no such operation is documented"));
  at("/paths/~1v1~1session/get/responses").as_object().erase("401");
  EXPECT_THAT(judge({.target = "/v1/session"}), IsEmpty()) << "as one of the others";
  at("/paths/~1v1~1session/get/responses").as_object().erase("default");
  EXPECT_THAT(judge({.target = "/v1/session"}), UnorderedElementsAre("the status is not documented"));
}

TEST_P(OpenApi, FindsAnswersThatAreOtherThanDocumented) {
  at("/components/schemas/User/properties").as_object().erase("email");
  at("/components/schemas/User/required").as_array().push_back("nickname");
  at("/components/schemas/Organization/properties/slug/type") = "integer";
  EXPECT_THAT(judge(sign_up_call()), UnorderedElementsAre("the answer: /user has a member that is not listed: email",
                                                          "the answer: /user lacks nickname",
                                                          HasSubstr("the answer: /organization/slug is against type")));
  auto& content = at("/paths/~1signup/post/responses/201/content").as_object();
  content["text/csv"] = content.at("application/json");
  content.erase("application/json");
  EXPECT_THAT(judge(sign_up_call()), UnorderedElementsAre("the media type is not documented: application/json"));
}

TEST_P(OpenApi, FindsRefusalsThatAreNoProblems) {
  at("/components/schemas/Problem/properties").as_object().erase("detail");
  EXPECT_THAT(judge({.target = "/nowhere"}),
              UnorderedElementsAre("the refusal: the whole has a member that is not listed: detail"));
  const OpenApiValidator validator(client().get("/openapi.json").body);
  Reply reply = client().get("/nowhere");
  EXPECT_THAT(validator.problems({.target = "/nowhere"}, reply), IsEmpty());
  reply.json.as_object()["code"] = "forbidden";
  EXPECT_THAT(validator.problems({.target = "/nowhere"}, reply),
              UnorderedElementsAre("the refusal: forbidden does not belong to 404"));
}

TEST_P(OpenApi, FindsHeaderFieldsThatAreMissingOrNotDocumented) {
  auto& headers = at("/paths/~1signup/post/responses/201/headers").as_object();
  headers["ETag"] = {{"required", true}, {"schema", {{"type", "string"}}}};
  EXPECT_THAT(judge(sign_up_call()), UnorderedElementsAre("the header field is missing: ETag"));
  const OpenApiValidator validator(boost::json::serialize(document_));
  const Call call = sign_up_call();
  Reply reply = client().send(call);
  reply.headers.emplace_back("etag", "\"7\"");
  reply.headers.emplace_back("link", "</next>; rel=\"next\"");
  EXPECT_THAT(validator.problems(call, reply), UnorderedElementsAre("the header field is not documented: link"));
}

TEST_P(OpenApi, FindsRequestsThatTheDocumentWouldRefuse) {
  at("/components/schemas/SignUpRequest/properties/organization_name/minLength") = 5;
  EXPECT_THAT(judge(sign_up_call()),
              UnorderedElementsAre(HasSubstr("the request: /organization_name is against minLength 5")));
  at("/components/schemas/SignUpRequest/properties").as_object().erase("organization_name");
  EXPECT_THAT(judge(sign_up_call()),
              Contains("the request: the whole has a member that is not listed: organization_name"));
  at("/paths/~1signup/post").as_object().erase("requestBody");
  EXPECT_THAT(judge(sign_up_call()), UnorderedElementsAre("2xx with a body that is not documented"));
  at("/paths/~1healthz/get/security").as_array().push_back(Object{{"bearer", boost::json::array()}});
  EXPECT_THAT(judge({.target = "/healthz"}), UnorderedElementsAre("2xx without a token"));
}

TEST_P(OpenApi, FindsParametersThatTheDocumentWouldRefuse) {
  const Founder ada = sign_up("founder@example.com", "Acme");
  const std::string path = "/v1/organizations/" + ada.organization_id + "/members?limit=2";
  const Call call{.target = path, .token = access_token(ada.email)};
  EXPECT_THAT(judge(call), IsEmpty());
  auto& parameters = at("/paths/~1v1~1organizations~1{organization}~1members/get/parameters").as_array();
  for (Json& parameter : parameters) {
    if (parameter.as_object().contains("$ref")) continue;
    if (parameter.at("name") == "limit") parameter.at("schema").as_object()["maximum"] = 1;
    if (parameter.at("name") == "after") parameter.as_object()["required"] = true;
    if (parameter.at("name") == "organization")
      parameter.at("schema").as_object()["pattern"] = "^usr_[0-7][0-9a-hjkmnp-tv-z]{25}$";
  }
  EXPECT_THAT(judge(call),
              UnorderedElementsAre(HasSubstr("organization: the whole is against pattern"),
                                   HasSubstr("limit: the whole is against "), "2xx without the parameter after"));
  parameters.clear();
  EXPECT_THAT(judge(call), UnorderedElementsAre("2xx with a parameter that is not documented: limit"));
}

TEST_P(OpenApi, AMismatchFailsTheTestThatAsks) {
  at("/paths").as_object().erase("/signup");
  const HttpClient strict(program().program().port(),
                          std::make_shared<OpenApiValidator>(boost::json::serialize(document_)));
  testing::TestPartResultArray results;
  {
    const testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &results);
    strict.send(sign_up_call());
  }
  ASSERT_EQ(results.size(), 1);
  EXPECT_THAT(results.GetTestPartResult(0).message(), HasSubstr("no such operation is documented"));
}

TEST_P(OpenApi, EveryExampleIsAsItsSchemaSays) {
  int count = 0;
  const auto check = [&](const Object& holder) {
    if (!holder.contains("example") || !holder.contains("schema")) return;
    ++count;
    EXPECT_THAT(schema_problems(document_, holder.at("schema"), holder.at("example"), kRefused), IsEmpty())
        << boost::json::serialize(holder);
  };
  const std::function<void(const Json&)> walk = [&](const Json& value) {
    if (value.is_array()) {
      for (const Json& item : value.get_array()) walk(item);
    } else if (value.is_object()) {
      check(value.get_object());
      for (const auto& [name, member] : value.get_object()) walk(member);
    }
  };
  walk(document_);
  EXPECT_GT(count, 50);
}

TEST_P(OpenApi, ATraceIdComesBackInRefusals) {
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const auto ask = [&](const std::string& traceparent) {
    Call call{.target = "/v1/session"};
    if (!traceparent.empty()) call.headers.emplace_back("Traceparent", traceparent);
    const Reply reply = client().send(call);
    expect_problem(reply, 401, "unauthenticated");
    return reply;
  };
  EXPECT_EQ(ask("00-" + trace + "-00f067aa0ba902b7-01").text("/trace_id"), trace);
  EXPECT_FALSE(ask("").has("/trace_id"));
  EXPECT_FALSE(ask("00-" + trace + "-0000000000000000-01").has("/trace_id"));
}

GATEHOUSE_ON_BOTH_DATABASES(OpenApi);

}  // namespace
}  // namespace gatehouse::tests
