#include "tests/support/at_once.h"
#include "tests/support/flow_test.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kDeleted = "Your account was deleted";

class MyDeletion : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    ada_ = found("ada@acme.example", "Acme");
    token_ = access_token(ada_.email);
  }
  Reply post(const std::string& target, const Object& body, const std::string& token) {
    return client().post("/v1/me" + target, body, token);
  }
  Reply my(const std::string& target, const std::string& token) { return client().get("/v1/me" + target, token); }
  Reply remove_me(const std::string& token, const std::string& password = kPassword) {
    return post("/delete", {{"password", password}}, token);
  }

  Founder ada_;
  std::string token_;
};

TEST_P(MyDeletion, TheExportHoldsWhatIsMineAndNoSecret) {
  const Founder eve = found("eve@evil.example", "Evil");
  invite(access_token(eve.email), eve.organization_id, ada_.email);
  const Reply all = post("/export", {{"password", kPassword}}, token_);
  ASSERT_EQ(all.status, 200) << all;
  EXPECT_EQ(all.text("/profile/email"), ada_.email);
  EXPECT_EQ(all.text("/memberships/0/organization/name"), "Acme");
  EXPECT_EQ(all.text("/memberships/0/role_key"), "owner");
  EXPECT_EQ(all.text("/invitations/0/organization/name"), "Evil");
  EXPECT_EQ(all.at("/sessions").as_array().size(), 1u);
  EXPECT_EQ(all.at("/networks").as_array().size(), 1u);
  EXPECT_GE(all.at("/activity").as_array().size(), 3u);
  EXPECT_FALSE(all.flag("/has_more"));
  for (const char* secret : {"hash", "secret", "argon2", "password", "gin_", "token"}) {
    EXPECT_THAT(all.body, Not(HasSubstr(secret))) << secret;
  }
  EXPECT_THAT(all.body, Not(HasSubstr(eve.user_id)));
  EXPECT_THAT(my("/activity", token_).body, HasSubstr("user.exported"));
}

TEST_P(MyDeletion, WhoDeletesTheAccountIsGoneFromEverywhere) {
  const Person grace = join(ada_, "grace@acme.example", "admin");
  const Tokens tokens = sign_in(grace.email);
  const std::string sent = invite(tokens.access, ada_.organization_id, "late@acme.example");
  const std::string reset = ask_for_reset(grace.email);
  expect_problem(remove_me(tokens.access, "not the password"), 401, "invalid_credentials");
  EXPECT_EQ(remove_me(tokens.access).status, 204);
  program().take_letter(grace.email, kDeleted);
  expect_problem(session(tokens.access), 401, "unauthenticated");
  expect_problem(refresh(tokens.refresh), 401, "invalid_refresh_token");
  expect_problem(try_sign_in(grace.email), 401, "invalid_credentials");
  EXPECT_GE(client().post("/reset-password", {{"token", reset}, {"new_password", kOtherPassword}}).status, 400);
  expect_problem(
      client().post("/accept-invite", {{"token", sent}, {"email", "late@acme.example"}, {"password", kPassword}}), 410,
      "link_dead");
  const Reply members = client().get("/v1/organizations/" + ada_.organization_id + "/members", token_);
  EXPECT_EQ(members.at("/data").as_array().size(), 1u) << members;
  const Person again = join(ada_, grace.email);
  EXPECT_NE(again.user_id, grace.user_id);
}

TEST_P(MyDeletion, ASoleOwnerHandsOverFirst) {
  expect_problem(remove_me(token_), 409, "sole_owner");
  EXPECT_EQ(session(token_).status, 200);
  join(ada_, "grace@acme.example", "owner");
  EXPECT_EQ(remove_me(token_).status, 204);
  expect_problem(remove_me(access_token("grace@acme.example")), 409, "sole_owner");
}

TEST_P(MyDeletion, ASuspendedOrganizationStillNeedsItsOwnerAndADeletedOneDoesNot) {
  program().execute({"test suspend", "UPDATE organizations SET status = 'suspended'"});
  const std::string token = access_token(ada_.email);
  expect_problem(remove_me(token), 409, "sole_owner");
  program().execute({"test delete", "UPDATE organizations SET purge_at = created_at"});
  EXPECT_EQ(remove_me(token).status, 204);
}

TEST_P(MyDeletion, ASuspendedMemberMayDeleteTheAccount) {
  const Person grace = join(ada_, "grace@acme.example");
  program().execute({"test suspend member",
                     "UPDATE members SET status = 'suspended' WHERE joined_at IN "
                     "(SELECT MAX(joined_at) FROM members) AND role_id IN "
                     "(SELECT id FROM roles WHERE key = 'member')"});
  EXPECT_EQ(remove_me(access_token(grace.email)).status, 204);
}

TEST_P(MyDeletion, OfTwoOwnersWhoDeleteTheirAccountsAtOnceOneStays) {
  const HttpClient http = client();
  for (int round = 0; round < 3; ++round) {
    const std::string name = std::to_string(round);
    const Founder one = found("one" + name + "@acme.example", "House " + name);
    const Person two = join(one, "two" + name + "@acme.example", "owner");
    std::vector<std::string> tokens;
    for (int i = 0; i < 50; ++i) tokens.push_back(access_token(i % 2 == 0 ? one.email : two.email));
    const auto replies = ask_at_once(50, [&](int i) {
      return http.post("/v1/me/delete", {{"password", kPassword}}, tokens[std::size_t(i)]);
    });
    auto counts = count_by_status(replies);
    EXPECT_EQ(counts[204], 1);
    for (const Reply& reply : replies) EXPECT_TRUE(reply.status < 500 || reply.status == 503) << reply;
    EXPECT_EQ((try_sign_in(one.email).status == 200) + (try_sign_in(two.email).status == 200), 1);
  }
}

TEST_P(MyDeletion, OneJoinsAndDeletesTheAccountAtOnceWithoutBreakage) {
  const HttpClient http = client();
  for (int round = 0; round < 5; ++round) {
    const std::string email = "guest" + std::to_string(round) + "@acme.example";
    const Founder guest = found(email, "Own " + std::to_string(round));
    join(guest, "heir" + std::to_string(round) + "@acme.example", "owner");
    invite(token_, ada_.organization_id, email);
    const std::string guests = access_token(email);
    const std::string target = "/v1/me/invitations/" + my("/invitations", guests).text("/data/0/id") + "/accept";
    const auto replies = ask_at_once(4, [&](int i) {
      if (i % 2 == 0) return http.post("/v1/me/delete", {{"password", kPassword}}, guests);
      return http.post(target, Object{}, guests);
    });
    for (const Reply& reply : replies) EXPECT_LT(reply.status, 500) << reply;
    expect_problem(try_sign_in(email), 401, "invalid_credentials");
  }
}

GATEHOUSE_ON_BOTH_DATABASES(MyDeletion);

}  // namespace gatehouse::tests
