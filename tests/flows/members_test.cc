#include "tests/support/flow_test.h"

#include "store/ids.h"

namespace gatehouse::tests {

class Members : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    ada_ = found("ada@acme.example", "Acme");
  }

  Founder ada_;
};

TEST_P(Members, TheLastOwnerCanNeitherGoNorBeDemoted) {
  const std::string token = access_token(ada_.email);
  expect_problem(remove(token, ada_.organization_id, ada_.user_id), 409, "last_owner");
  expect_problem(update_role(token, ada_.member_id, ada_.roles.at("admin")), 409, "last_owner");
  EXPECT_EQ(update_role(token, ada_.member_id, ada_.roles.at("owner")).status, 200) << "no change is no demotion";
  const Reply unknown = update_role(token, ada_.member_id, store::RoleId::make({}).to_string());
  expect_problem(unknown, 404, "not_found");
  EXPECT_EQ(unknown.text("/detail"), "There is no such role in this organization.");

  join(ada_, "grace@acme.example", "owner");
  EXPECT_EQ(update_role(access_token(ada_.email), ada_.member_id, ada_.roles.at("admin")).status, 200);
}

TEST_P(Members, AnAdminNeitherTouchesNorMakesAnOwner) {
  const Person grace = join(ada_, "grace@acme.example", "admin");
  const Person linus = join(ada_, "linus@acme.example");
  const std::string token = access_token(grace.email);
  expect_problem(remove(token, ada_.organization_id, ada_.user_id), 403, "outranked");
  expect_problem(update_role(token, ada_.member_id, ada_.roles.at("member")), 403, "outranked");
  expect_problem(update_role(token, linus.member_id, ada_.roles.at("owner")), 403, "outranked");
  expect_problem(update_role(token, grace.member_id, ada_.roles.at("owner")), 403, "outranked");
  expect_problem(
      client().post("/invite-member",
                    {{"recipient", "x@acme.example"}, {"organization_id", ada_.organization_id}, {"role", "owner"}},
                    token),
      403, "outranked");
  EXPECT_TRUE(program().untaken_letters("x@acme.example").empty());
  EXPECT_EQ(update_role(token, linus.member_id, ada_.roles.at("admin")).status, 200);
  EXPECT_EQ(remove(token, ada_.organization_id, linus.user_id).status, 200);
}

TEST_P(Members, ATokenFromBeforeARoleChangeIsRefusedAndARefreshGivesACurrentOne) {
  const Person grace = join(ada_, "grace@acme.example", "admin");
  const Tokens tokens = sign_in(grace.email);
  const std::string list = "/v1/organizations/" + ada_.organization_id + "/members";
  EXPECT_EQ(client().get(list, tokens.access).status, 200);
  ASSERT_EQ(update_role(access_token(ada_.email), grace.member_id, ada_.roles.at("member")).status, 200);
  expect_problem(client().get(list, tokens.access), 401, "unauthenticated");
  expect_problem(session(tokens.access), 401, "unauthenticated");

  const Reply renewed = refresh(tokens.refresh);
  ASSERT_EQ(renewed.status, 200) << renewed;
  const Reply shown = session(renewed.text("/access_token"));
  EXPECT_EQ(shown.text("/organization/role/key"), "member");
  expect_problem(client().get(list, renewed.text("/access_token")), 403, "forbidden");
}

