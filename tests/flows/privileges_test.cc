#include "tests/flows/management_test.h"
#include "tests/support/at_once.h"

namespace gatehouse::tests {

using testing::ElementsAre;

/// Nobody comes to hold, or gives, what no one entitled gave. Grace keeps the roles and the members, and sees the
/// statistics; what she lacks is the audit log, and all that admins and owners hold beyond that.
class Privileges : public ManagementTest {
 protected:
  void SetUp() override {
    ManagementTest::SetUp();
    grace_ = join_with("grace@acme.example", "keeper", kHers);
    above_ = make_role("above", {"members:read", "audit:read"}, token_);
    below_ = make_role("below", {"members:read"}, token_);
    grace_token_ = access_token(grace_.email);
  }
  std::string role(const std::string& id) const { return path("roles/" + id); }
  std::string member(const Person& person) const { return path("members/" + person.member_id); }

  const std::vector<std::string> kHers{"members:invite", "members:read", "members:remove", "members:update",
                                       "roles:manage",   "roles:read",   "stats:read"};
  Person grace_;
  std::string above_, below_, grace_token_;
};

TEST_P(Privileges, NobodyMakesARoleWithWhatTheyLack) {
  for (const std::string lacking : {"audit:read", "organization:read", "api_keys:manage", "policies:update"}) {
    expect_problem(try_make_role("mine", {"members:read", lacking}, grace_token_), 403, "outranked");
  }
  EXPECT_EQ(try_make_role("mine", kHers, grace_token_).status, 201) << "all of one's own may be given";
  const std::string admin = access_token(join(ada_, "barbara@acme.example", "admin").email);
  expect_field_problem(try_make_role("more", {"owners:manage"}, admin), "/permissions/0");
  ASSERT_EQ(register_permission("safes:open", {"owner"}).status, 201);
  expect_problem(try_make_role("more", {"safes:open"}, admin), 403, "outranked");
  EXPECT_EQ(try_make_role("more", {"safes:open"}, token_).status, 201);
}

TEST_P(Privileges, NobodyAddsToARoleWhatTheyLackNorTouchesOneAboveThem) {
  expect_problem(patch(role(below_), {{"permissions", {"members:read", "audit:read"}}}, grace_token_), 403,
                 "outranked");
  expect_problem(patch(role(above_), {{"permissions", {"members:read"}}}, grace_token_), 403, "outranked");
  expect_problem(patch(role(above_), {{"name", "Harmless"}}, grace_token_), 403, "outranked");
  expect_problem(erase(role(above_), grace_token_), 403, "outranked");
  for (const std::string key : {"owner", "admin", "member"}) {
    expect_problem(patch(role(ada_.roles.at(key)), {{"name", "Serfs"}}, grace_token_), 403, "outranked");
  }
  EXPECT_EQ(patch(role(below_), {{"permissions", {"stats:read"}}}, grace_token_).status, 200);
}

TEST_P(Privileges, NobodyWidensTheirOwnRole) {
  const std::string own = client().get(member(grace_), token_).text("/role/id");
  std::vector<std::string> more = kHers;
  more.push_back("audit:read");
  expect_problem(patch(role(own), {{"permissions", boost::json::value_from(more)}}, grace_token_), 403, "outranked");
  expect_problem(patch(member(grace_), {{"role_id", above_}}, grace_token_), 403, "outranked");
  expect_problem(patch(member(grace_), {{"role", "admin"}}, grace_token_), 403, "outranked");
  EXPECT_EQ(permissions_in_session(access_token(grace_.email)), kHers);
}

TEST_P(Privileges, NobodyGivesARoleAboveThemByAnyRoad) {
  const Person linus = join(ada_, "linus@acme.example", "below");
  expect_problem(patch(member(linus), {{"role_id", above_}}, grace_token_), 403, "outranked");
  expect_problem(update_role(grace_token_, linus.member_id, above_), 403, "outranked");
  expect_problem(
      client().post("/invite-member",
                    {{"recipient", "x@acme.example"}, {"organization_id", ada_.organization_id}, {"role_id", above_}},
                    grace_token_),
      403, "outranked");
  for (const std::string& replacement : {above_, ada_.roles.at("owner"), ada_.roles.at("admin")}) {
    expect_problem(erase(role(below_) + "?replacement=" + replacement, grace_token_), 403, "outranked");
  }
  EXPECT_THAT(permissions_in_session(access_token(linus.email)), ElementsAre("members:read"));
}

TEST_P(Privileges, NobodyTouchesAMemberAboveThem) {
  const Person linus = join(ada_, "linus@acme.example", "above");
  expect_problem(patch(member(linus), {{"role_id", below_}}, grace_token_), 403, "outranked");
  expect_problem(act(member(linus) + "/suspend", grace_token_), 403, "outranked");
  expect_problem(erase(member(linus), grace_token_), 403, "outranked");
  ASSERT_EQ(act(member(linus) + "/suspend", token_).status, 200);
  expect_problem(act(member(linus) + "/reinstate", grace_token_), 403, "outranked");
  EXPECT_EQ(client().get(member(linus), token_).text("/status"), "suspended");
}

TEST_P(Privileges, WhatWasLegalIsOverOnceARoleHasGrownAboveIt) {
  const Person linus = join(ada_, "linus@acme.example", "below");
  ASSERT_EQ(patch(role(below_), {{"permissions", {"members:read", "audit:read"}}}, token_).status, 200);
  expect_problem(act(member(linus) + "/suspend", grace_token_), 403, "outranked");
  expect_problem(patch(role(below_), {{"permissions", {"members:read"}}}, grace_token_), 403, "outranked");
}

TEST_P(Privileges, AKeyGivesNoMoreThanItHolds) {
  const std::string key = api_key(ada_.organization_id, "members:read members:remove members:update roles:manage");
  const Person linus = join(ada_, "linus@acme.example", "below");
  expect_problem(try_make_role("mine", {"audit:read"}, key), 403, "outranked");
  expect_problem(patch(role(below_), {{"permissions", {"stats:read"}}}, key), 403, "outranked");
  expect_problem(patch(role(above_), {{"name", "Harmless"}}, key), 403, "outranked");
  expect_problem(erase(role(below_) + "?replacement=" + above_, key), 403, "outranked");
  expect_problem(erase(role(below_) + "?replacement=" + ada_.roles.at("owner"), key), 403, "outranked");
  expect_problem(patch(member(linus), {{"role", "admin"}}, key), 403, "outranked");
  expect_problem(patch(member(grace_), {{"role_id", below_}}, key), 403, "outranked");
  expect_problem(act(member(ada_) + "/suspend", key), 403, "outranked");
  const Reply made = try_make_role("mine", {"members:update"}, key);
  ASSERT_EQ(made.status, 201) << made;
  EXPECT_EQ(patch(member(linus), {{"role", "mine"}}, key).text("/role/key"), "mine");
  const std::string dead = api_key(ada_.organization_id, "members:read");
  expect_problem(act(member(linus) + "/suspend", dead), 403, "forbidden");
}

// A removal and a grant that meet: whichever is first, nobody holds the permission afterwards.
TEST_P(Privileges, AGrantThatRacesWithTheRemovalOfItsPermissionDoesNotOutliveIt) {
  const std::string root = operator_token();
  for (int round = 0; round < 5; ++round) {
    ASSERT_EQ(register_permission("invoices:read").status, 201);
    const std::string owner = access_token(ada_.email);
    const std::string name = "round" + std::to_string(round);
    const auto replies = ask_at_once(2, [&](int which) {
      return which == 0 ? try_make_role(name, {"members:read", "invoices:read"}, owner)
                        : erase("/v1/operator/permissions/invoices:read", root);
    });
    EXPECT_EQ(replies[1].status, 204) << replies[1];
    ASSERT_EQ(register_permission("invoices:read", {}).status, 201);
    const Reply roles = client().get(path("roles"), owner);
    for (const Json& one : roles.at("/data").as_array()) {
      if (text_of(one.at("key")) != name) continue;
      EXPECT_EQ(boost::json::serialize(one.at("permissions")), R"(["members:read"])");
    }
    ASSERT_EQ(erase("/v1/operator/permissions/invoices:read", root).status, 204);
  }
}

// Two change each other's roles at once: each act is judged by what its author held at that moment.
TEST_P(Privileges, RightsThatAreTakenAwayMeanwhileAreNotUsedAnyMore) {
  const Person linus = join(ada_, "linus@acme.example", "keeper");
  const std::string linus_token = access_token(linus.email);
  const auto replies = ask_at_once(2, [&](int which) {
    return which == 0 ? act(member(linus) + "/suspend", grace_token_) : act(member(grace_) + "/suspend", linus_token);
  });
  const int done = int(replies[0].status == 200) + int(replies[1].status == 200);
  EXPECT_EQ(done, 1) << replies[0] << replies[1];
  std::vector<std::string> states{client().get(member(linus), token_).text("/status"),
                                  client().get(member(grace_), token_).text("/status")};
  EXPECT_THAT(states, testing::UnorderedElementsAre("active", "suspended"));
}

GATEHOUSE_ON_BOTH_DATABASES(Privileges);

}  // namespace gatehouse::tests
