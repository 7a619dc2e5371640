#include "tests/support/flow_test.h"

#include "crypto/token.h"
#include "domain/operators.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class ApiKeys : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    ada_ = found("ada@acme.example", "Acme");
    token_ = access_token(ada_.email);
  }

  std::string path(const std::string& rest = {}) const {
    return "/v1/organizations/" + ada_.organization_id + "/api-keys" + rest;
  }
  std::string members() const { return "/v1/organizations/" + ada_.organization_id + "/members"; }
  Reply try_make(const boost::json::array& permissions, const Object& more, const std::string& token) const {
    Object body{{"name", "Billing"}, {"permissions", permissions}};
    for (const auto& [name, value] : more) body[name] = value;
    return client().post(path(), body, token);
  }
  Reply make(const boost::json::array& permissions = {"members:read"}, const Object& more = {}) const {
    const Reply reply = try_make(permissions, more, token_);
    EXPECT_EQ(reply.status, 201) << reply;
    return reply;
  }
  Reply rename(const std::string& target, const std::string& name, const std::string& token,
               const Headers& headers = {}) const {
    return client().send({.method = "PATCH",
                          .target = target,
                          .token = token,
                          .headers = headers,
                          .body = boost::json::serialize(Object{{"name", name}}),
                          .content_type = "application/merge-patch+json"});
  }
  std::string operator_token() {
    if (!has_operator_) {
      EXPECT_TRUE(domain::create_operator(program().services(), *base::parse_email("root@ops.example"),
                                          base::Secret(kPassword)));
      has_operator_ = true;
    }
    return access_token("root@ops.example");
  }
  Reply make_platform_key(const boost::json::array& permissions) {
    return client().post("/v1/operator/api-keys", {{"name", "Fleet"}, {"permissions", permissions}}, operator_token());
  }
  Reply as_key(const std::string& secret) const { return client().get(members(), secret); }

  Founder ada_;
  std::string token_;
  bool has_operator_ = false;
};

TEST_P(ApiKeys, AreShownOnceAndLetABackEndIn) {
  const Reply made = make({"roles:read", "members:read", "members:read"},
                          {{"expires_at", base::to_rfc3339(program().now() + std::chrono::hours(48))}});
  const std::string secret = made.text("/secret");
  EXPECT_THAT(secret, testing::StartsWith("ghk_"));
  EXPECT_EQ(made.text("/name"), "Billing");
  EXPECT_EQ(made.text("/organization_id"), ada_.organization_id);
  EXPECT_EQ(made.text("/created_by"), ada_.user_id);
  EXPECT_EQ(made.text("/status"), "live");
  EXPECT_TRUE(made.at("/last_used_at").is_null());
  ASSERT_EQ(made.at("/permissions").as_array().size(), 2u);
  EXPECT_EQ(made.text("/permissions/0"), "members:read");
  const Reply read = as_key(secret);
  ASSERT_EQ(read.status, 200) << read;
  EXPECT_EQ(read.text("/data/0/id"), ada_.member_id);
  const Reply seen = client().get(path("/" + made.text("/id")), token_);
  EXPECT_EQ(seen.status, 200) << seen;
  EXPECT_FALSE(seen.has("/secret"));
  for (const std::string& body : {seen.body, client().get(path(), token_).body}) {
    EXPECT_THAT(body, Not(HasSubstr(secret)));
    EXPECT_THAT(body, Not(HasSubstr("ghk_")));
  }
}

TEST_P(ApiKeys, AKeyOpensNothingButItsOrganizationAndItsPermissions) {
  const std::string secret = make().text("/secret");
  const Founder eve = found("eve@evil.example", "Evil");
  expect_problem(client().get("/v1/organizations/" + eve.organization_id + "/members", secret), 404, "not_found");
  expect_problem(client().get("/v1/organizations/" + ada_.organization_id + "/roles", secret), 403, "forbidden");
  expect_problem(client().get(path(), secret), 403, "forbidden");
  expect_problem(try_make({"members:read"}, {}, secret), 403, "forbidden");
  expect_problem(session(secret), 403, "person_needed");
  expect_problem(client().get("/v1/operator/audit", secret), 404, "not_found");
}

TEST_P(ApiKeys, SeeTheRolesWithThatRightOnly) {
  const std::string roles = "/v1/organizations/" + ada_.organization_id + "/roles";
  const std::string one = roles + "/" + ada_.roles.at("member");
  const std::string other = make({"organization:read"}).text("/secret"), right = make({"roles:read"}).text("/secret");
  EXPECT_EQ(client().get("/v1/organizations/" + ada_.organization_id, other).status, 200);
  for (const std::string& path : {roles, one}) {
    expect_problem(client().get(path, other), 403, "forbidden");
    EXPECT_EQ(client().get(path, right).status, 200) << path;
  }
}

