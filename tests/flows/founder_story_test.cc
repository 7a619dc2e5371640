#include "tests/support/flow_test.h"

namespace gatehouse::tests {

// The story that the service was made for, in the order in which it happens: each test goes one step further, and says
// in full what the answers of its step hold.
class FounderStory : public FlowTest {
 protected:
  Reply stats(const std::string& path, const std::string& token) { return client().get("/stats/" + path, token); }

  void expect_counts(const std::string& token, const Object& by_role, const Object& by_organization,
                     const Object& by_both) {
    EXPECT_EQ(stats("role-wise-users", token).json, by_role);
    EXPECT_EQ(stats("org-wise-members", token).json, by_organization);
    EXPECT_EQ(stats("org-role-wise-users", token).json, by_both);
    EXPECT_EQ(stats("org-role-wise-users-filtered", token).json, by_both);
  }
};

TEST_P(FounderStory, SignUpMakesUserOrganizationRolesAndMembership) {
  const Reply reply = client().post("/signup", {{"email", "Ada@Acme.example"},
                                                {"password", kPassword},
                                                {"organization_name", "Acme"},
                                                {"role_name", "Captain"}});
  EXPECT_EQ(reply.status, 201) << reply;
  EXPECT_EQ(reply.header("content-type"), "application/json");
  EXPECT_FALSE(reply.text("/message").empty());
  EXPECT_TRUE(reply.text("/user/id").starts_with("usr_"));
  EXPECT_EQ(reply.text("/user/email"), "ada@acme.example");
  EXPECT_FALSE(reply.flag("/user/email_verified"));
  EXPECT_EQ(reply.text("/user/created_at"), "2026-11-22T12:00:00.000Z");
  EXPECT_TRUE(reply.text("/organization/id").starts_with("org_"));
  EXPECT_EQ(reply.text("/organization/name"), "Acme");
  EXPECT_EQ(reply.text("/organization/slug"), "acme");
  EXPECT_TRUE(reply.text("/member/id").starts_with("mem_"));
  EXPECT_EQ(reply.text("/member/user_id"), reply.text("/user/id"));
  EXPECT_EQ(reply.text("/member/organization_id"), reply.text("/organization/id"));
  EXPECT_EQ(reply.text("/member/role/key"), "owner");
  EXPECT_EQ(reply.text("/member/role/name"), "Captain");
  EXPECT_EQ(reply.text("/member/status"), "active");
  ASSERT_EQ(reply.at("/roles").as_array().size(), 3u);
  EXPECT_EQ(reply.text("/roles/0/key"), "owner");
  EXPECT_EQ(reply.text("/roles/0/name"), "Captain");
  EXPECT_EQ(reply.text("/roles/1/key"), "admin");
  EXPECT_EQ(reply.text("/roles/2/key"), "member");
  EXPECT_FALSE(reply.has("/user/password"));
}

TEST_P(FounderStory, TheLetterConfirmsTheAddress) {
  sign_up("ada@acme.example", "Acme");
  const smtp::Message letter = program().take_letter("ada@acme.example", subject::kWelcome);
  const Reply reply = client().post("/v1/email/verify", {{"token", token_in(letter)}});
  EXPECT_EQ(reply.status, 200) << reply;
  EXPECT_FALSE(reply.text("/message").empty());
  EXPECT_TRUE(reply.flag("/user/email_verified"));
  EXPECT_TRUE(try_sign_in("ada@acme.example").flag("/user/email_verified"));
}

TEST_P(FounderStory, SignInGivesTokensAndOrganizations) {
  const Founder ada = sign_up("ada@acme.example", "Acme");
  const Reply right = try_sign_in("ADA@acme.example");
  EXPECT_EQ(right.status, 200) << right;
  EXPECT_FALSE(right.text("/message").empty());
  EXPECT_FALSE(right.text("/access_token").empty());
  EXPECT_FALSE(right.text("/refresh_token").empty());
  EXPECT_EQ(right.text("/token_type"), "Bearer");
  EXPECT_EQ(right.number("/expires_in"), 300);
  EXPECT_EQ(right.text("/user/id"), ada.user_id);
  EXPECT_FALSE(right.flag("/user/email_verified"));
  EXPECT_EQ(right.text("/organization/id"), ada.organization_id);
  EXPECT_EQ(right.text("/organization/member_id"), ada.member_id);
  EXPECT_EQ(right.text("/organization/role/key"), "owner");
  ASSERT_EQ(right.at("/organizations").as_array().size(), 1u);
  EXPECT_EQ(right.at("/organizations/0"), right.at("/organization"));
  EXPECT_EQ(right.header("cache-control"), "no-store");
}

TEST_P(FounderStory, AColleagueIsInvitedAndJoins) {
  const Founder ada = found("ada@acme.example", "Acme");
  const std::string token = access_token(ada.email);
  const Reply invited = client().post("/invite-member",
                                      {{"recipient", "grace@acme.example"},
                                       {"organization_id", ada.organization_id},
                                       {"role_id", ada.roles.at("member")}},
                                      token);
  EXPECT_EQ(invited.status, 200) << invited;
  EXPECT_FALSE(invited.text("/message").empty());
  EXPECT_TRUE(invited.text("/invitation/id").starts_with("inv_"));
  EXPECT_EQ(invited.text("/invitation/recipient"), "grace@acme.example");
  EXPECT_EQ(invited.text("/invitation/organization_id"), ada.organization_id);
  EXPECT_EQ(invited.text("/invitation/role/key"), "member");
  EXPECT_EQ(invited.text("/invitation/status"), "pending");
  EXPECT_EQ(invited.text("/invitation/expires_at"), "2026-11-29T12:00:00.000Z");
  EXPECT_EQ(invited.text("/invitation/delivery/status"), "queued");

  const std::string secret = token_in(program().take_letter("grace@acme.example", subject::kInvitation));
  const Reply joined = client().post(
      "/accept-invite", {{"token", secret}, {"email", "grace@acme.example"}, {"password", kOtherPassword}});
  EXPECT_EQ(joined.status, 200) << joined;
  EXPECT_FALSE(joined.text("/message").empty());
  EXPECT_TRUE(joined.flag("/user/email_verified")) << "who has the letter has the mailbox";
  EXPECT_EQ(joined.text("/organization/id"), ada.organization_id);
  EXPECT_EQ(joined.text("/member/user_id"), joined.text("/user/id"));
  EXPECT_EQ(joined.text("/member/role/key"), "member");

  program().take_letter(ada.email, " has joined Acme");
  EXPECT_EQ(try_sign_in("grace@acme.example", kOtherPassword).status, 200);
  const Reply list = client().get("/v1/organizations/" + ada.organization_id + "/invitations", token);
  EXPECT_EQ(list.text("/data/0/status"), "accepted");
  EXPECT_EQ(list.text("/data/0/delivery/status"), "sent");
}

TEST_P(FounderStory, ARoleChangesAndTheMemberHearsOfIt) {
  const Founder ada = found("ada@acme.example", "Acme");
  const Person grace = join(ada, "grace@acme.example");
  const Reply reply = update_role(access_token(ada.email), grace.member_id, ada.roles.at("admin"));
  EXPECT_EQ(reply.status, 200) << reply;
  EXPECT_FALSE(reply.text("/message").empty());
  EXPECT_EQ(reply.text("/member/id"), grace.member_id);
  EXPECT_EQ(reply.text("/member/role/key"), "admin");
  program().take_letter(grace.email, subject::kRoleChanged);
  EXPECT_EQ(try_sign_in(grace.email).text("/organization/role/key"), "admin");
}

TEST_P(FounderStory, AMemberIsRemovedAndHearsOfIt) {
  const Founder ada = found("ada@acme.example", "Acme");
  const Person grace = join(ada, "grace@acme.example");
  const Reply reply = remove(access_token(ada.email), ada.organization_id, grace.user_id);
  EXPECT_EQ(reply.status, 200) << reply;
  EXPECT_FALSE(reply.text("/message").empty());
  EXPECT_EQ(reply.text("/member/id"), grace.member_id);
  program().take_letter(grace.email, subject::kRemoved);
  const Reply sign_in = try_sign_in(grace.email);
  EXPECT_EQ(sign_in.status, 200) << "the account stays";
  EXPECT_TRUE(sign_in.at("/organization").is_null());
  EXPECT_TRUE(sign_in.at("/organizations").as_array().empty());
}

TEST_P(FounderStory, StatisticsAreRightAfterEachStep) {
  const Founder ada = found("ada@acme.example", "Acme");
  const std::string token = access_token(ada.email);
  expect_counts(token, {{"owner", 1}}, {{"Acme", 1}}, {{"Acme", {{"owner", 1}}}});

  const Person grace = join(ada, "grace@acme.example");
  expect_counts(token, {{"member", 1}, {"owner", 1}}, {{"Acme", 2}}, {{"Acme", {{"member", 1}, {"owner", 1}}}});

  ASSERT_EQ(update_role(token, grace.member_id, ada.roles.at("admin")).status, 200);
  expect_counts(token, {{"admin", 1}, {"owner", 1}}, {{"Acme", 2}}, {{"Acme", {{"admin", 1}, {"owner", 1}}}});

  ASSERT_EQ(remove(token, ada.organization_id, grace.user_id).status, 200);
  expect_counts(token, {{"owner", 1}}, {{"Acme", 1}}, {{"Acme", {{"owner", 1}}}});
}

TEST_P(FounderStory, FilteredStatisticsGoByTheTimeOfJoining) {
  const Founder ada = found("ada@acme.example", "Acme");
  program().advance(std::chrono::hours(24));
  const Person grace = join(ada, "grace@acme.example");
  program().advance(std::chrono::hours(24));
  const std::string token = access_token(ada.email);
  const auto filtered = [&](const std::string& query) {
    return stats("org-role-wise-users-filtered?" + query, token).json;
  };
  EXPECT_EQ(filtered("to=2026-11-23T11:59:59Z"), Object({{"Acme", {{"owner", 1}}}}));
  EXPECT_EQ(filtered("from=2026-11-23T12:00:00Z"), Object({{"Acme", {{"member", 1}}}}));
  EXPECT_EQ(filtered("from=2026-11-22T12:00:00Z&to=2026-11-23T12:00:00Z"),
            Object({{"Acme", {{"member", 1}, {"owner", 1}}}}));
  EXPECT_EQ(filtered("from=2026-11-24T00:00:00Z"), Object());
}

TEST_P(FounderStory, AForgottenPasswordIsReset) {
  const Founder ada = sign_up("ada@acme.example", "Acme");
  const Reply asked = client().post("/reset-password", {{"email", ada.email}});
  EXPECT_EQ(asked.status, 200) << asked;
  EXPECT_FALSE(asked.text("/message").empty());
  const std::string token = token_in(program().take_letter(ada.email, subject::kReset));
  const Reply done = client().post("/reset-password", {{"token", token}, {"new_password", kOtherPassword}});
  EXPECT_EQ(done.status, 200) << done;
  EXPECT_FALSE(done.text("/message").empty());
  program().take_letter(ada.email, subject::kPasswordChanged);
  expect_problem(try_sign_in(ada.email, kPassword), 401, "invalid_credentials");
  const Reply signed_in = try_sign_in(ada.email, kOtherPassword);
  EXPECT_EQ(signed_in.status, 200) << signed_in;
  EXPECT_TRUE(signed_in.flag("/user/email_verified")) << "who has the letter has the mailbox";
}

TEST_P(FounderStory, RefreshTokensRotateAndAReusedOneEndsTheSession) {
  const Founder ada = sign_up("ada@acme.example", "Acme");
  const Tokens first = sign_in(ada.email);
  const Reply second = refresh(first.refresh);
  EXPECT_EQ(second.status, 200) << second;
  EXPECT_EQ(second.number("/expires_in"), 300);
  EXPECT_EQ(second.text("/token_type"), "Bearer");
  EXPECT_NE(second.text("/refresh_token"), first.refresh);
  EXPECT_EQ(session(second.text("/access_token")).status, 200);

  const Reply third = refresh(second.text("/refresh_token"));
  EXPECT_EQ(third.status, 200) << third;
  expect_problem(refresh(first.refresh), 401, "invalid_refresh_token");
  expect_problem(refresh(third.text("/refresh_token")), 401, "invalid_refresh_token");
  expect_problem(session(third.text("/access_token")), 401, "unauthenticated");
}

GATEHOUSE_ON_BOTH_DATABASES(FounderStory);

}  // namespace gatehouse::tests
