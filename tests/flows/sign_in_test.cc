#include "tests/support/flow_test.h"

#include "domain/operators.h"
#include "store/ids.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

class SignIn : public FlowTest {
 protected:
  Reply sign_in_to(const std::string& email, const std::string& organization_id) {
    return client().post("/signin", {{"email", email}, {"password", kPassword}, {"organization_id", organization_id}});
  }
  void create_operator(const std::string& email) {
    const auto made = domain::create_operator(program().services(), *base::parse_email(email), base::Secret(kPassword));
    ASSERT_TRUE(made);
  }
};

TEST_P(SignIn, TheOldestOrganizationThenTheLastUsedOne) {
  const Founder acme = found("ada@acme.example", "Acme");
  program().advance(std::chrono::minutes(1));
  const Founder grace = found("grace@own.example", "Own");
  program().advance(std::chrono::minutes(1));
  accept(invite(access_token(acme.email), acme.organization_id, grace.email), grace.email);
  EXPECT_EQ(try_sign_in(grace.email).text("/organization/id"), grace.organization_id) << "the oldest";
  EXPECT_EQ(sign_in_to(grace.email, acme.organization_id).text("/organization/id"), acme.organization_id) << "asked";
  const Reply again = try_sign_in(grace.email);
  EXPECT_EQ(again.text("/organization/id"), acme.organization_id) << "the last used";
  ASSERT_EQ(again.at("/organizations").as_array().size(), 2u);

  ASSERT_EQ(remove(access_token(acme.email), acme.organization_id, grace.user_id).status, 200);
  EXPECT_EQ(try_sign_in(grace.email).text("/organization/id"), grace.organization_id) << "what is left";
}

TEST_P(SignIn, AnOrganizationThatIsNotTheirsIsNotThereAndOnlyAfterThePassword) {
  found("ada@acme.example", "Acme");
  const Founder eve = found("eve@evil.example", "Evil");
  const Reply foreign = sign_in_to("ada@acme.example", eve.organization_id);
  expect_problem(foreign, 404, "not_found");
  EXPECT_EQ(normalized(foreign),
            normalized(sign_in_to("ada@acme.example", store::OrganizationId::make(kStart).to_string())));
  expect_problem(client().post("/signin", {{"email", "ada@acme.example"},
                                           {"password", kOtherPassword},
                                           {"organization_id", eve.organization_id}}),
                 401, "invalid_credentials");
}

TEST_P(SignIn, InNoOrganizationThereIsStillASession) {
  const Founder ada = found("ada@acme.example", "Acme");
  const Person grace = join(ada, "grace@acme.example");
  ASSERT_EQ(remove(access_token(ada.email), ada.organization_id, grace.user_id).status, 200);
  const Reply reply = try_sign_in(grace.email);
  EXPECT_TRUE(reply.at("/organization").is_null());
  const Reply shown = session(reply.text("/access_token"));
  EXPECT_EQ(shown.status, 200) << shown;
  EXPECT_TRUE(shown.at("/organization").is_null());
  EXPECT_TRUE(shown.at("/permissions").as_array().empty());
  EXPECT_EQ(refresh(reply.text("/refresh_token")).status, 200);
  expect_problem(client().get("/stats/role-wise-users", reply.text("/access_token")), 403, "forbidden");
}

TEST_P(SignIn, EachSignInIsToldByALetterWithTimeAddressAndDevice) {
  sign_up("ada@acme.example", "Acme");
  const Reply reply = client().send({.method = "POST",
                                     .target = "/signin",
                                     .headers = {{"User-Agent", "Lynx/2.9 <b>bold</b>"}},
                                     .body = R"({"email":"ada@acme.example","password":"seven kettles on a raft"})"});
  ASSERT_EQ(reply.status, 200) << reply;
  const smtp::Message letter = program().take_letter("ada@acme.example", subject::kAlert);
  EXPECT_THAT(letter.text, testing::HasSubstr("127.0.0.1"));
  EXPECT_THAT(letter.text, testing::HasSubstr("Device: Lynx"));
  EXPECT_THAT(letter.text, testing::HasSubstr("2026"));
  EXPECT_THAT(letter.html, testing::Not(testing::HasSubstr("<b>bold")));
  ASSERT_EQ(try_sign_in("ada@acme.example").status, 200);
  program().take_letter("ada@acme.example", subject::kAlert);
  ASSERT_EQ(try_sign_in("ada@acme.example", kOtherPassword).status, 401);
  EXPECT_TRUE(program().untaken_letters("ada@acme.example", subject::kAlert).empty()) << "a failed one is none";
}

TEST_P(SignIn, AlertsCanBeForNewDevicesOnlyOrOff) {
  start({{"sign_in_alert", "new_device"}});
  sign_up("ada@acme.example", "Acme");
  ASSERT_EQ(try_sign_in("ada@acme.example").status, 200);
  ASSERT_EQ(try_sign_in("ada@acme.example").status, 200);
  program().take_letter("ada@acme.example", subject::kAlert);
  EXPECT_TRUE(program().untaken_letters("ada@acme.example", subject::kAlert).empty());
  program().restart({{"sign_in_alert", "never"}});
  ASSERT_EQ(client()
                .send({.method = "POST",
                       .target = "/signin",
                       .headers = {{"User-Agent", "another"}},
                       .body = R"({"email":"ada@acme.example","password":"seven kettles on a raft"})"})
                .status,
            200);
  EXPECT_TRUE(program().untaken_letters("ada@acme.example", subject::kAlert).empty());
}

