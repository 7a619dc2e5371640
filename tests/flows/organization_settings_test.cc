#include "domain/organization_update.h"
#include "tests/support/flow_test.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

class OrganizationSettings : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    ada_ = found("ada@acme.example", "Acme");
    token_ = access_token(ada_.email);
    target_ = "/v1/organizations/" + ada_.organization_id;
  }

  Reply send(const std::string& token, const std::string& body, const std::string& etag = {}) {
    Call call{.method = "PATCH", .target = target_, .token = token, .body = body};
    call.content_type = "application/merge-patch+json";
    if (!etag.empty()) call.headers.emplace_back("If-Match", etag);
    return client().send(call);
  }
  Reply change(const std::string& token, const Object& body, const std::string& etag = {}) {
    return send(token, boost::json::serialize(body), etag);
  }
  Reply patch(const Json& settings) { return change(token_, {{"settings", settings}}); }
  Reply patch_text(std::string_view settings) { return send(token_, R"({"settings":)" + std::string(settings) + "}"); }

  Founder ada_;
  std::string token_, target_;
};

TEST_P(OrganizationSettings, KeepsWhatTheApplicationTellsOfIt) {
  const auto settings = [](const Reply& reply) { return boost::json::serialize(reply.at("/settings")); };
  const Reply before = client().get(target_, token_);
  EXPECT_EQ(settings(before), "{}");
  EXPECT_EQ(settings(client().post("/v1/organizations", {{"name", "Zenith"}}, token_)), "{}");

  const Reply first = patch_text(R"({"theme":{"color":"teal","logo":null},"plan":"team","seats":[1,2]})");
  ASSERT_EQ(first.status, 200) << first;
  EXPECT_EQ(settings(first), R"({"plan":"team","seats":[1,2],"theme":{"color":"teal"}})");
  EXPECT_NE(first.header("etag"), before.header("etag"));
  EXPECT_EQ(settings(patch_text(R"({"plan":null,"theme":{"logo":"a.svg"},"rate":1.50})")),
            R"({"rate":1.5E0,"seats":[1,2],"theme":{"color":"teal","logo":"a.svg"}})");
  const Reply shown = client().get(target_, token_);
  EXPECT_THAT(shown.body, testing::HasSubstr(R"("settings":{"rate":1.50,"seats":[1,2],"theme":{)"));
  expect_problem(change(token_, {{"settings", Object{{"a", 1}}}}, before.header("etag")), 412, "precondition_failed");
  EXPECT_EQ(client().get(target_, token_).body, shown.body);
  EXPECT_EQ(change(token_, {{"name", "Acme 2"}}).at("/settings"), shown.at("/settings"));
  EXPECT_EQ(settings(patch(nullptr)), "{}");
  EXPECT_EQ(client().get("/v1/organizations", token_).body.find("settings"), std::string::npos);
}

TEST_P(OrganizationSettings, RefusesSettingsThatAreTooMuch) {
  Object many;
  for (int i = 0; i < 64; ++i) many["key" + std::to_string(i)] = i;
  ASSERT_EQ(patch(many).status, 200);
  expect_field_problem(patch(Object{{"one more", 1}}), "/settings");
  EXPECT_EQ(patch(Object{{"key0", nullptr}, {"one more", 1}}).status, 200) << "what counts is what is kept";
  EXPECT_EQ(patch(nullptr).status, 200);

  const std::string text(domain::kSettingsBytes - std::string_view(R"({"a":""})").size(), 'x');
  EXPECT_EQ(patch(Object{{"a", text}}).status, 200);
  expect_field_problem(patch(Object{{"a", text + "x"}}), "/settings");
  expect_field_problem(patch(Object{{"b", 1}}), "/settings");
  EXPECT_EQ(patch(nullptr).status, 200);

  Json deep = Object{};
  for (int level = 1; level < 8; ++level) deep = Object{{"a", deep}};
  EXPECT_EQ(patch(deep).status, 200);
  expect_field_problem(patch(Object{{"b", deep}}), "/settings");
  for (const Json& other : {Json(boost::json::array{}), Json("{}"), Json(1)}) {
    expect_field_problem(patch(other), "/settings");
  }
  expect_problem(patch(Object{{"a", std::string(1, '\0')}}), 400, "malformed_request");
  join(ada_, "bob@acme.example");
  const std::string plain = access_token("bob@acme.example");
  expect_problem(change(plain, {{"settings", Object{}}}), 403, "forbidden");
  EXPECT_EQ(client().get(target_, plain).at("/settings"), deep) << "every member sees them";
}

GATEHOUSE_ON_BOTH_DATABASES(OrganizationSettings);

}  // namespace gatehouse::tests