TEST_P(ApiKeys, AKeyInABrowserIsRefused) {
  const std::string secret = make().text("/secret");
  const Reply reply = client().send(
      {.method = "GET", .target = members(), .token = secret, .headers = {{"Origin", "https://app.example"}}});
  expect_problem(reply, 403, "secret_key_in_browser");
}

TEST_P(ApiKeys, AForgedKeyIsNoKey) {
  const std::string secret = make().text("/secret");
  for (const std::size_t place :
       {std::size_t(4), std::size_t(30), secret.size() / 2, secret.size() - 10, secret.size() - 2}) {
    std::string forged = secret;
    forged[place] = forged[place] == 'A' ? 'B' : 'A';
    expect_problem(as_key(forged), 401, "unauthenticated");
  }
  // With the right checksum, but of another secret, another row, another organization.
  const auto parsed = crypto::parse_api_key(secret);
  const auto forge = [&](const base::Uuid& placement, const base::Uuid& row) {
    return std::string(crypto::make_api_key(placement, row).text.reveal());
  };
  expect_problem(as_key(forge(parsed->placement, parsed->row)), 401, "unauthenticated");
  expect_problem(as_key(forge(parsed->placement, base::make_uuid_v7(kStart))), 401, "unauthenticated");
  expect_problem(as_key(forge({}, parsed->row)), 401, "unauthenticated");
  EXPECT_EQ(as_key(secret).status, 200);
}

TEST_P(ApiKeys, RevokedOnesAndThoseOfASuspendedOrganizationLetNobodyIn) {
  const Reply made = make();
  const std::string secret = made.text("/secret"), one = path("/" + made.text("/id"));
  program().execute({"suspend", "UPDATE organizations SET status = 'suspended'"});
  expect_problem(as_key(secret), 401, "unauthenticated");
  program().execute({"reinstate", "UPDATE organizations SET status = 'active'"});
  EXPECT_EQ(as_key(secret).status, 200);
  const Reply revoked = client().del(one, token_);
  EXPECT_EQ(revoked.status, 204) << revoked;
  expect_problem(as_key(secret), 401, "unauthenticated");
  EXPECT_EQ(client().get(one, token_).text("/status"), "revoked") << "its row stays";
  EXPECT_EQ(client().del(one, token_).status, 204) << "and again changes nothing";
}

TEST_P(ApiKeys, AnExpiredOneLetsNobodyIn) {
  const Reply made =
      make({"members:read"}, {{"expires_at", base::to_rfc3339(program().now() + std::chrono::hours(1))}});
  program().advance(std::chrono::minutes(59));
  EXPECT_EQ(as_key(made.text("/secret")).status, 200);
  program().advance(std::chrono::minutes(1));
  expect_problem(as_key(made.text("/secret")), 401, "unauthenticated");
  EXPECT_EQ(client().get(path("/" + made.text("/id")), access_token(ada_.email)).text("/status"), "expired");
}

TEST_P(ApiKeys, TheLastUseIsWrittenDownOnceAMinute) {
  const Reply made = make();
  const auto last_use = [&] {
    return client().get(path("/" + made.text("/id")), access_token(ada_.email)).text("/last_used_at");
  };
  const std::string first = base::to_rfc3339(program().now());
  as_key(made.text("/secret"));
  EXPECT_EQ(last_use(), first);
  program().advance(std::chrono::seconds(59));
  as_key(made.text("/secret"));
  EXPECT_EQ(last_use(), first);
  program().advance(std::chrono::seconds(1));
  as_key(made.text("/secret"));
  EXPECT_EQ(last_use(), base::to_rfc3339(program().now()));
}

TEST_P(ApiKeys, MayDoNoMoreThanTheirMaker) {
  program().execute({"register",
                     "INSERT INTO application_permissions (key, description, roles, created_at) "
                     "SELECT 'invoices:read', 'Read invoices.', 'owner', created_at FROM organizations"});
  join(ada_, "grace@acme.example", "admin");
  const std::string graces = access_token("grace@acme.example");
  const Reply higher = make({"invoices:read"});
  EXPECT_EQ(higher.text("/permissions/0"), "invoices:read");
  expect_problem(try_make({"members:read", "invoices:read"}, {}, graces), 403, "outranked");
  EXPECT_EQ(try_make({"members:read"}, {}, graces).status, 201);
  expect_field_problem(try_make({"members:read", "owners:manage"}, {}, token_), "/permissions/1");
  expect_field_problem(try_make({"organization:delete"}, {}, token_), "/permissions/0");
  expect_field_problem(try_make({"api_keys:manage"}, {}, token_), "/permissions/0");
  expect_field_problem(try_make({"platform:read"}, {}, token_), "/permissions/0");
  expect_field_problem(try_make({"invoices:write"}, {}, token_), "/permissions/0");
  expect_field_problem(try_make({"members:read members:remove"}, {}, token_), "/permissions/0");
  expect_field_problem(try_make({}, {}, token_), "/permissions");
  expect_problem(rename(path("/" + higher.text("/id")), "Mine", graces), 403, "outranked");
  expect_problem(client().del(path("/" + higher.text("/id")), graces), 403, "outranked");
}

