#include "store/roles.h"
#include "tests/flows/management_test.h"

namespace gatehouse::tests {

using testing::ElementsAre;

namespace {
using Array = boost::json::array;
}

class Roles : public ManagementTest {
 protected:
  std::string role(const std::string& id) const { return path("roles/" + id); }
  std::string nothing() const { return role(store::RoleId::make(kStart).to_string()); }
  Reply create(const Object& body) { return client().post(path("roles"), body, token_); }
  std::vector<std::string> permissions_of(const Reply& reply) {
    return boost::json::value_to<std::vector<std::string>>(reply.at("/permissions"));
  }
};

TEST_P(Roles, ACustomRoleIsMadeListedShownChangedAndDeleted) {
  const Reply made = create({{"name", " Accounts  Receivable! "},
                             {"description", "Sends reminders"},
                             {"permissions", {"members:read", "invitations:read", "members:read"}}});
  ASSERT_EQ(made.status, 201) << made;
  EXPECT_EQ(made.text("/key"), "accounts_receivable");
  EXPECT_EQ(made.text("/name"), "Accounts  Receivable!");
  EXPECT_EQ(made.text("/description"), "Sends reminders");
  EXPECT_THAT(permissions_of(made), ElementsAre("invitations:read", "members:read"));
  const std::string id = made.text("/id");
  EXPECT_EQ(client().get(role(id), token_).body, made.body);
  EXPECT_EQ(client().get(path("roles"), token_).at("/data").as_array().size(), 4u);

  const Reply changed = patch(role(id), {{"name", "Ledger"}, {"permissions", {"stats:read"}}}, token_);
  ASSERT_EQ(changed.status, 200) << changed;
  EXPECT_EQ(changed.text("/key"), "accounts_receivable") << "a key never changes";
  EXPECT_EQ(changed.text("/description"), "Sends reminders");
  EXPECT_THAT(permissions_of(changed), ElementsAre("stats:read"));
  EXPECT_EQ(client().get(role(id), token_).body, changed.body);
  EXPECT_EQ(patch(role(id), {}, token_).body, changed.body);

  EXPECT_EQ(erase(role(id), token_).status, 204);
  expect_same_not_found(client().get(role(id), token_), client().get(nothing(), token_));
}

TEST_P(Roles, AreListedInTheOrderInWhichTheyWereMade) {
  make_role("zeta", {}, token_);
  program().advance(std::chrono::seconds(1));
  make_role("alpha", {}, token_);
  const auto keys = [](const Json& rows, const auto& key_of) {
    std::vector<std::string> all;
    for (const Json& row : rows.as_array()) all.push_back(text_of(key_of(row)));
    return all;
  };
  const Reply listed = client().get(path("roles"), token_);
  EXPECT_THAT(keys(listed.at("/data"), [](const Json& row) { return row.at("key"); }),
              ElementsAre("owner", "admin", "member", "zeta", "alpha"));
  const Reply made = client().post("/v1/operator/organizations",
                                   {{"name", "Delta"}, {"owner_email", "dan@delta.example"}}, operator_token());
  ASSERT_EQ(made.status, 201) << made;
  EXPECT_THAT(keys(made.at("/organization/members"), [](const Json& row) { return row.at("role").at("key"); }),
              ElementsAre("owner", "admin", "member"));
}

TEST_P(Roles, KeysAreMadeOfTheNameOrGivenAndNeverMeet) {
  const auto key_of = [&](const std::string& name) {
    const Reply reply = create({{"name", name}, {"permissions", Array()}});
    EXPECT_EQ(reply.status, 201) << reply;
    return reply.text("/key");
  };
  EXPECT_EQ(key_of("Team Lead"), "team_lead");
  EXPECT_EQ(key_of("Team & Lead 1"), "team_lead_1");
  EXPECT_EQ(key_of("3rd level"), "rd_level");
  EXPECT_EQ(key_of("出納"), "role");
  EXPECT_EQ(key_of("監査"), "role_2");
  EXPECT_EQ(key_of("Größe"), "gr_e");
  for (const std::string wrong : {"Upper", "1st", "_x", "a-b", "a b", "a:b", "é"}) {
    expect_field_problem(create({{"key", wrong}, {"name", "X " + wrong}, {"permissions", Array()}}), "/key");
  }
  EXPECT_EQ(create({{"key", "auditor"}, {"name", "Auditor"}, {"permissions", Array()}}).text("/key"), "auditor");
  for (const std::string taken : {"auditor", "owner", "admin", "member"}) {
    expect_problem(create({{"key", taken}, {"name", "New " + taken}, {"permissions", Array()}}), 409,
                   "role_name_taken");
  }
}

TEST_P(Roles, NoNameCanBeMistakenForAnother) {
  const std::string id = create({{"name", "Auditor"}, {"permissions", Array()}}).text("/id");
  ASSERT_EQ(patch(role(ada_.roles.at("owner")), {{"name", "Chief"}}, token_).status, 200);
  for (const std::string alike :
       {"auditor", "Aud1tor", "AUDITOR.", "Admin", "adm1n", "Mernber", "0wner", "chief", "Chíef"}) {
    expect_problem(create({{"name", alike}, {"permissions", Array()}}), 409, "role_name_taken");
  }
  expect_problem(patch(role(id), {{"name", "Owner"}}, token_), 409, "role_name_taken");
  expect_problem(patch(role(ada_.roles.at("admin")), {{"name", "Member"}}, token_), 409, "role_name_taken");
  EXPECT_EQ(patch(role(id), {{"name", "AUDITOR"}}, token_).text("/name"), "AUDITOR") << "its own name in other letters";
  EXPECT_EQ(patch(role(ada_.roles.at("owner")), {{"name", "Owner"}}, token_).text("/name"), "Owner");
  expect_field_problem(create({{"name", "  "}, {"permissions", Array()}}), "/name");
  expect_field_problem(create({{"name", "a\u202eb"}, {"permissions", Array()}}), "/name");
  expect_field_problem(create({{"name", "Fine"}, {"description", "a\nb"}, {"permissions", Array()}}), "/description");
}

TEST_P(Roles, OnlyPermissionsThatThereAreAndThatOwnersShareCanBeGranted) {
  const Reply wrong =
      create({{"name", "X"}, {"permissions", {"members:read", "members:fly", "owners:manage", "organization:delete"}}});
  expect_field_problem(wrong, "/permissions/1");
  expect_field_problem(wrong, "/permissions/2");
  expect_field_problem(wrong, "/permissions/3");
  expect_field_problem(create({{"name", "X"}, {"permissions", {"platform:manage"}}}), "/permissions/0");
  expect_field_problem(create({{"name", "X"}, {"permissions", {"members:read stats:read"}}}), "/permissions/0");
  Array many;
  for (int i = 0; i < 101; ++i) many.emplace_back("members:read");
  expect_field_problem(create({{"name", "X"}, {"permissions", many}}), "/permissions");
  expect_field_problem(create({{"name", "X"}}), "/permissions");
  EXPECT_EQ(client().get(path("roles"), token_).at("/data").as_array().size(), 3u);
}

TEST_P(Roles, OtherPermissionsHoldAtOnceAndArriveWithARefresh) {
  const std::string desk = make_role("desk", {"members:read", "members:invite"}, token_);
  const Person grace = join(ada_, "grace@acme.example", "desk");
  const Person linus = join(ada_, "linus@acme.example", "admin");
  const Tokens tokens = sign_in(grace.email), others = sign_in(linus.email);
  const std::string sent = invite(tokens.access, ada_.organization_id, "x@acme.example", "desk");
  const std::string kept = invite(others.access, ada_.organization_id, "y@acme.example", "desk");

  ASSERT_EQ(patch(role(desk), {{"name", "Front desk"}}, token_).status, 200);
  EXPECT_EQ(session(tokens.access).status, 200) << "a name is no right";
  ASSERT_EQ(patch(role(desk), {{"permissions", {"members:read"}}}, token_).status, 200);
  expect_problem(session(tokens.access), 401, "unauthenticated");
  EXPECT_EQ(session(others.access).status, 200) << "who has another role is not concerned";
  const Reply renewed = refresh(tokens.refresh);
  ASSERT_EQ(renewed.status, 200) << renewed;
  EXPECT_THAT(permissions_in_session(renewed.text("/access_token")), ElementsAre("members:read"));
  const auto accept_answer = [&](const std::string& token, const std::string& email) {
    return client().post("/accept-invite", {{"token", token}, {"email", email}, {"password", kPassword}});
  };
  expect_problem(accept_answer(sent, "x@acme.example"), 410, "link_dead");
  EXPECT_EQ(accept_answer(kept, "y@acme.example").status, 200);
}

TEST_P(Roles, ARoleInUseGoesOnlyWithAReplacement) {
  const std::string desk = make_role("desk", {"members:read", "members:invite"}, token_);
  const std::string other = make_role("other", {"stats:read"}, token_);
  const Person grace = join(ada_, "grace@acme.example", "desk");
  const Tokens tokens = sign_in(grace.email);
  const std::string sent = invite(tokens.access, ada_.organization_id, "x@acme.example", "desk");
  const std::string pending = invite(token_, ada_.organization_id, "linus@acme.example", "desk");

  expect_problem(erase(role(desk), token_), 409, "role_in_use");
  expect_field_problem(erase(role(desk) + "?replacement=" + desk, token_), "?replacement");
  const Founder eve = found("eve@evil.example", "Evil");
  expect_same_not_found(erase(role(desk) + "?replacement=" + eve.roles.at("member"), token_),
                        erase(role(desk) + "?replacement=" + store::RoleId::make(kStart).to_string(), token_));
  EXPECT_EQ(session(tokens.access).status, 200) << "nothing was changed so far";

  ASSERT_EQ(erase(role(desk) + "?replacement=" + other, token_).status, 204);
  expect_problem(session(tokens.access), 401, "unauthenticated");
  EXPECT_THAT(permissions_in_session(refresh(tokens.refresh).text("/access_token")), ElementsAre("stats:read"));
  expect_problem(
      client().post("/accept-invite", {{"token", sent}, {"email", "x@acme.example"}, {"password", kPassword}}), 410,
      "link_dead");
  accept(pending, "linus@acme.example");
  EXPECT_THAT(permissions_in_session(access_token("linus@acme.example")), ElementsAre("stats:read"));
}

TEST_P(Roles, FinishedAndExpiredInvitationsDoNotHoldARole) {
  const std::string desk = make_role("desk", {"members:read"}, token_);
  const Person grace = join(ada_, "grace@acme.example", "desk");
  ASSERT_EQ(patch(path("members/" + grace.member_id), {{"role", "member"}}, token_).status, 200);
  invite(token_, ada_.organization_id, "x@acme.example", "desk");
  expect_problem(erase(role(desk), token_), 409, "role_in_use");
  program().advance(std::chrono::hours(24 * 8));
  EXPECT_EQ(erase(role(desk), access_token(ada_.email)).status, 204);
}

TEST_P(Roles, TheFixedRolesTakeAnotherNameAndNothingElse) {
  for (const std::string key : {"owner", "admin", "member"}) {
    const std::string target = role(ada_.roles.at(key));
    const Reply before = client().get(target, token_);
    expect_problem(patch(target, {{"permissions", {"members:read"}}}, token_), 409, "fixed_role");
    expect_problem(patch(target, {{"permissions", before.at("/permissions")}}, token_), 409, "fixed_role");
    expect_problem(erase(target + "?replacement=" + ada_.roles.at("member"), token_), 409, "fixed_role");
    EXPECT_EQ(client().get(target, token_).body, before.body);
    const Reply renamed = patch(target, {{"name", "Our " + key}}, token_);
    EXPECT_EQ(renamed.text("/name"), "Our " + key) << renamed;
    EXPECT_EQ(renamed.text("/key"), key);
    EXPECT_EQ(renamed.at("/permissions"), before.at("/permissions"));
  }
}

TEST_P(Roles, AnEntityTagGuardsChanges) {
  const std::string desk = make_role("desk", {"members:read"}, token_);
  const std::string tag = client().get(role(desk), token_).header("etag");
  const Headers if_match{{"If-Match", tag}};
  const Reply changed = patch(role(desk), {{"description", "The first"}}, token_, if_match);
  ASSERT_EQ(changed.status, 200) << changed;
  expect_problem(patch(role(desk), {{"description", "The second"}}, token_, if_match), 412, "precondition_failed");
  expect_problem(erase(role(desk), token_, if_match), 412, "precondition_failed");
  EXPECT_EQ(client().get(role(desk), token_).text("/description"), "The first");
  EXPECT_EQ(erase(role(desk), token_, {{"If-Match", changed.header("etag")}}).status, 204);
}

TEST_P(Roles, MakingOneTwiceWithOneIdempotencyKeyMakesOne) {
  const auto make = [&] {
    return client().send({.method = "POST",
                          .target = path("roles"),
                          .token = token_,
                          .headers = {{"Idempotency-Key", "\"one\""}},
                          .body = R"({"name":"Desk","permissions":["members:read"]})"});
  };
  const Reply first = make(), second = make();
  ASSERT_EQ(first.status, 201) << first;
  EXPECT_EQ(second.status, 201) << second;
  EXPECT_EQ(first.body, second.body);
  EXPECT_EQ(client().get(path("roles"), token_).at("/data").as_array().size(), 4u);
}

TEST_P(Roles, AnOrganizationHasAHundredAtMost) {
  const auto organization = store::OrganizationId::parse(ada_.organization_id).value();
  const auto done = program().services().database.write([&](db::Transaction& tx) -> base::Result<void> {
    for (int i = 0; i < 96; ++i) {
      const std::string key = "role_" + std::to_string(i);
      store::insert_role(tx, {organization, store::RoleId::make(kStart), key, "Role " + key, kStart});
    }
    return {};
  });
  ASSERT_TRUE(done);
  make_role("last", {}, token_);
  expect_problem(try_make_role("surplus", {}, token_), 409, "too_many");
}

TEST_P(Roles, NobodyShutsThemselvesOutOfTheManagementOfRoles) {
  const std::string keeper = make_role("keeper", {"roles:read", "roles:manage", "members:read"}, token_);
  const std::string reader = make_role("reader", {"members:read"}, token_);
  const Person grace = join(ada_, "grace@acme.example", "keeper");
  const std::string inside = access_token(grace.email);
  expect_problem(patch(role(keeper), {{"permissions", {"roles:read"}}}, inside), 409, "wrong_state");
  expect_problem(erase(role(keeper) + "?replacement=" + reader, inside), 409, "wrong_state");
  ASSERT_EQ(patch(role(keeper), {{"permissions", {"roles:read", "roles:manage"}}}, inside).status, 200);
  EXPECT_THAT(permissions_in_session(access_token(grace.email)), ElementsAre("roles:manage", "roles:read"));
  EXPECT_EQ(patch(role(keeper), {{"permissions", {"roles:read"}}}, token_).status, 200) << "somebody else may";
}

TEST_P(Roles, WhoLacksTheRightIsForbiddenAndStrangersSeeNothing) {
  const std::string desk = make_role("desk", {"members:read"}, token_);
  const Person grace = join(ada_, "grace@acme.example");
  const Person linus = join(ada_, "linus@acme.example", "desk");
  const Founder eve = found("eve@evil.example", "Evil");
  const std::string inside = access_token(grace.email), outside = access_token(eve.email);
  const Object fresh{{"name", "New"}, {"permissions", Array()}};
  const auto changes = [&](const std::string& target, const std::string& token) {
    return std::vector<Reply>{patch(target, {{"name", "Other"}}, token), erase(target, token)};
  };
  for (const Reply& reply : changes(role(desk), inside)) expect_problem(reply, 403, "forbidden");
  for (const Reply& reply : changes(role(desk), outside)) expect_problem(reply, 404, "not_found");
  expect_problem(client().post(path("roles"), fresh, inside), 403, "forbidden");
  expect_problem(client().post(path("roles"), fresh, outside), 404, "not_found");
  EXPECT_EQ(client().get(role(desk), inside).status, 200) << "members see the roles";
  expect_problem(client().get(role(desk), access_token(linus.email)), 403, "forbidden");
  expect_problem(client().get(role(desk), outside), 404, "not_found");
  expect_problem(client().get(path("roles"), outside), 404, "not_found");
  const auto theirs = changes(role(eve.roles.at("admin")), token_), none = changes(nothing(), token_);
  for (std::size_t i = 0; i < theirs.size(); ++i) expect_same_not_found(theirs[i], none[i]);
  expect_same_not_found(client().get(role(eve.roles.at("admin")), token_), client().get(nothing(), token_));
}

GATEHOUSE_ON_BOTH_DATABASES(Roles);

}  // namespace gatehouse::tests
