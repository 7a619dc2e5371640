#include "domain/organizations.h"
#include "tests/support/at_once.h"
#include "tests/support/flow_test.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

using namespace std::chrono_literals;

class Organizations : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    ada_ = found("ada@acme.example", "Acme");
  }

  static std::string path(const std::string& id, const std::string& rest = {}) {
    return "/v1/organizations/" + id + rest;
  }
  Reply create(const std::string& token, const Object& body, const std::string& key = {}) {
    return client().send({.method = "POST",
                          .target = "/v1/organizations",
                          .token = token,
                          .headers = key.empty() ? Headers{} : Headers{{"Idempotency-Key", key}},
                          .body = boost::json::serialize(body)});
  }
  /// With an entity tag that must match when one is given.
  Reply change(const std::string& method, const std::string& target, const std::string& token,
               const std::optional<Object>& body = {}, const std::string& etag = {}) {
    Call call{.method = method, .target = target, .token = token};
    if (!etag.empty()) call.headers.emplace_back("If-Match", etag);
    if (body) call.body = boost::json::serialize(*body);
    if (method == "PATCH") call.content_type = "application/merge-patch+json";
    return client().send(call);
  }
  Reply transfer(const std::string& token, const std::string& member_id) {
    return client().post(path(ada_.organization_id, "/transfer-ownership"), {{"member_id", member_id}}, token);
  }
  std::vector<std::string> names(const std::string& token) {
    std::vector<std::string> found;
    const Reply list = client().get("/v1/organizations", token);
    for (const Json& one : list.at("/data").as_array()) {
      found.push_back(text_of(one.at("name")) + " " + text_of(one.at("status")));
    }
    return found;
  }
  std::int64_t count(const db::Statement& statement) {
    return program().services().database.read(
        [&](db::Transaction& tx) { return tx.query_one(statement)->get<std::int64_t>(0); });
  }
  /// Every organization has one at all times.
  void expect_an_owner(const std::string& organization_id) {
    static constexpr db::Statement kOwnerless{
        "test ownerless",
        "SELECT COUNT(*) FROM organizations o WHERE NOT EXISTS (SELECT 1 FROM members m JOIN roles r "
        "ON r.organization_id = m.organization_id AND r.id = m.role_id WHERE m.organization_id = o.id "
        "AND r.key = 'owner' AND m.status = 'active')"};
    EXPECT_EQ(count(kOwnerless), 0) << organization_id;
  }

  Founder ada_;
};

TEST_P(Organizations, APersonFoundsAnotherAndOwnsIt) {
  const std::string token = access_token(ada_.email);
  const Reply made = create(token, {{"name", "  Zenith "}});
  ASSERT_EQ(made.status, 201) << made;
  EXPECT_EQ(made.text("/name"), "Zenith");
  EXPECT_EQ(made.text("/slug"), "zenith");
  EXPECT_EQ(made.text("/status"), "active");
  EXPECT_FALSE(made.flag("/has_own_directory"));
  EXPECT_TRUE(made.at("/purge_at").is_null());
  EXPECT_THAT(names(token), testing::UnorderedElementsAre("Acme active", "Zenith active"));
  const std::string owner = access_token(ada_.email, made.text("/id"));
  EXPECT_EQ(session(owner).text("/organization/role/key"), "owner");
  EXPECT_EQ(client().get(path(made.text("/id"), "/roles"), owner).at("/data").as_array().size(), 3u);

  const Reply twin = create(token, {{"name", "Zenith"}});
  ASSERT_EQ(twin.status, 201) << twin;
  EXPECT_THAT(twin.text("/slug"), testing::StartsWith("zenith-"));
  EXPECT_EQ(create(token, {{"name", "Other"}, {"slug", "other-1"}}).text("/slug"), "other-1");
  expect_problem(create(token, {{"name", "Other"}, {"slug", "other-1"}}), 409, "slug_taken");
}

