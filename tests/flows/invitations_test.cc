#include "tests/support/flow_test.h"

namespace gatehouse::tests {

class Invitations : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    ada_ = found("ada@acme.example", "Acme");
    token_ = access_token(ada_.email);
  }

  Reply invite_somebody(const std::string& token, const std::string& email, const std::string& role = "member") {
    return client().post("/invite-member",
                         {{"recipient", email}, {"organization_id", ada_.organization_id}, {"role", role}}, token);
  }
  Reply try_accept(const std::string& token, const std::string& email, const std::string& password = kPassword) {
    return client().post("/accept-invite", {{"token", token}, {"email", email}, {"password", password}});
  }
  Reply show(const std::string& token) {
    return client().send(
        {.method = "GET", .target = "/accept-invite?token=" + token, .headers = {{"Accept", "application/json"}}});
  }
  std::string status_of_first() {
    return client()
        .get("/v1/organizations/" + ada_.organization_id + "/invitations", access_token(ada_.email))
        .text("/data/0/status");
  }

  Founder ada_;
  std::string token_;
};

TEST_P(Invitations, AnotherOneIsAFreshLetterAndTheOldLinkIsDead) {
  const std::string first = invite(token_, ada_.organization_id, "grace@acme.example");
  const std::string second = invite(token_, ada_.organization_id, "grace@acme.example", "admin");
  EXPECT_NE(first, second);
  const Reply old = try_accept(first, "grace@acme.example");
  expect_problem(old, 400, "link_invalid");
  const Reply list = client().get("/v1/organizations/" + ada_.organization_id + "/invitations", token_);
  EXPECT_EQ(list.at("/data").as_array().size(), 1u) << "one pending invitation for an address";
  const Reply joined = try_accept(second, "grace@acme.example");
  EXPECT_EQ(joined.status, 200) << joined;
  EXPECT_EQ(joined.text("/member/role/key"), "admin");
}

TEST_P(Invitations, OnlyTheInvitedAddressMayAccept) {
  const std::string token = invite(token_, ada_.organization_id, "grace@acme.example");
  expect_problem(try_accept(token, "eve@evil.example"), 403, "wrong_address");
  const Founder eve = found("eve@evil.example", "Evil");
  expect_problem(client().post("/accept-invite", {{"token", token}}, access_token(eve.email)), 403, "wrong_address");
  EXPECT_EQ(try_accept(token, "Grace@ACME.example").status, 200) << "spelling in capitals is the same address";
}

TEST_P(Invitations, TheLinkDiesAfterSevenDays) {
  const std::string token = invite(token_, ada_.organization_id, "grace@acme.example");
  program().advance(std::chrono::hours(7 * 24) - std::chrono::seconds(1));
  EXPECT_EQ(show(token).status, 200);
  program().advance(std::chrono::seconds(1));
  expect_problem(show(token), 410, "link_dead");
  expect_problem(try_accept(token, "grace@acme.example"), 410, "link_dead");
  EXPECT_EQ(status_of_first(), "expired");
  EXPECT_EQ(invite_somebody(access_token(ada_.email), "grace@acme.example").status, 200) << "and may be renewed";
}

TEST_P(Invitations, TheLinkWorksOnce) {
  const std::string token = invite(token_, ada_.organization_id, "grace@acme.example");
  EXPECT_EQ(try_accept(token, "grace@acme.example").status, 200);
  expect_problem(try_accept(token, "grace@acme.example"), 410, "link_dead");
  expect_problem(show(token), 410, "link_dead");
}

TEST_P(Invitations, TheyAreRevokedWithTheirInvitersRemoval) {
  const Person grace = join(ada_, "grace@acme.example", "admin");
  const std::string token = invite(access_token(grace.email), ada_.organization_id, "linus@acme.example");
  ASSERT_EQ(remove(token_, ada_.organization_id, grace.user_id).status, 200);
  expect_problem(try_accept(token, "linus@acme.example"), 410, "link_dead");
}