TEST_P(ApiKeys, TheirFieldsAreChecked) {
  const auto expires = [&](std::chrono::hours ahead) {
    return Object{{"expires_at", base::to_rfc3339(program().now() + ahead)}};
  };
  expect_field_problem(try_make({"members:read"}, expires(std::chrono::hours(0)), token_), "/expires_at");
  expect_field_problem(try_make({"members:read"}, expires(std::chrono::hours(24 * 800)), token_), "/expires_at");
  EXPECT_EQ(try_make({"members:read"}, expires(std::chrono::hours(24 * 730)), token_).status, 201);
  expect_field_problem(try_make({"members:read"}, {{"name", "  "}}, token_), "/name");
  expect_field_problem(try_make({"members:read"}, {{"name", std::string(101, 'x')}}, token_), "/name");
  expect_field_problem(try_make({"members:read"}, {{"name", "a\u200bb"}}, token_), "/name");
  expect_field_problem(try_make({"members:read"}, {{"secret", "ghk_mine"}}, token_), "/secret");
}

TEST_P(ApiKeys, AHundredLiveOnesAreEnough) {
  std::string last;
  for (int i = 0; i < 100; ++i) last = make().text("/id");
  expect_problem(try_make({"members:read"}, {}, token_), 409, "too_many");
  EXPECT_EQ(client().del(path("/" + last), token_).status, 204);
  EXPECT_EQ(try_make({"members:read"}, {}, token_).status, 201) << "the dead are not counted";
  std::size_t seen = 0;
  std::string target = path("?limit=40");
  for (int pages = 0; pages < 5; ++pages) {
    const Reply page = client().get(target, token_);
    seen += page.at("/data").as_array().size();
    if (!page.flag("/page/has_more")) break;
    EXPECT_THAT(page.header("link"), HasSubstr("after=" + page.text("/page/next")));
    target = path("?limit=40&after=" + page.text("/page/next"));
  }
  EXPECT_EQ(seen, 101u);
}

TEST_P(ApiKeys, AreRenamedByWhoeverSawTheLatest) {
  const std::string one = path("/" + make().text("/id"));
  const std::string tag = client().get(one, token_).header("etag");
  const Reply renamed = rename(one, " Invoices ", token_, {{"If-Match", tag}});
  ASSERT_EQ(renamed.status, 200) << renamed;
  EXPECT_EQ(renamed.text("/name"), "Invoices");
  EXPECT_NE(renamed.header("etag"), tag);
  EXPECT_EQ(renamed.header("etag"), client().get(one, token_).header("etag"));
  expect_problem(rename(one, "Other", token_, {{"If-Match", tag}}), 412, "precondition_failed");
  const Reply stale =
      client().send({.method = "DELETE", .target = one, .token = token_, .headers = {{"If-Match", tag}}});
  expect_problem(stale, 412, "precondition_failed");
  EXPECT_EQ(client().get(one, token_).text("/name"), "Invoices");
  expect_field_problem(rename(one, " ", token_), "/name");
}

TEST_P(ApiKeys, AreOfTheirOrganizationOnlyAndNeedTheRight) {
  const std::string id = make().text("/id");
  const Founder eve = found("eve@evil.example", "Evil");
  const std::string eves = access_token(eve.email), hers = "/v1/organizations/" + eve.organization_id + "/api-keys";
  for (const std::string& one : {path("/" + id), hers + "/" + id}) {
    expect_problem(client().get(one, eves), 404, "not_found");
    expect_problem(rename(one, "Mine", eves), 404, "not_found");
    expect_problem(client().del(one, eves), 404, "not_found");
  }
  expect_problem(client().get(path(), eves), 404, "not_found");
  expect_problem(try_make({"members:read"}, {}, eves), 404, "not_found");
  const std::string cursor = [&] {
    make();
    return client().get(path("?limit=1"), token_).text("/page/next");
  }();
  expect_field_problem(client().get(hers + "?after=" + cursor, eves), "?after");

  join(ada_, "linus@acme.example");
  const std::string linus = access_token("linus@acme.example");
  expect_problem(client().get(path(), linus), 403, "forbidden");
  expect_problem(client().get(path("/" + id), linus), 403, "forbidden");
  expect_problem(rename(path("/" + id), "Mine", linus), 403, "forbidden");
  expect_problem(client().del(path("/" + id), linus), 403, "forbidden");
  expect_problem(try_make({"members:read"}, {}, linus), 403, "forbidden");
  EXPECT_EQ(client().get(path("/" + id), token_).text("/status"), "live");
}