TEST_P(Organizations, RefusesNamesAndSlugsThatAreNone) {
  const std::string token = access_token(ada_.email);
  expect_field_problem(create(token, {{"name", " \t "}}), "/name");
  expect_field_problem(create(token, {{"name", "a\u202eb"}}), "/name");
  for (const std::string slug : {"-a", "a-", "A", "a_b", "a b", "ä", "org_01h2xcejqtf2nbrexx3vqjhp41"}) {
    expect_field_problem(create(token, {{"name", "Other"}, {"slug", slug}}), "/slug");
  }
  expect_field_problem(create(token, {{"name", "Other"}, {"slug", std::string(64, 'a')}}), "/slug");
  expect_field_problem(create(token, {{"name", "Other"}, {"password", kPassword}}), "/password");
  expect_field_problem(create(token, {{"name", "Other"}, {"directory", "isolated"}}), "/password");
  expect_field_problem(create(token, {{"name", "Other"}, {"directory", "mine"}}), "/directory");
  expect_field_problem(create(token, {{"name", "Other"}, {"status", "active"}}), "/status");
  expect_problem(create({}, {{"name", "Other"}}), 401, "unauthenticated");
  EXPECT_THAT(names(token), testing::ElementsAre("Acme active"));
}

TEST_P(Organizations, NobodyFoundsMoreThanTwentyADay) {
  start({{"limits.enabled", "true"}});
  sign_up("eve@other.example", "Other");
  const std::string token = access_token("eve@other.example");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(create(token, {{"name", "Shell"}}).status, 201);
  expect_problem(create(token, {{"name", "Shell"}}), 429, "rate_limited");
}

TEST_P(Organizations, TheListComesInPagesThatNobodyElseCanTurn) {
  const std::string token = access_token(ada_.email);
  for (const std::string name : {"B", "C", "D"}) {
    program().advance(1s);
    create(token, {{"name", name}});
  }
  const Reply first = client().get("/v1/organizations?limit=2", token);
  EXPECT_EQ(first.at("/data").as_array().size(), 2u);
  ASSERT_TRUE(first.flag("/page/has_more"));
  EXPECT_THAT(first.header("link"), testing::HasSubstr("rel=\"next\""));
  const std::string after = "limit=2&after=" + first.text("/page/next");
  const Reply second = client().get("/v1/me/organizations?" + after, token);
  EXPECT_EQ(second.text("/data/0/name"), "C");
  EXPECT_EQ(second.text("/data/1/name"), "D");
  EXPECT_FALSE(second.flag("/page/has_more"));
  EXPECT_EQ(client().get("/v1/me/organizations?limit=2", token).body, first.body);

  found("eve@other.example", "Other");
  expect_field_problem(client().get("/v1/organizations?" + after, access_token("eve@other.example")), "?after");
}

TEST_P(Organizations, OfAnotherTenantLookLikeNone) {
  const Founder eve = found("eve@other.example", "Other");
  const std::string token = access_token(eve.email);
  const auto ask = [&](const std::string& organization, const std::string& member) {
    const std::string one = path(organization);
    const Object add{{"email", "x@acme.example"}, {"role", "member"}};
    return std::vector<Reply>{
        client().get(one, token),
        change("PATCH", one, token, Object{{"name", "Mine"}}),
        change("DELETE", one, token),
        client().post(one + "/restore", {}, token),
        client().post(one + "/transfer-ownership", {{"member_id", member}}, token),
        client().get(one + "/policies", token),
        change("PATCH", one + "/policies", token, Object{{"password_minimum", 9}}),
        client().post(one + "/members", add, token),
        client().post("/v1/session/organization", {{"organization_id", organization}}, token),
        client().post(path(eve.organization_id, "/transfer-ownership"), {{"member_id", member}}, token)};
  };
  const auto theirs = ask(ada_.organization_id, ada_.member_id);
  const auto nobodys = ask("org_01h2xcejqtf2nbrexx3vqjhp41", "mem_01h2xcejqtf2nbrexx3vqjhp41");
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    expect_problem(theirs[i], 404, "not_found");
    EXPECT_EQ(normalized(theirs[i]), normalized(nobodys[i])) << i;
  }
  expect_problem(change("PATCH", path(ada_.member_id), token, Object{{"name", "Mine"}}), 400, "invalid_request");
}

TEST_P(Organizations, AMemberSeesAndChangesNothing) {
  join(ada_, "mia@acme.example");
  const std::string token = access_token("mia@acme.example");
  EXPECT_EQ(client().get(path(ada_.organization_id), token).text("/name"), "Acme");
  expect_problem(change("PATCH", path(ada_.organization_id), token, Object{{"name", "Mine"}}), 403, "forbidden");
  expect_problem(change("DELETE", path(ada_.organization_id), token), 403, "forbidden");
  expect_problem(client().post(path(ada_.organization_id, "/restore"), {}, token), 403, "forbidden");
  expect_problem(transfer(token, ada_.member_id), 403, "forbidden");
  const Person grace = join(ada_, "grace@acme.example", "admin");
  const std::string admin = access_token(grace.email);
  expect_problem(change("DELETE", path(ada_.organization_id), admin), 403, "forbidden");
  expect_problem(transfer(admin, grace.member_id), 403, "forbidden");
  EXPECT_EQ(change("PATCH", path(ada_.organization_id), admin, Object{{"name", "Acme Ltd"}}).status, 200);
}