TEST_P(SignIn, WrongUnknownAndDisabledAreAnsweredAlike) {
  sign_up("ada@acme.example", "Acme");
  sign_up("gone@acme.example", "Gone");
  program().execute({"disable_gone", "UPDATE users SET status = 'disabled' WHERE email = 'gone@acme.example'"});
  const Reply wrong = try_sign_in("ada@acme.example", kOtherPassword);
  expect_problem(wrong, 401, "invalid_credentials");
  EXPECT_EQ(normalized(wrong), normalized(try_sign_in("nobody@acme.example")));
  EXPECT_EQ(normalized(wrong), normalized(try_sign_in("gone@acme.example")));
}

TEST_P(SignIn, ADisabledUsersSessionsEndAtOnce) {
  sign_up("ada@acme.example", "Acme");
  const Tokens tokens = sign_in("ada@acme.example");
  program().execute({"disable_ada", "UPDATE users SET status = 'disabled' WHERE email = 'ada@acme.example'"});
  expect_problem(session(tokens.access), 401, "unauthenticated");
  expect_problem(refresh(tokens.refresh), 401, "invalid_refresh_token");
  EXPECT_EQ(client().post("/reset-password", {{"email", "ada@acme.example"}}).status, 200);
  EXPECT_TRUE(program().untaken_letters("ada@acme.example", subject::kReset).empty());
}

TEST_P(SignIn, AnOperatorSeesAllOrganizations) {
  found("ada@acme.example", "Acme");
  const Founder eve = found("eve@evil.example", "Evil");
  create_operator("root@ops.example");
  const Reply reply = try_sign_in("root@ops.example");
  ASSERT_EQ(reply.status, 200) << reply;
  program().take_letter("root@ops.example", subject::kOperatorAlert);
  EXPECT_TRUE(reply.at("/organization").is_null());
  const std::string token = reply.text("/access_token");
  EXPECT_TRUE(session(token).flag("/operator"));
  EXPECT_EQ(client().get("/stats/org-wise-members", token).json, (Object{{"Acme", 1}, {"Evil", 1}}));
  EXPECT_EQ(client().get("/stats/role-wise-users", token).json, (Object{{"owner", 2}}));
  EXPECT_EQ(client().get("/stats/org-wise-members?organization_id=" + eve.organization_id, token).json,
            (Object{{"Evil", 1}}));
  expect_problem(
      client().get("/stats/org-wise-members?organization_id=" + store::OrganizationId::make(kStart).to_string(), token),
      404, "not_found");
  expect_problem(client().get("/v1/organizations/" + eve.organization_id + "/members", token), 404, "not_found");
}

TEST_P(SignIn, AnOperatorsAddressMayAlsoBeAUsersAndEachPasswordOpensItsOwn) {
  create_operator("root@ops.example");
  const Reply signed_up = client().post(
      "/signup", {{"email", "root@ops.example"}, {"password", kOtherPassword}, {"organization_name", "Ops"}});
  ASSERT_EQ(signed_up.status, 201) << signed_up;
  EXPECT_TRUE(session(sign_in("root@ops.example", kPassword).access).flag("/operator"));
  EXPECT_FALSE(session(sign_in("root@ops.example", kOtherPassword).access).flag("/operator"));
}

TEST_P(SignIn, AnOperatorComesInFromTheOperatorsNetworksOnly) {
  start({{"operator.networks", "10.0.0.0/8"}});
  create_operator("root@ops.example");
  const Reply outside = try_sign_in("root@ops.example");
  expect_problem(outside, 401, "invalid_credentials");
  EXPECT_EQ(normalized(outside), normalized(try_sign_in("nobody@ops.example")));
}

TEST_P(SignIn, AForwardedRequestIsNotLocalForOperators) {
  create_operator("root@ops.example");
  const auto from = [&](const std::string& header, const std::string& value) {
    return client().send({.method = "POST",
                          .target = "/signin",
                          .headers = {{header, value}},
                          .body = R"({"email":"root@ops.example","password":"seven kettles on a raft"})"});
  };
  expect_problem(from("X-Forwarded-For", "127.0.0.1"), 401, "invalid_credentials");
  expect_problem(from("Forwarded", "for=127.0.0.1"), 401, "invalid_credentials");
  program().restart({{"trusted_proxies", "127.0.0.0/8"}, {"limits.enabled", "true"}});
  expect_problem(from("X-Forwarded-For", "203.0.113.7"), 401, "invalid_credentials");
  expect_problem(try_sign_in("root@ops.example"), 401, "invalid_credentials");  // the proxy did not say for whom
  expect_problem(from("X-Forwarded-For", "unknown"), 401, "invalid_credentials");
  expect_problem(from("Via", "1.1 proxy"), 401, "invalid_credentials");
  program().restart({{"operator.networks", "203.0.113.0/24"}});
  EXPECT_EQ(from("X-Forwarded-For", "203.0.113.7").status, 200);
}

GATEHOUSE_ON_BOTH_DATABASES(SignIn);

}  // namespace gatehouse::tests