TEST_P(Invitations, TheyAreRevokedWithTheirInvitersDemotionWhereTheyCouldNotBeSentAnyMore) {
  const Person grace = join(ada_, "grace@acme.example", "owner");
  const std::string graces = access_token(grace.email);
  const std::string as_owner = invite(graces, ada_.organization_id, "linus@acme.example", "owner");
  const std::string as_member = invite(graces, ada_.organization_id, "ken@acme.example", "member");
  ASSERT_EQ(update_role(token_, grace.member_id, ada_.roles.at("admin")).status, 200);
  expect_problem(try_accept(as_owner, "linus@acme.example"), 410, "link_dead");
  EXPECT_EQ(try_accept(as_member, "ken@acme.example").status, 200) << "an admin may still send this one";
}

TEST_P(Invitations, SomebodyWithAnAccountJoinsWithTheirOwnPassword) {
  const Founder grace = found("grace@own.example", "Own");
  const std::string token = invite(token_, ada_.organization_id, grace.email);
  EXPECT_TRUE(show(token).flag("/has_account"));
  expect_problem(try_accept(token, grace.email, kOtherPassword), 401, "invalid_credentials");
  EXPECT_EQ(try_sign_in(grace.email, kPassword).status, 200) << "the password stays what it was";
  const Reply joined = try_accept(token, grace.email, kPassword);
  EXPECT_EQ(joined.status, 200) << joined;
  EXPECT_EQ(joined.text("/user/id"), grace.user_id) << "no second account";
  EXPECT_EQ(try_sign_in(grace.email).at("/organizations").as_array().size(), 2u);
}

TEST_P(Invitations, SomebodySignedInJoinsWithTheirToken) {
  const Founder grace = found("grace@own.example", "Own");
  const std::string token = invite(token_, ada_.organization_id, grace.email);
  expect_problem(client().post("/accept-invite", {{"token", token}}, "garbage"), 401, "unauthenticated");
  const Reply joined = client().post("/accept-invite", {{"token", token}}, access_token(grace.email));
  EXPECT_EQ(joined.status, 200) << joined;
  EXPECT_EQ(joined.text("/user/id"), grace.user_id);
}

TEST_P(Invitations, AnAccountMadeAheadAtTheInvitedAddressIsTakenFromWhoeverMadeIt) {
  sign_up("grace@acme.example", "Trap");
  const Tokens trap = sign_in("grace@acme.example");
  const std::string token = invite(token_, ada_.organization_id, "grace@acme.example");
  EXPECT_FALSE(show(token).flag("/has_account")) << "an address that was never confirmed is nobody's account";
  const Reply joined = try_accept(token, "grace@acme.example", kOtherPassword);
  ASSERT_EQ(joined.status, 200) << joined;
  expect_problem(session(trap.access), 401, "unauthenticated");
  expect_problem(refresh(trap.refresh), 401, "invalid_refresh_token");
  expect_problem(try_sign_in("grace@acme.example", kPassword), 401, "invalid_credentials");
  EXPECT_EQ(try_sign_in("grace@acme.example", kOtherPassword).status, 200);
}

TEST_P(Invitations, LookingAtOneNeverUsesItUp) {
  const std::string token = invite(token_, ada_.organization_id, "grace@acme.example");
  for (int i = 0; i < 3; ++i) {
    const Reply shown = show(token);
    EXPECT_EQ(shown.status, 200) << shown;
    EXPECT_EQ(shown.text("/recipient"), "grace@acme.example");
    EXPECT_EQ(shown.text("/organization/name"), "Acme");
    EXPECT_EQ(shown.text("/role/key"), "member");
    EXPECT_EQ(shown.text("/inviter"), ada_.email);
    EXPECT_FALSE(shown.flag("/has_account"));
    const Reply page = client().send({.method = "GET",
                                      .target = "/accept-invite?token=" + token,
                                      .headers = {{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}}});
    EXPECT_EQ(page.status, 200) << page;
    EXPECT_TRUE(page.header("content-type").starts_with("text/html")) << page;
    EXPECT_NE(page.body.find("<form"), std::string::npos);
    EXPECT_EQ(page.header("referrer-policy"), "no-referrer");
    EXPECT_EQ(page.header("cache-control"), "no-store");
    EXPECT_EQ(client().send({.method = "HEAD", .target = "/accept-invite?token=" + token}).status, 200);
  }
  EXPECT_EQ(try_accept(token, "grace@acme.example").status, 200);
}