TEST_P(Organizations, AChangeNeedsTheVersionThatWasRead) {
  const std::string token = access_token(ada_.email);
  const std::string one = path(ada_.organization_id);
  const Reply before = client().get(one, token);
  const std::string etag = before.header("etag");
  ASSERT_FALSE(etag.empty());
  const Reply renamed = change("PATCH", one, token, Object{{"name", "Acme Ltd"}}, etag);
  ASSERT_EQ(renamed.status, 200) << renamed;
  EXPECT_EQ(renamed.text("/name"), "Acme Ltd");
  EXPECT_EQ(renamed.text("/slug"), "acme");
  EXPECT_EQ(client().get(one, token).body, renamed.body);
  EXPECT_EQ(client().get(one, token).header("etag"), renamed.header("etag"));
  expect_problem(change("PATCH", one, token, Object{{"slug", "acme-ltd"}}, etag), 412, "precondition_failed");
  expect_problem(change("DELETE", one, token, {}, etag), 412, "precondition_failed");
  EXPECT_EQ(change("PATCH", one, token, Object{{"slug", "acme-ltd"}}).text("/slug"), "acme-ltd");
  EXPECT_EQ(change("PATCH", one, token, Object{}).text("/slug"), "acme-ltd") << "an empty patch changes nothing";

  found("eve@other.example", "Other");
  expect_problem(change("PATCH", one, token, Object{{"slug", "other"}}), 409, "slug_taken");
  expect_field_problem(change("PATCH", one, token, Object{{"name", nullptr}}), "/name");
  expect_field_problem(change("PATCH", one, token, Object{{"status", "active"}}), "/status");
  static constexpr db::Statement kChanges{"test count changes",
                                          "SELECT COUNT(*) FROM audit_entries WHERE action = 'organization.changed'"};
  EXPECT_EQ(count(kChanges), 2);
}

TEST_P(Organizations, ASessionGoesOnInAnotherOrganization) {
  const Tokens tokens = sign_in(ada_.email);
  const std::string zenith = create(tokens.access, {{"name", "Zenith"}}).text("/id");
  const Reply switched = client().post("/v1/session/organization", {{"organization_id", zenith}}, tokens.access);
  ASSERT_EQ(switched.status, 200) << switched;
  expect_problem(session(tokens.access), 401, "unauthenticated");
  const std::string now = switched.text("/access_token");
  EXPECT_EQ(session(now).text("/organization/id"), zenith);
  EXPECT_EQ(session(now).text("/organization/role/key"), "owner");

  const Reply renewed = refresh(switched.text("/refresh_token"));
  ASSERT_EQ(renewed.status, 200) << renewed;
  EXPECT_EQ(session(renewed.text("/access_token")).text("/organization/id"), zenith);
  EXPECT_EQ(session(access_token(ada_.email)).text("/organization/id"), zenith) << "the last used one";

  program().advance(11s);
  expect_problem(refresh(tokens.refresh), 401, "invalid_refresh_token");
  expect_problem(session(renewed.text("/access_token")), 401, "unauthenticated");
}

TEST_P(Organizations, OwnershipGoesToAnActiveMember) {
  const Person grace = join(ada_, "grace@acme.example");
  const std::string token = access_token(ada_.email);
  expect_problem(transfer(token, ada_.member_id), 409, "wrong_state");
  program().execute({"test suspend grace",
                     "UPDATE members SET status = 'suspended' WHERE user_id IN (SELECT id FROM users WHERE email = "
                     "'grace@acme.example')"});
  expect_problem(transfer(token, grace.member_id), 409, "wrong_state");
  program().execute({"test reinstate grace", "UPDATE members SET status = 'active'"});

  ASSERT_EQ(transfer(token, grace.member_id).status, 204);
  expect_problem(session(token), 401, "unauthenticated");
  EXPECT_EQ(session(access_token(grace.email)).text("/organization/role/key"), "owner");
  EXPECT_EQ(session(access_token(ada_.email)).text("/organization/role/key"), "admin");
  EXPECT_THAT(program().take_letter(grace.email, subject::kRoleChanged).text, testing::HasSubstr("owner"));
  EXPECT_THAT(program().take_letter(ada_.email, subject::kRoleChanged).text, testing::HasSubstr("admin"));
  expect_problem(transfer(access_token(ada_.email), grace.member_id), 403, "forbidden");
}