TEST_P(ApiKeys, ACreationThatIsSentAgainGivesTheSameSecretWhichIsStoredNowhereInTheClear) {
  const auto send = [&] {
    return client().send(
        {.method = "POST",
         .target = path(),
         .token = token_,
         .headers = {{"Idempotency-Key", "make-one"}},
         .body = boost::json::serialize(Object{{"name", "Billing"}, {"permissions", {"members:read"}}})});
  };
  const Reply first = send(), again = send();
  ASSERT_EQ(first.status, 201) << first;
  EXPECT_EQ(again.text("/secret"), first.text("/secret"));
  EXPECT_EQ(client().get(path(), token_).at("/data").as_array().size(), 1u);
  static constexpr db::Statement kAnswers{"answers", "SELECT answer FROM idempotency_keys"};
  static constexpr db::Statement kKeys{"keys", "SELECT secret_hash FROM api_keys"};
  static constexpr db::Statement kPayloads{"payloads", "SELECT payload FROM audit_entries"};
  program().services().database.read([&](db::Transaction& tx) {
    const auto answers = tx.query(kAnswers);
    EXPECT_EQ(answers.size(), 1u);
    for (const auto& rows : {answers, tx.query(kKeys), tx.query(kPayloads)}) {
      for (const db::Row& row : rows) {
        EXPECT_THAT(row.get<std::string>(0), Not(HasSubstr(first.text("/secret"))));
        EXPECT_THAT(row.get<std::string>(0), Not(HasSubstr("ghk_")));
        EXPECT_THAT(row.get<std::string>(0), Not(HasSubstr("Billing")));
      }
    }
    return 0;
  });
}

TEST_P(ApiKeys, OfThePlatformAreMadeByOperatorsAndReadWhatTheyMay) {
  const Reply made = make_platform_key({"platform:read"});
  ASSERT_EQ(made.status, 201) << made;
  EXPECT_TRUE(made.at("/organization_id").is_null());
  const std::string secret = made.text("/secret"), all = "/v1/operator/api-keys", one = all + "/" + made.text("/id");
  EXPECT_EQ(client().get("/v1/operator/audit", secret).status, 200);
  expect_problem(client().get(all, secret), 403, "forbidden");
  expect_problem(client().post(all, {{"name", "More"}, {"permissions", {"platform:read"}}}, secret), 403, "forbidden");
  expect_problem(as_key(secret), 404, "not_found");
  const std::string root = operator_token();
  EXPECT_EQ(client().get(all, root).text("/data/0/id"), made.text("/id"));
  EXPECT_EQ(rename(one, "Robots", root).text("/name"), "Robots");
  expect_problem(rename(one, "Robots", root, {{"If-Match", "\"old\""}}), 412, "precondition_failed");
  EXPECT_EQ(client().get(one, root).text("/name"), "Robots");
  EXPECT_EQ(client().del(one, root).status, 204);
  EXPECT_EQ(client().get(one, root).text("/status"), "revoked");
  expect_problem(client().get("/v1/operator/audit", secret), 401, "unauthenticated");
  expect_field_problem(make_platform_key({"members:read"}), "/permissions/0");
  expect_field_problem(make_platform_key({"platform:own"}), "/permissions/0");
}

TEST_P(ApiKeys, OfThePlatformDoNotExistForMembers) {
  const std::string id = make_platform_key({"platform:read"}).text("/id"), all = "/v1/operator/api-keys";
  expect_problem(client().get(all, token_), 404, "not_found");
  expect_problem(client().get(all + "/" + id, token_), 404, "not_found");
  expect_problem(client().post(all, {{"name", "Mine"}, {"permissions", {"platform:read"}}}, token_), 404, "not_found");
  expect_problem(rename(all + "/" + id, "Mine", token_), 404, "not_found");
  expect_problem(client().del(all + "/" + id, token_), 404, "not_found");
  expect_problem(client().get(path("/" + id), token_), 404, "not_found");
}

TEST_P(ApiKeys, OfThePlatformWorkFromOperatorsNetworksOnly) {
  const std::string secret = make_platform_key({"platform:read"}).text("/secret");
  const std::string own = make().text("/secret");
  program().restart({{"operator.networks", "10.0.0.0/8"}});
  expect_problem(client().get("/v1/operator/audit", secret), 401, "unauthenticated");
  EXPECT_EQ(as_key(own).status, 200) << "an organization's back ends stand anywhere";
}

GATEHOUSE_ON_BOTH_DATABASES(ApiKeys);

}  // namespace gatehouse::tests