TEST_P(Members, TheSessionOfARemovedMemberEndsAndSlidesIntoNoOtherOrganization) {
  const Founder grace = found("grace@own.example", "Own");
  const std::string invitation = invite(access_token(ada_.email), ada_.organization_id, grace.email, "admin");
  accept(invitation, grace.email);
  const Tokens inside = sign_in(grace.email, kPassword, ada_.organization_id);
  const Tokens elsewhere = sign_in(grace.email, kPassword, grace.organization_id);

  ASSERT_EQ(remove(access_token(ada_.email), ada_.organization_id, grace.user_id).status, 200);
  expect_problem(session(inside.access), 401, "unauthenticated");
  expect_problem(refresh(inside.refresh), 401, "invalid_refresh_token");
  expect_problem(client().get("/v1/organizations/" + grace.organization_id + "/members", inside.access), 401,
                 "unauthenticated");
  EXPECT_EQ(session(elsewhere.access).status, 200) << "the session in the other organization goes on";
  EXPECT_EQ(refresh(elsewhere.refresh).status, 200);

  const Reply again = try_sign_in(grace.email);
  EXPECT_EQ(again.text("/organization/id"), grace.organization_id);
  EXPECT_EQ(again.at("/organizations").as_array().size(), 1u);
}

TEST_P(Members, OneIsRemovedByTheQueryAsWellAsByTheBody) {
  const Person grace = join(ada_, "grace@acme.example");
  const Person linus = join(ada_, "linus@acme.example");
  const std::string token = access_token(ada_.email);
  const std::string query = to_query({{"org_id", ada_.organization_id}, {"user_id", grace.user_id}});
  EXPECT_EQ(client().del("/delete_member?" + query, token).status, 200);
  expect_problem(client().del("/delete_member?" + query, token), 404, "not_found");
  const Reply both = client().del("/delete_member?org_id=" + ada_.organization_id,
                                  {{"org_id", ada_.organization_id}, {"user_id", linus.user_id}}, token);
  expect_problem(both, 400, "invalid_request");
  EXPECT_EQ(remove(token, ada_.organization_id, linus.user_id).status, 200);
}

TEST_P(Members, OneMayLeave) {
  const Person grace = join(ada_, "grace@acme.example", "admin");
  const std::string token = access_token(grace.email);
  EXPECT_EQ(remove(token, ada_.organization_id, grace.user_id).status, 200);
  expect_problem(session(token), 401, "unauthenticated");
}

TEST_P(Members, ARoleOfAnotherOrganizationIsNoRoleHere) {
  const Founder eve = found("eve@evil.example", "Evil");
  const Person grace = join(ada_, "grace@acme.example");
  const std::string token = access_token(ada_.email);
  const Reply foreign = update_role(token, grace.member_id, eve.roles.at("owner"));
  expect_problem(foreign, 404, "not_found");
  EXPECT_EQ(normalized(foreign),
            normalized(update_role(token, grace.member_id, store::RoleId::make(kStart).to_string())));
  expect_problem(client().post("/invite-member",
                               {{"recipient", "x@acme.example"},
                                {"organization_id", ada_.organization_id},
                                {"role_id", eve.roles.at("member")}},
                               token),
                 404, "not_found");
}

TEST_P(Members, ARemovedMemberCanBeInvitedAgain) {
  const Person grace = join(ada_, "grace@acme.example");
  const std::string token = access_token(ada_.email);
  ASSERT_EQ(remove(token, ada_.organization_id, grace.user_id).status, 200);
  const Person again = accept(invite(token, ada_.organization_id, grace.email), grace.email);
  EXPECT_EQ(again.user_id, grace.user_id) << "the same account, with the same password";
  EXPECT_NE(again.member_id, grace.member_id) << "ids are never used again";
}

TEST_P(Members, WhoJoinsAgainDoesNotFindTheOldSessionAlive) {
  const Person grace = join(ada_, "grace@acme.example", "admin");
  const Tokens old = sign_in(grace.email);
  const std::string token = access_token(ada_.email);
  ASSERT_EQ(remove(token, ada_.organization_id, grace.user_id).status, 200);
  accept(invite(token, ada_.organization_id, grace.email, "admin"), grace.email);
  expect_problem(session(old.access), 401, "unauthenticated");
  expect_problem(refresh(old.refresh), 401, "invalid_refresh_token");
}

GATEHOUSE_ON_BOTH_DATABASES(Members);

}  // namespace gatehouse::tests