TEST_P(Organizations, OwnershipIsNeverHandedIntoTheVoid) {
  std::string owner = ada_.email;
  for (int round = 0; round < 5; ++round) {
    const std::string email = "heir" + std::to_string(round) + "@acme.example";
    const std::string token = access_token(owner, ada_.organization_id);
    const Person heir = accept(invite(token, ada_.organization_id, email, "admin"), email);
    const std::string heirs = access_token(email);
    const HttpClient http = client();
    const auto replies = ask_at_once(2, [&](int i) {
      if (i == 0) {
        return http.post(path(ada_.organization_id, "/transfer-ownership"), {{"member_id", heir.member_id}}, token);
      }
      return http.del("/delete_member", {{"org_id", ada_.organization_id}, {"user_id", heir.user_id}}, heirs);
    });
    EXPECT_THAT(replies[0].status, testing::AnyOf(204, 404)) << replies[0];
    // The handover made the heir's token stale, or met the removal behind the fence.
    EXPECT_THAT(replies[1].status, testing::AnyOf(200, 401, 409)) << replies[1];
    EXPECT_NE(replies[0].status == 204, replies[1].status == 200) << replies[0] << replies[1];
    expect_an_owner(ada_.organization_id);
    if (replies[0].status == 204) owner = email;
  }
}

TEST_P(Organizations, TwoHandoversAtOnceLeaveOneOwner) {
  const Person grace = join(ada_, "grace@acme.example"), linus = join(ada_, "linus@acme.example");
  const std::string token = access_token(ada_.email);
  const HttpClient http = client();
  const auto replies = ask_at_once(2, [&](int i) {
    return http.post(path(ada_.organization_id, "/transfer-ownership"),
                     {{"member_id", i == 0 ? grace.member_id : linus.member_id}}, token);
  });
  EXPECT_EQ((replies[0].status == 204) + (replies[1].status == 204), 1) << replies[0] << replies[1];
  expect_an_owner(ada_.organization_id);
}

TEST_P(Organizations, ADeletedOneIsClosedForAllAndComesBack) {
  join(ada_, "mia@acme.example");
  const std::string link = invite(access_token(ada_.email), ada_.organization_id, "late@acme.example");
  const Tokens mia = sign_in("mia@acme.example");
  const Tokens ada = sign_in(ada_.email);
  const std::string one = path(ada_.organization_id);
  ASSERT_EQ(change("DELETE", one, ada.access, {}, client().get(one, ada.access).header("etag")).status, 204);

  for (const Tokens& tokens : {mia, ada}) {
    expect_problem(session(tokens.access), 401, "unauthenticated");
    expect_problem(refresh(tokens.refresh), 401, "invalid_refresh_token");
  }
  for (const std::string email : {"mia@acme.example", "ada@acme.example"}) {
    const smtp::Message letter = program().take_letter(email, "Acme was deleted");
    EXPECT_THAT(letter.text, testing::HasSubstr("2026"));
  }
  expect_problem(
      client().post("/accept-invite", {{"token", link}, {"email", "late@acme.example"}, {"password", kPassword}}), 410,
      "link_dead");

  const std::string member = access_token("mia@acme.example"), owner = access_token(ada_.email);
  EXPECT_TRUE(session(owner).at("/organization").is_null()) << "the only one is gone";
  EXPECT_THAT(names(member), testing::IsEmpty());
  EXPECT_THAT(names(owner), testing::ElementsAre("Acme deleted"));
  EXPECT_EQ(client().get("/v1/organizations", owner).text("/data/0/purge_at"), "2026-12-22T12:00:00.000Z");
  expect_problem(client().get(one, owner), 404, "not_found");
  expect_problem(change("DELETE", one, owner), 404, "not_found");
  expect_problem(client().post("/v1/session/organization", {{"organization_id", ada_.organization_id}}, owner), 404,
                 "not_found");
  expect_problem(
      client().post("/signin",
                    {{"email", ada_.email}, {"password", kPassword}, {"organization_id", ada_.organization_id}}),
      404, "not_found");

  expect_problem(client().post(one + "/restore", {}, member), 404, "not_found");
  const Reply restored = client().post(one + "/restore", {}, owner);
  ASSERT_EQ(restored.status, 200) << restored;
  EXPECT_EQ(restored.text("/status"), "active");
  expect_problem(client().post(one + "/restore", {}, owner), 409, "wrong_state");
  for (const std::string email : {"mia@acme.example", "ada@acme.example"}) {
    program().take_letter(email, "Acme was restored");
  }
  EXPECT_EQ(session(access_token("mia@acme.example")).text("/organization/id"), ada_.organization_id);
  accept(link, "late@acme.example");
}

