#include "tests/support/flow_test.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

namespace {

/// A story can't go on without the answer that it expects.
const Reply& demand(const Reply& reply, int status) {
  if (reply.status != status) throw std::runtime_error("expected " + std::to_string(status) + ": " + reply.body);
  return reply;
}

}  // namespace

Founder FlowTest::sign_up(const std::string& email, const std::string& organization_name) {
  const Reply reply = demand(
      client().post("/signup", {{"email", email}, {"password", kPassword}, {"organization_name", organization_name}}),
      201);
  Founder founder{{email, reply.text("/user/id"), reply.text("/member/id"), reply.text("/organization/id")}, {}};
  for (const Json& role : reply.at("/roles").as_array()) {
    founder.roles[std::string(role.at("key").as_string())] = std::string(role.at("id").as_string());
  }
  return founder;
}

Founder FlowTest::found(const std::string& email, const std::string& organization_name) {
  Founder founder = sign_up(email, organization_name);
  const std::string token = token_in(program().take_letter(email, subject::kWelcome));
  demand(client().post("/v1/email/verify", {{"token", token}}), 200);
  return founder;
}

Reply FlowTest::try_sign_in(const std::string& email, const std::string& password) {
  return client().post("/signin", {{"email", email}, {"password", password}});
}

Tokens FlowTest::sign_in(const std::string& email, const std::string& password, const std::string& organization_id) {
  Object body{{"email", email}, {"password", password}};
  if (!organization_id.empty()) body["organization_id"] = organization_id;
  const Reply reply = demand(client().post("/signin", body), 200);
  return {reply.text("/access_token"), reply.text("/refresh_token")};
}

std::string FlowTest::invite(const std::string& token, const std::string& organization_id, const std::string& email,
                             const std::string& role) {
  demand(client().post("/invite-member", {{"recipient", email}, {"organization_id", organization_id}, {"role", role}},
                       token),
         200);
  return token_in(program().take_letter(email, subject::kInvitation));
}

Person FlowTest::accept(const std::string& invitation_token, const std::string& email, const std::string& password) {
  const Reply reply = demand(
      client().post("/accept-invite", {{"token", invitation_token}, {"email", email}, {"password", password}}), 200);
  return {email, reply.text("/user/id"), reply.text("/member/id"), reply.text("/organization/id")};
}

Person FlowTest::join(const Founder& founder, const std::string& email, const std::string& role) {
  const std::string token = access_token(founder.email, founder.organization_id);
  return accept(invite(token, founder.organization_id, email, role), email);
}

std::string FlowTest::ask_for_reset(const std::string& email) {
  demand(client().post("/reset-password", {{"email", email}}), 200);
  return token_in(program().take_letter(email, subject::kReset));
}

Reply FlowTest::update_role(const std::string& token, const std::string& member_id, const std::string& role_id) {
  return client().put("/update_member_role", {{"member_id", member_id}, {"role_id", role_id}}, token);
}

Reply FlowTest::remove(const std::string& token, const std::string& organization_id, const std::string& user_id) {
  return client().del("/delete_member", {{"org_id", organization_id}, {"user_id", user_id}}, token);
}

Reply FlowTest::refresh(const std::string& refresh_token) {
  return client().post("/v1/token/refresh", {{"refresh_token", refresh_token}});
}

void expect_problem(const Reply& reply, int status, std::string_view code) {
  EXPECT_EQ(reply.status, status) << reply;
  EXPECT_EQ(reply.header("content-type"), "application/problem+json") << reply;
  ASSERT_TRUE(reply.json.is_object()) << reply;
  EXPECT_EQ(reply.number("/status"), status) << reply;
  EXPECT_EQ(reply.text("/code"), code) << reply;
  EXPECT_FALSE(reply.text("/title").empty()) << reply;
  EXPECT_FALSE(reply.text("/detail").empty()) << reply;
  EXPECT_EQ(reply.text("/request_id"), reply.header("x-request-id")) << reply;
  EXPECT_FALSE(reply.header("x-request-id").empty()) << reply;
}

void expect_field_problem(const Reply& reply, std::string_view pointer) {
  expect_problem(reply, 400, "invalid_request");
  ASSERT_TRUE(reply.has("/errors")) << reply;
  std::vector<std::string> pointers;
  for (const Json& error : reply.at("/errors").as_array()) {
    pointers.emplace_back(error.at("pointer").as_string());
    EXPECT_FALSE(error.at("detail").as_string().empty()) << reply;
  }
  EXPECT_THAT(pointers, testing::Contains(std::string(pointer))) << reply;
}

}  // namespace gatehouse::tests