TEST_P(Invitations, AcceptedByGetWithAJsonBodyAsTheOriginalContractHasIt) {
  const std::string token = invite(token_, ada_.organization_id, "grace@acme.example");
  const Object body{{"token", token}, {"email", "grace@acme.example"}, {"password", kPassword}};
  const Reply joined =
      client().send({.method = "GET", .target = "/accept-invite", .body = boost::json::serialize(body)});
  EXPECT_EQ(joined.status, 200) << joined;
  EXPECT_EQ(joined.text("/user/email"), "grace@acme.example");
  EXPECT_EQ(joined.text("/organization/id"), ada_.organization_id);
  EXPECT_EQ(joined.text("/member/role/key"), "member");
}

TEST_P(Invitations, APasswordInTheQueryIsRefused) {
  const std::string token = invite(token_, ada_.organization_id, "grace@acme.example");
  const std::string query = to_query({{"token", token}, {"email", "grace@acme.example"}, {"password", kPassword}});
  expect_problem(client().get("/accept-invite?" + query), 400, "invalid_request");
  expect_problem(client().post("/accept-invite?" + query, {}), 400, "invalid_request");
  EXPECT_EQ(show(token).status, 200) << "and nothing has happened";
}

TEST_P(Invitations, AcceptedByAFormAsThePageSendsIt) {
  const std::string token = invite(token_, ada_.organization_id, "grace@acme.example");
  const Reply joined =
      client().send({.method = "POST",
                     .target = "/accept-invite",
                     .headers = {{"Accept", "application/json"}},
                     .body = to_query({{"token", token}, {"email", "grace@acme.example"}, {"password", kPassword}}),
                     .content_type = "application/x-www-form-urlencoded"});
  EXPECT_EQ(joined.status, 200) << joined;
  EXPECT_EQ(try_sign_in("grace@acme.example").status, 200);
}

TEST_P(Invitations, AMemberIsNotInvited) {
  join(ada_, "grace@acme.example");
  expect_problem(invite_somebody(token_, "grace@acme.example"), 409, "already_member");
  expect_problem(invite_somebody(token_, ada_.email), 409, "already_member");
}

TEST_P(Invitations, GiveEitherTheRoleOrItsId) {
  expect_field_problem(
      client().post("/invite-member", {{"recipient", "x@acme.example"}, {"organization_id", ada_.organization_id}},
                    token_),
      "/role_id");
  expect_field_problem(client().post("/invite-member",
                                     {{"recipient", "x@acme.example"},
                                      {"organization_id", ada_.organization_id},
                                      {"role", "member"},
                                      {"role_id", ada_.roles.at("member")}},
                                     token_),
                       "/role_id");
  expect_problem(invite_somebody(token_, "x@acme.example", "captain"), 404, "not_found");
}

TEST_P(Invitations, WithMailSwitchedOffTheAnswersSaySo) {
  start({{"mail.enabled", "false"}});
  const Reply signed_up =
      client().post("/signup", {{"email", "ada@acme.example"}, {"password", kPassword}, {"organization_name", "Acme"}});
  ASSERT_EQ(signed_up.status, 201) << signed_up;
  EXPECT_NE(signed_up.text("/message").find("switched off"), std::string::npos);
  const Reply invited = client().post("/invite-member",
                                      {{"recipient", "grace@acme.example"},
                                       {"organization_id", signed_up.text("/organization/id")},
                                       {"role", "member"}},
                                      access_token("ada@acme.example"));
  EXPECT_EQ(invited.status, 200) << invited;
  EXPECT_NE(invited.text("/message").find("switched off"), std::string::npos);
  EXPECT_EQ(invited.text("/invitation/delivery/status"), "disabled");
  const Reply reset = client().post("/reset-password", {{"email", "ada@acme.example"}});
  EXPECT_NE(reset.text("/message").find("switched off"), std::string::npos);
  EXPECT_EQ(program().count_letters(), 0u);
}

GATEHOUSE_ON_BOTH_DATABASES(Invitations);

}  // namespace gatehouse::tests