TEST_P(Organizations, AfterItsGraceADeletedOneIsGoneForGood) {
  join(ada_, "mia@acme.example");
  const std::string token = access_token(ada_.email);
  create(token, {{"name", "Zenith"}});
  const std::string one = path(ada_.organization_id);
  ASSERT_EQ(change("DELETE", one, token).status, 204);
  program().advance(30 * 24h - 1s);
  EXPECT_EQ(domain::purge_organizations(program().services()), 0u);
  const std::string owner = access_token(ada_.email);
  expect_problem(create(owner, {{"name", "Other"}, {"slug", "acme"}}), 409, "slug_taken");
  program().advance(1s);
  expect_problem(client().post(one + "/restore", {}, owner), 404, "not_found");

  // As if a first run had been killed in the middle.
  program().execute({"test half a purge",
                     "DELETE FROM members WHERE user_id IN (SELECT id FROM users WHERE email = 'mia@acme.example')"});
  EXPECT_EQ(domain::purge_organizations(program().services()), 1u);
  EXPECT_EQ(domain::purge_organizations(program().services()), 0u);
  EXPECT_THAT(names(owner), testing::ElementsAre("Zenith active"));
  EXPECT_EQ(create(owner, {{"name", "Other"}, {"slug", "acme"}}).status, 201);
  EXPECT_TRUE(session(access_token("mia@acme.example")).at("/organization").is_null()) << "the account stays";
  EXPECT_EQ(count({"test count purges", "SELECT COUNT(*) FROM audit_entries WHERE action = 'organization.purged'"}), 1);
  EXPECT_EQ(count({"test count left sessions",
                   "SELECT COUNT(*) FROM sessions s WHERE s.organization_id IS NOT NULL AND NOT EXISTS "
                   "(SELECT 1 FROM organizations o WHERE o.id = s.organization_id) AND s.revoked_at IS NULL"}),
            0);
}

TEST_P(Organizations, TwoNodesPurgeOneOrganizationOnce) {
  for (int i = 0; i < 5; ++i) join(ada_, "m" + std::to_string(i) + "@acme.example");
  ASSERT_EQ(change("DELETE", path(ada_.organization_id), access_token(ada_.email)).status, 204);
  program().advance(31 * 24h);
  std::atomic<std::size_t> purged = 0;
  ask_at_once(3, [&](int) {
    purged += domain::purge_organizations(program().services());
    return Reply{};
  });
  EXPECT_EQ(purged, 1u);
}

TEST_P(Organizations, TheSameRequestTwiceFoundsOne) {
  const std::string token = access_token(ada_.email);
  const Reply first = create(token, {{"name", "Zenith"}}, "key-1");
  ASSERT_EQ(first.status, 201) << first;
  EXPECT_EQ(first.header("idempotency-replayed"), "");
  const Reply again = create(token, {{"name", "Zenith"}}, "key-1");
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.header("idempotency-replayed"), "true");
  expect_problem(create(token, {{"name", "Nadir"}}, "key-1"), 422, "idempotency_mismatch");
  EXPECT_EQ(create(token, {{"name", "Nadir"}}, "key-2").status, 201);
  EXPECT_THAT(names(token), testing::UnorderedElementsAre("Acme active", "Zenith active", "Nadir active"));

  const HttpClient http = client();
  const auto replies = ask_at_once(6, [&](int) {
    return http.send({.method = "POST",
                      .target = "/v1/organizations",
                      .token = token,
                      .headers = {{"Idempotency-Key", "key-3"}},
                      .body = R"({"name":"Parallel"})"});
  });
  std::string id;
  for (const Reply& reply : replies) {
    if (reply.status == 409) {
      expect_problem(reply, 409, "idempotency_in_progress");
      continue;
    }
    ASSERT_EQ(reply.status, 201) << reply;
    if (id.empty()) id = reply.text("/id");
    EXPECT_EQ(reply.text("/id"), id);
  }
  EXPECT_EQ(names(token).size(), 4u);
}

GATEHOUSE_ON_BOTH_DATABASES(Organizations);

}  // namespace gatehouse::tests
