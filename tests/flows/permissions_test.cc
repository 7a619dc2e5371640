#include "store/application_permissions.h"
#include "tests/flows/management_test.h"

namespace gatehouse::tests {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

namespace {

constexpr db::Statement kForget{"test forget permission", "DELETE FROM application_permissions"};

}  // namespace

class PermissionsV1 : public ManagementTest {
 protected:
  Reply check(const Object& about, const std::vector<std::string>& permissions, const std::string& token) {
    Object body = about;
    boost::json::array checks;
    for (const std::string& one : permissions) checks.push_back(Object{{"permission", one}});
    body["checks"] = checks;
    return client().post("/v1/permissions/check", body, token);
  }
  /// "key=grant" for what is allowed, "!key=grant" for what is not.
  std::vector<std::string> results(const Reply& reply) {
    EXPECT_EQ(reply.status, 200) << reply;
    std::vector<std::string> words;
    for (const Json& one : reply.at("/results").as_array()) {
      words.push_back((one.at("allowed").as_bool() ? "" : "!") + text_of(one.at("permission")) + "=" +
                      text_of(one.at("explanation").at("grant")));
    }
    return words;
  }
  std::string permission(const std::string& key) const { return "/v1/operator/permissions/" + key; }
  /// All keys of the catalogue as people see it.
  std::vector<std::string> catalogue() {
    const Reply reply = client().get("/v1/permissions?limit=200", token_);
    std::vector<std::string> keys;
    for (const Json& one : reply.at("/data").as_array()) {
      std::string roles;
      for (const Json& role : one.at("roles").as_array()) roles += " " + text_of(role);
      keys.push_back(text_of(one.at("source")) + " " + text_of(one.at("key")) + roles);
      EXPECT_FALSE(text_of(one.at("description")).empty());
    }
    return keys;
  }
};

TEST_P(PermissionsV1, TheCatalogueNamesAllAndWhoHoldsThem) {
  EXPECT_THAT(catalogue(), Contains("gatehouse organization:read owner admin member"));
  EXPECT_THAT(catalogue(), Contains("gatehouse owners:manage owner"));
  EXPECT_EQ(register_permission("invoices:read", {"member", "admin"}).status, 201);
  EXPECT_THAT(catalogue(), Contains("application invoices:read owner admin member"));
  expect_problem(client().get("/v1/permissions"), 401, "unauthenticated");
  expect_problem(client().get("/v1/permissions", api_key(ada_.organization_id, "roles:read")), 403, "person_needed");
}

TEST_P(PermissionsV1, OneIsToldWhatOneMayAndWhy) {
  const Reply own = check({}, {"members:remove", "owners:manage", "members:remove", "members:fly", ""}, token_);
  expect_field_problem(own, "/checks/4/permission");
  const Reply reply = check({}, {"members:remove", "members:remove", "members:fly"}, token_);
  EXPECT_THAT(results(reply),
              ElementsAre("members:remove=fixed_role", "members:remove=fixed_role", "!members:fly=unknown_permission"));
  EXPECT_EQ(reply.text("/results/0/explanation/role_id"), ada_.roles.at("owner"));
  EXPECT_EQ(reply.text("/results/0/explanation/role_key"), "owner");
  EXPECT_EQ(reply.text("/results/0/explanation/role_name"), "owner");

  const Person grace = join_with("grace@acme.example", "desk", {"stats:read"});
  const std::string inside = access_token(grace.email);
  EXPECT_THAT(results(check({}, {"stats:read", "organization:read"}, inside)),
              ElementsAre("stats:read=custom_role", "!organization:read=none"))
      << "being a member is enough to ask about oneself";
  EXPECT_THAT(
      results(check({{"user_id", grace.user_id}, {"organization_id", ada_.organization_id}}, {"stats:read"}, inside)),
      ElementsAre("stats:read=custom_role"));
  EXPECT_THAT(results(check({}, {}, inside)), IsEmpty());
}

TEST_P(PermissionsV1, AskingAboutOthersNeedsTheRightToSeeMembers) {
  const Person grace = join(ada_, "grace@acme.example");
  const Founder eve = found("eve@evil.example", "Evil");
  EXPECT_THAT(results(check({{"user_id", grace.user_id}}, {"roles:read", "members:read"}, token_)),
              ElementsAre("roles:read=fixed_role", "!members:read=none"));
  expect_problem(check({{"user_id", ada_.user_id}}, {"roles:read"}, access_token(grace.email)), 403, "forbidden");
  expect_same_not_found(check({{"user_id", eve.user_id}}, {"roles:read"}, token_),
                        check({{"user_id", store::UserId::make(kStart).to_string()}}, {"roles:read"}, token_));
  expect_same_not_found(
      check({{"organization_id", eve.organization_id}}, {"roles:read"}, token_),
      check({{"organization_id", store::OrganizationId::make(kStart).to_string()}}, {"roles:read"}, token_));

  ASSERT_EQ(act(path("members/" + grace.member_id + "/suspend"), token_).status, 200);
  EXPECT_THAT(results(check({{"user_id", grace.user_id}}, {"roles:read"}, token_)), ElementsAre("!roles:read=none"));
  ASSERT_EQ(act(path("members/" + grace.member_id + "/reinstate"), token_).status, 200);
  EXPECT_THAT(results(check({{"user_id", grace.user_id}}, {"roles:read"}, token_)),
              ElementsAre("roles:read=fixed_role"));
}

TEST_P(PermissionsV1, ABackEndAsksAboutMembersAndAboutItself) {
  const Person grace = join(ada_, "grace@acme.example", "admin");
  const std::string key = api_key(ada_.organization_id, "members:read stats:read");
  const Reply own = check({}, {"stats:read", "members:remove"}, key);
  EXPECT_THAT(results(own), ElementsAre("stats:read=api_key", "!members:remove=none"));
  EXPECT_TRUE(own.at("/results/0/explanation/role_id").is_null()) << own;
  EXPECT_THAT(results(check({{"user_id", grace.user_id}}, {"members:remove"}, key)),
              ElementsAre("members:remove=fixed_role"));
  const std::string blind = api_key(ada_.organization_id, "stats:read");
  EXPECT_THAT(results(check({}, {"stats:read"}, blind)), ElementsAre("stats:read=api_key"));
  expect_problem(check({{"user_id", grace.user_id}}, {"members:remove"}, blind), 403, "forbidden");
  const Founder eve = found("eve@evil.example", "Evil");
  expect_problem(check({{"organization_id", eve.organization_id}}, {"stats:read"}, key), 404, "not_found");
  expect_field_problem(check({}, {"stats:read"}, api_key("", "platform:read")), "/organization_id");
}

TEST_P(PermissionsV1, AtMostAHundredAtOnceAndSomewhere) {
  EXPECT_EQ(results(check({}, std::vector<std::string>(100, "stats:read"), token_)).size(), 100u);
  expect_field_problem(check({}, std::vector<std::string>(101, "stats:read"), token_), "/checks");
  expect_field_problem(check({}, {"stats:read"}, operator_token()), "/organization_id");
  expect_problem(check({}, {"stats:read"}, ""), 401, "unauthenticated");
}

TEST_P(PermissionsV1, WhatIsRegisteredIsGrantedCarriedAndChecked) {
  ASSERT_EQ(register_permission("invoices:read").status, 201);
  const Person grace = join(ada_, "grace@acme.example");
  const Person linus = join_with("linus@acme.example", "books", {"invoices:read"});
  EXPECT_THAT(permissions_in_session(access_token(ada_.email)), Contains("invoices:read"));
  EXPECT_THAT(permissions_in_session(access_token(grace.email)), Not(Contains("invoices:read")));
  EXPECT_THAT(permissions_in_session(access_token(linus.email)), ElementsAre("invoices:read"));
  EXPECT_THAT(results(check({{"user_id", linus.user_id}}, {"invoices:read"}, token_)),
              ElementsAre("invoices:read=custom_role"));

  const Reply changed =
      patch(permission("invoices:read"), {{"roles", {"member"}}, {"description", "Read them"}}, operator_token());
  ASSERT_EQ(changed.status, 200) << changed;
  EXPECT_EQ(boost::json::serialize(changed.at("/roles")), R"(["owner","admin","member"])");
  EXPECT_THAT(results(check({}, {"invoices:read"}, access_token(grace.email))),
              ElementsAre("invoices:read=fixed_role"));
}

TEST_P(PermissionsV1, WhatMembersHoldAdminsHoldTooSoThatTheyStillManageThem) {
  const Person grace = join(ada_, "grace@acme.example");
  const Person linus = join(ada_, "linus@acme.example", "admin");
  const Reply made = register_permission("invoices:read", {"member"});
  ASSERT_EQ(made.status, 201) << made;
  EXPECT_EQ(boost::json::serialize(made.at("/roles")), R"(["owner","admin","member"])");
  ASSERT_EQ(act(path("members/" + grace.member_id + "/suspend"), access_token(linus.email)).status, 200);
  EXPECT_EQ(act(path("members/" + grace.member_id + "/reinstate"), access_token(linus.email)).status, 200);
}

TEST_P(PermissionsV1, WhatIsRemovedIsGoneFromEveryRoleAndKeyForGood) {
  ASSERT_EQ(register_permission("invoices:read").status, 201);
  ASSERT_EQ(register_permission("invoices:void").status, 201);
  const Person linus = join_with("linus@acme.example", "books", {"invoices:read", "invoices:void"});
  const Tokens tokens = sign_in(linus.email);
  const std::string key = api_key(ada_.organization_id, "invoices:read stats:read");
  EXPECT_EQ(erase(permission("invoices:read"), operator_token()).status, 204);

  expect_problem(session(tokens.access), 401, "unauthenticated");
  EXPECT_THAT(permissions_in_session(refresh(tokens.refresh).text("/access_token")), ElementsAre("invoices:void"));
  EXPECT_THAT(results(check({}, {"invoices:read", "stats:read"}, key)),
              ElementsAre("!invoices:read=unknown_permission", "stats:read=api_key"));
  EXPECT_THAT(catalogue(), Not(Contains(testing::HasSubstr("invoices:read"))));
  expect_field_problem(try_make_role("late", {"invoices:read"}, token_), "/permissions/0");

  ASSERT_EQ(register_permission("invoices:read").status, 201);
  EXPECT_THAT(permissions_in_session(access_token(linus.email)), ElementsAre("invoices:void"));
  EXPECT_THAT(results(check({}, {"invoices:read"}, key)), ElementsAre("!invoices:read=none"));
}

TEST_P(PermissionsV1, ARemovalThatWasCutShortIsFinishedByAskingAgainOrByRegisteringAnew) {
  const auto leave_a_grant = [&](const std::string& email, const std::string& role) {
    EXPECT_EQ(register_permission("invoices:read").status, 201);
    const Person person = join_with(email, role, {"invoices:read"});
    program().execute(kForget);  // as if the program had died here
    EXPECT_THAT(permissions_in_session(access_token(email)), IsEmpty()) << "it counts nowhere from the first moment on";
    return person;
  };
  const Person linus = leave_a_grant("linus@acme.example", "books");
  EXPECT_EQ(erase(permission("invoices:read"), operator_token()).status, 204);
  expect_problem(erase(permission("invoices:read"), operator_token()), 404, "not_found");
  const Person grace = leave_a_grant("grace@acme.example", "ledger");
  ASSERT_EQ(register_permission("invoices:read").status, 201);
  EXPECT_THAT(permissions_in_session(access_token(linus.email)), IsEmpty());
  EXPECT_THAT(permissions_in_session(access_token(grace.email)), IsEmpty());
}

TEST_P(PermissionsV1, KeysAreOfOneFormAndTakeNothingOfGatehouses) {
  for (const std::string wrong :
       {"invoices", "invoices:", ":read", "Invoices:read", "in voices:read", "a:b:c", "1a:read", "a:1", "a:b*",
        "members:fly", "platform:own", "owners:manage", "api_keys:x"}) {
    expect_field_problem(register_permission(wrong), "/key");
  }
  expect_field_problem(register_permission(std::string(32, 'a') + ":read"), "/key");
  EXPECT_EQ(register_permission(std::string(31, 'a') + ":" + std::string(31, 'b')).status, 201);
  ASSERT_EQ(register_permission("invoices:read").status, 201);
  expect_problem(register_permission("invoices:read"), 409, "permission_taken");
  expect_field_problem(register_permission("x:y", {"root"}), "/roles/0");
  const Reply none =
      client().post("/v1/operator/permissions", {{"key", "x:y"}, {"description", " "}}, operator_token());
  expect_field_problem(none, "/description");
  for (const std::string own : {"members:read", "nothing:here"}) {
    expect_problem(erase(permission(own), operator_token()), 404, "not_found");
    expect_problem(patch(permission(own), {{"description", "x"}}, operator_token()), 404, "not_found");
    expect_problem(client().get(permission(own), operator_token()), 404, "not_found");
  }
}

TEST_P(PermissionsV1, ThereIsRoomForAsManyAsFitIntoAToken) {
  const std::string end(30, 'x');
  int registered = 0;
  const std::string token = operator_token();
  for (;; ++registered) {
    const std::string key = "r" + std::to_string(registered) + end.substr(4) + ":a" + end;
    const Reply reply = client().post("/v1/operator/permissions", {{"key", key}, {"description", "One more"}}, token);
    if (reply.status == 201) continue;
    expect_problem(reply, 409, "too_many");
    break;
  }
  EXPECT_GE(registered, 20);
  const std::string access = access_token(ada_.email);
  EXPECT_LE(access.size(), 4096u) << "of an owner, who holds all";
  EXPECT_EQ(session(access).status, 200);
}

TEST_P(PermissionsV1, AnEntityTagGuardsChangesOfTheCatalogue) {
  const std::string token = operator_token();
  ASSERT_EQ(register_permission("invoices:read").status, 201);
  const Reply shown = client().get(permission("invoices:read"), token);
  ASSERT_EQ(shown.status, 200) << shown;
  EXPECT_EQ(client().get("/v1/operator/permissions", token).at("/data/0"), shown.json);
  const Headers if_match{{"If-Match", shown.header("etag")}};
  const Reply changed = patch(permission("invoices:read"), {{"description", "Other"}}, token, if_match);
  ASSERT_EQ(changed.status, 200) << changed;
  EXPECT_EQ(changed.body, client().get(permission("invoices:read"), token).body);
  EXPECT_EQ(patch(permission("invoices:read"), {}, token).body, changed.body);
  expect_problem(patch(permission("invoices:read"), {{"description", "x"}}, token, if_match), 412,
                 "precondition_failed");
  expect_problem(erase(permission("invoices:read"), token, if_match), 412, "precondition_failed");
  EXPECT_EQ(erase(permission("invoices:read"), token, {{"If-Match", changed.header("etag")}}).status, 204);
}

TEST_P(PermissionsV1, TheCatalogueIsForOperatorsAndTheirKeys) {
  const Object body{{"key", "invoices:read"}, {"description", "Read"}};
  const std::string reads = api_key("", "platform:read"), manages = api_key("", "platform:manage");
  const auto calls = [&](const std::string& token) {
    return std::vector<Reply>{client().post("/v1/operator/permissions", body, token),
                              patch(permission("invoices:read"), {{"description", "x"}}, token),
                              erase(permission("invoices:read"), token)};
  };
  for (const Reply& reply : calls(token_)) expect_problem(reply, 404, "not_found");
  for (const Reply& reply : calls(api_key(ada_.organization_id, "platform:manage"))) {
    expect_problem(reply, 404, "not_found");
  }
  for (const Reply& reply : calls(reads)) expect_problem(reply, 403, "forbidden");
  expect_problem(client().get("/v1/operator/permissions", token_), 404, "not_found");
  expect_problem(client().get("/v1/operator/permissions", manages), 403, "forbidden");
  EXPECT_EQ(client().get("/v1/operator/permissions", reads).status, 200);
  const auto done = calls(manages);
  EXPECT_EQ(done[0].status, 201) << done[0];
  EXPECT_EQ(done[1].status, 200) << done[1];
  EXPECT_EQ(done[2].status, 204) << done[2];
}

GATEHOUSE_ON_BOTH_DATABASES(PermissionsV1);

}  // namespace gatehouse::tests
