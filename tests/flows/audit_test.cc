#include "tests/support/flow_test.h"

#include "base/text.h"
#include "domain/audit.h"
#include "domain/audit_export.h"
#include "domain/operators.h"

#include <gmock/gmock.h>
#include <set>
#include <sstream>

namespace gatehouse::tests {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Audit : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    ada_ = found("ada@acme.example", "Acme");
    program().advance(std::chrono::seconds(1));
    token_ = access_token(ada_.email);
    // Entries of one millisecond stand in no order.
    program().advance(std::chrono::seconds(1));
  }

  std::string path(const std::string& rest = {}) const {
    return "/v1/organizations/" + ada_.organization_id + "/audit" + rest;
  }
  Reply list(const std::string& query = {}) const { return client().get(path(query), token_); }
  static std::vector<std::string> actions(const Reply& reply) { return values(reply, "action"); }
  static std::vector<std::string> values(const Reply& reply, const std::string& member) {
    EXPECT_EQ(reply.status, 200) << reply;
    std::vector<std::string> out;
    for (const Json& entry : reply.at("/data").as_array()) out.push_back(text_of(entry.at(member)));
    return out;
  }
  std::string invite_one(const std::string& email, const std::string& request_id = {}) {
    Headers headers;
    if (!request_id.empty()) headers.emplace_back("X-Request-Id", request_id);
    const Reply reply = client().send({.method = "POST",
                                       .target = "/v1/organizations/" + ada_.organization_id + "/invitations",
                                       .token = token_,
                                       .headers = headers,
                                       .body = boost::json::serialize(Object{{"email", email}, {"role", "member"}})});
    EXPECT_EQ(reply.status, 201) << reply;
    return reply.text("/id");
  }
  std::string make_key(const boost::json::array& permissions) {
    return client()
        .post("/v1/organizations/" + ada_.organization_id + "/api-keys",
              {{"name", "Feed"}, {"permissions", permissions}}, token_)
        .text("/secret");
  }
  std::string operator_token() {
    if (!has_operator_) {
      EXPECT_TRUE(domain::create_operator(program().services(), *base::parse_email("root@ops.example"),
                                          base::Secret(kPassword)));
      has_operator_ = true;
    }
    return access_token("root@ops.example");
  }

  Founder ada_;
  std::string token_;
  bool has_operator_ = false;
};

TEST_P(Audit, TellsWhoDidWhatToWhatWhenAndFromWhere) {
  const std::string id = invite_one("grace@acme.example", "req-7");
  const Reply newest = list("?limit=1");
  EXPECT_EQ(newest.text("/data/0/action"), "invitation.sent");
  EXPECT_EQ(newest.text("/data/0/actor/kind"), "user");
  EXPECT_EQ(newest.text("/data/0/actor/id"), ada_.user_id);
  EXPECT_EQ(newest.text("/data/0/subject"), id);
  EXPECT_EQ(newest.text("/data/0/organization_id"), ada_.organization_id);
  EXPECT_EQ(newest.text("/data/0/address"), "127.0.0.1");
  EXPECT_EQ(newest.text("/data/0/request_id"), "req-7");
  EXPECT_EQ(newest.text("/data/0/at"), base::to_rfc3339(program().now()));
  EXPECT_EQ(newest.text("/data/0/details/role_id"), ada_.roles.at("member"));
  EXPECT_FALSE(newest.has("/data/0/details/v")) << "the version of the stored form is nobody's business";
  EXPECT_TRUE(newest.flag("/page/has_more"));
  EXPECT_THAT(list().body, Not(HasSubstr("gin_")));
}

TEST_P(Audit, IsFilteredByEachOfItsFields) {
  const std::string first = invite_one("grace@acme.example");
  const std::string before = base::to_rfc3339(program().now());
  program().advance(std::chrono::seconds(10));
  const std::string key = make_key({"members:invite", "organization:read", "roles:read", "audit:read"});
  const std::string second = client()
                                 .post("/v1/organizations/" + ada_.organization_id + "/invitations",
                                       {{"email", "linus@acme.example"}, {"role", "member"}}, key)
                                 .text("/id");
  EXPECT_THAT(values(list("?action=invitation.sent"), "subject"), ElementsAre(second, first));
  EXPECT_THAT(actions(list("?action=invitation.*")), ElementsAre("invitation.sent", "invitation.sent"));
  EXPECT_THAT(actions(list("?action=invitation")), IsEmpty()) << "no prefix without its star";
  EXPECT_THAT(values(list("?subject=" + first), "subject"), ElementsAre(first));
  EXPECT_THAT(values(list("?action=invitation.*&actor=" + ada_.user_id), "subject"), ElementsAre(first));
  const std::string key_id = list("?subject=" + second).text("/data/0/actor/id");
  EXPECT_THAT(key_id, testing::StartsWith("key_"));
  EXPECT_THAT(values(list("?actor=" + key_id), "subject"), ElementsAre(second));
  EXPECT_THAT(actions(list("?actor=usr_" + key_id.substr(4))), IsEmpty()) << "a key is no user";
  EXPECT_THAT(values(list("?action=invitation.*&to=" + before), "subject"), ElementsAre(first));
  EXPECT_THAT(values(list("?action=invitation.*&from=" + base::to_rfc3339(program().now())), "subject"),
              ElementsAre(second));
  EXPECT_THAT(actions(list("?address=127.0.0.1")), Contains("invitation.sent"));
  EXPECT_THAT(actions(list("?address=::ffff:127.0.0.1")), Contains("invitation.sent")) << "the same address";
  EXPECT_THAT(actions(list("?address=127.0.0.2")), IsEmpty());
}

TEST_P(Audit, ItsFiltersAreChecked) {
  for (const std::string query :
       {"action=*", "action=member*", "action=Member.x", "action=member.%25", "actor=org_00000000000000000000000000",
        "address=10.0.0.0/8", "address=localhost", "order=up", "limit=201", "from=yesterday", "after=x"}) {
    expect_field_problem(list("?" + query), "?" + query.substr(0, query.find('=')));
  }
  expect_field_problem(list("?from=2026-11-22T12:00:01Z&to=2026-11-22T12:00:00Z"), "?to");
  expect_field_problem(list("?offset=1"), "?offset");
}

TEST_P(Audit, PagesHoldEachEntryOnceAndACursorBelongsToItsFilters) {
  for (int i = 0; i < 5; ++i) {
    if (i != 2) program().advance(std::chrono::seconds(1));
    invite_one("p" + std::to_string(i) + "@acme.example");
  }
  const auto whole = values(list("?limit=200"), "id");
  for (const std::string order : {"desc", "asc"}) {
    program().advance(std::chrono::seconds(order == "asc" ? 16 : 0));
    std::vector<std::string> read;
    std::string query = "?limit=3&order=" + order;
    for (int pages = 0; pages < 20; ++pages) {
      const Reply reply = list(query);
      for (const std::string& id : values(reply, "id")) read.push_back(id);
      if (!reply.flag("/page/has_more")) break;
      EXPECT_THAT(reply.header("link"), HasSubstr("after=" + reply.text("/page/next")));
      query = "?limit=3&order=" + order + "&after=" + reply.text("/page/next");
    }
    if (order == "asc") std::ranges::reverse(read);
    EXPECT_EQ(read, whole) << order;
  }
  const std::string cursor = list("?limit=1").text("/page/next");
  EXPECT_EQ(list("?limit=2&after=" + cursor).status, 200) << "the size of a page may change";
  for (const std::string other : {"action=member.*", "order=asc", "from=1", "subject=x", "address=127.0.0.1"}) {
    expect_field_problem(list("?" + other + "&after=" + cursor), "?after");
  }
}

TEST_P(Audit, TheFeedHoldsYoungEntriesBackAndGoesOnFromItsCursor) {
  program().advance(std::chrono::seconds(16));
  const std::string key = make_key({"audit:read"});
  const auto read = [&](const std::string& after) {
    return client().get(path("?order=asc&limit=200" + (after.empty() ? "" : "&after=" + after)), key);
  };
  const Reply start = read("");
  EXPECT_THAT(actions(start), Contains("user.signed_up"));
  EXPECT_THAT(actions(start), Not(Contains("api_key.created"))) << "made just now";
  EXPECT_FALSE(start.flag("/page/has_more"));
  const std::string cursor = start.text("/page/next");
  const Reply nothing = read(cursor);
  EXPECT_THAT(actions(nothing), IsEmpty());
  const std::string same = nothing.text("/page/next");
  program().advance(std::chrono::seconds(14));
  invite_one("grace@acme.example");
  EXPECT_THAT(actions(read(same)), IsEmpty());
  program().advance(std::chrono::seconds(2));
  const Reply fresh = read(same);
  EXPECT_THAT(actions(fresh), ElementsAre("api_key.created"));
  program().advance(std::chrono::seconds(14));
  EXPECT_THAT(actions(read(fresh.text("/page/next"))), ElementsAre("invitation.sent"));
  EXPECT_THAT(actions(read(cursor)), ElementsAre("api_key.created", "invitation.sent")) << "nothing is used up";
}

TEST_P(Audit, AnEmptyFeedHasACursorToo) {
  const Reply start = list("?order=asc&action=role.*");
  EXPECT_THAT(actions(start), IsEmpty());
  EXPECT_EQ(list("?order=asc&action=role.*&after=" + start.text("/page/next")).status, 200);
}

TEST_P(Audit, EachOrganizationReadsItsOwn) {
  const Founder eve = found("eve@evil.example", "Evil");
  const std::string eves = access_token(eve.email);
  const std::string id = invite_one("grace@acme.example");
  for (const std::string rest : {"", "?order=asc", "/export", "/export?format=csv"}) {
    expect_problem(client().get(path(rest), eves), 404, "not_found");
  }
  const std::string hers = "/v1/organizations/" + eve.organization_id + "/audit";
  for (const std::string query : {"", "?limit=200"}) {
    const Reply reply = client().get(hers + query, eves);
    for (const Json& entry : reply.at("/data").as_array()) {
      EXPECT_EQ(text_of(entry.at("organization_id")), eve.organization_id);
    }
  }
  EXPECT_THAT(actions(client().get(hers + "?subject=" + id, eves)), IsEmpty());
  EXPECT_THAT(actions(client().get(hers + "?actor=" + ada_.user_id, eves)), IsEmpty());
  const std::string cursor = list("?limit=1").text("/page/next");
  expect_field_problem(client().get(hers + "?limit=1&after=" + cursor, eves), "?after");
  expect_field_problem(client().get(hers + "/export?after=" + cursor, eves), "?after");
}

TEST_P(Audit, NeedsTheRightTo) {
  join(ada_, "linus@acme.example");
  const std::string linus = access_token("linus@acme.example");
  expect_problem(client().get(path(), linus), 403, "forbidden");
  expect_problem(client().get(path("/export"), linus), 403, "forbidden");
  expect_problem(client().get(path("/export")), 401, "unauthenticated");
  expect_problem(client().get(path(), make_key({"members:read"})), 403, "forbidden");
  for (const std::string target : {"/v1/operator/audit", "/v1/operator/audit/export"}) {
    expect_problem(client().get(target, token_), 404, "not_found");
    expect_problem(client().get(target, make_key({"audit:read"})), 404, "not_found");
  }
}

TEST_P(Audit, OperatorsReadAllAndWhatBelongsToNoOrganization) {
  const Founder eve = found("eve@evil.example", "Evil");
  const std::string root = operator_token();
  const Reply all = client().get("/v1/operator/audit?limit=200", root);
  std::set<std::string> seen;
  bool has_platform = false;
  for (const Json& entry : all.at("/data").as_array()) {
    if (entry.at("organization_id").is_null()) {
      has_platform = true;
    } else {
      seen.insert(text_of(entry.at("organization_id")));
    }
  }
  EXPECT_EQ(seen, (std::set<std::string>{ada_.organization_id, eve.organization_id}));
  EXPECT_TRUE(has_platform);
  const Reply one = client().get("/v1/operator/audit?limit=200&organization=" + eve.organization_id, root);
  EXPECT_THAT(values(one, "organization_id"), Each(eve.organization_id));
  EXPECT_THAT(
      values(client().get("/v1/operator/audit?action=user.signed_up&actor=" + ada_.user_id, root), "organization_id"),
      Contains(ada_.organization_id));
  program().advance(std::chrono::seconds(16));
  EXPECT_THAT(
      values(client().get("/v1/operator/audit?order=asc&limit=1&action=user.signed_up", operator_token()), "subject"),
      ElementsAre(ada_.user_id));
  const Reply page = client().get("/v1/operator/audit?limit=1", operator_token());
  expect_field_problem(
      client().get("/v1/operator/audit?organization=" + eve.organization_id + "&after=" + page.text("/page/next"),
                   operator_token()),
      "?after");
}

TEST_P(Audit, IsExportedAsLinesOfJson) {
  const std::string id = invite_one("grace@acme.example");
  const Reply file = client().get(path("/export?action=invitation.*"), token_);
  ASSERT_EQ(file.status, 200) << file;
  EXPECT_EQ(file.header("content-type"), "application/x-ndjson");
  EXPECT_EQ(file.header("content-disposition"), "attachment; filename=\"audit.ndjson\"");
  ASSERT_TRUE(file.body.ends_with("}\n"));
  const Json line = boost::json::parse(file.body.substr(0, file.body.find('\n')));
  EXPECT_EQ(text_of(line.at("subject")), id);
  EXPECT_EQ(text_of(line.at("details").at("role_id")), ada_.roles.at("member"));
  EXPECT_EQ(std::ranges::count(file.body, '\n'), 1);
  EXPECT_EQ(file.header("link"), "") << "there is no more";
  const Reply entry = list("?action=audit.exported");
  EXPECT_EQ(entry.text("/data/0/actor/id"), ada_.user_id);
  EXPECT_EQ(entry.text("/data/0/details/format"), "ndjson");
  EXPECT_EQ(entry.text("/data/0/details/entries"), "1");
  expect_field_problem(client().get(path("/export?format=xml"), token_), "?format");
  expect_field_problem(client().get(path("/export?limit=5"), token_), "?limit");
}

TEST_P(Audit, IsExportedAsATableThatNoSpreadsheetTakesForFormulas) {
  invite_one("grace@acme.example", "-1");
  const Reply file = client().get(path("/export?format=csv&action=invitation.*"), token_);
  ASSERT_EQ(file.status, 200) << file;
  EXPECT_EQ(file.header("content-type"), "text/csv; charset=utf-8");
  EXPECT_EQ(file.header("content-disposition"), "attachment; filename=\"audit.csv\"");
  EXPECT_THAT(file.body, testing::StartsWith("id,at,action,actor_kind,actor_id,subject,organization_id,address,"
                                             "request_id,details\r\n\"aud_"));
  EXPECT_THAT(file.body, HasSubstr(",\"'-1\","));
  EXPECT_THAT(file.body, HasSubstr(",\"{\"\"role_id\"\":\"\"" + ada_.roles.at("member") + "\"\"}\"\r\n"));
}

TEST_P(Audit, OperatorsExportTooAndTheirOwnLogTellsOfIt) {
  const std::string root = operator_token();
  const Reply file = client().get("/v1/operator/audit/export?organization=" + ada_.organization_id, root);
  ASSERT_EQ(file.status, 200) << file;
  EXPECT_THAT(file.body, HasSubstr("user.signed_up"));
  EXPECT_THAT(actions(list("?action=audit.*")), IsEmpty());
  const Reply entry = client().get("/v1/operator/audit?action=audit.exported", root);
  EXPECT_TRUE(entry.at("/data/0/organization_id").is_null());
  EXPECT_EQ(entry.text("/data/0/subject"), ada_.organization_id);
  EXPECT_EQ(entry.text("/data/0/actor/kind"), "operator");
}

TEST_P(Audit, ALongExportComesInPartsThatAreLinked) {
  // What 10,000 requests would leave behind, written at once.
  const std::string digits = "(VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9))";
  const bool is_sqlite = GetParam() == db::Dialect::sqlite;
  const std::string number =
      "CAST(a.column1 * 10000 + b.column1 * 1000 + c.column1 * 100 + d.column1 * 10 + e.column1 "
      "AS BIGINT)";
  const std::string id =
      is_sqlite ? "CAST(x'0190010101017001' || CAST(printf('%08d', " + number + ") AS BLOB) AS BLOB)"
                : "CAST('01900101-0101-7001-8000-' || lpad(CAST(" + number + " AS TEXT), 12, '0') AS UUID)";
  const std::string insert =
      "INSERT INTO audit_entries (organization_id, id, at, action, actor_kind, payload) SELECT o.id, " + id +
      ", o.created_at, 'role.created', 'system', '{\"v\":\"1\"}' FROM organizations o, "
      "(VALUES (0),(1)) a, " +
      digits + " b, " + digits + " c, " + digits + " d, " + digits +
      " e WHERE a.column1 = 0 OR b.column1 + c.column1 + d.column1 + e.column1 = 0";
  program().execute({"many entries", insert});
  const Reply first = client().get(path("/export?action=role.*&order=asc"), token_);
  ASSERT_EQ(first.status, 200);
  EXPECT_EQ(std::ranges::count(first.body, '\n'), 10'000);
  const std::string link = first.header("link");
  ASSERT_THAT(link, HasSubstr("; rel=\"next\""));
  const Reply second = client().get(link.substr(1, link.find('>') - 1), token_);
  ASSERT_EQ(second.status, 200) << second;
  EXPECT_EQ(std::ranges::count(second.body, '\n'), 1);
  EXPECT_EQ(first.body.find(second.body), std::string::npos);
}

TEST_P(Audit, TheCommandLinesExportHoldsAllInTheOrderOfTime) {
  const Founder eve = found("eve@evil.example", "Evil");
  const auto& services = program().services();
  const auto acme = *store::OrganizationId::parse(ada_.organization_id);
  const auto steward = domain::Steward::at_command_line();
  ASSERT_TRUE(services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    for (int i = 0; i < 501; ++i) {
      domain::record(
          tx, program().now(), steward.origin(),
          {store::AuditId::make(program().now()), acme, domain::action::kRoleCreated, steward.actor(), {}, {}});
    }
    return {};
  }));
  program().advance(std::chrono::milliseconds(1));
  const auto export_all = [&](const std::optional<std::string>& organization, const std::string& format) {
    std::vector<std::string> parts;
    const auto id = organization ? store::OrganizationId::parse(*organization) : std::nullopt;
    EXPECT_TRUE(domain::export_whole_audit(services, steward, id, format, [&](std::string_view part) {
      parts.emplace_back(part);
      return true;
    }));
    return parts;
  };
  const auto parts = export_all(std::nullopt, "ndjson");
  EXPECT_GT(parts.size(), 1U) << "nobody holds a whole log in memory";
  std::vector<std::string> ids, lines;
  for (const std::string& part : parts) {
    std::istringstream in(part);
    for (std::string line; std::getline(in, line);) {
      ids.push_back(text_of(boost::json::parse(line).at("id")));
      lines.push_back(line);
    }
  }
  EXPECT_TRUE(std::ranges::is_sorted(ids));
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size()) << "each once";
  EXPECT_EQ(std::ranges::count_if(lines, [](const auto& line) { return line.find("role.created") != line.npos; }), 501);
  EXPECT_THAT(lines, Contains(HasSubstr(eve.organization_id)));
  EXPECT_THAT(lines.back(), HasSubstr("audit.exported"));

  std::string table;
  for (const std::string& part : export_all(eve.organization_id, "csv")) table += part;
  EXPECT_THAT(table, testing::StartsWith("id,at,action,"));
  EXPECT_EQ(table.find("id,at,action,", 1), table.npos);
  EXPECT_THAT(table, Not(HasSubstr(ada_.organization_id)));
  EXPECT_THAT(table, Not(HasSubstr("audit.exported"))) << "as of an operator's export, the platform's log tells of it";
}

TEST_P(Audit, AChangeThatCanNotBeWrittenDownDoesNotHappen) {
  const Person grace = join(ada_, "grace@acme.example");
  program().execute({"lose", "ALTER TABLE audit_entries RENAME TO audit_entries_gone"});
  const auto is_failure = [](const Reply& reply) { return reply.status == 500 || reply.status == 503; };
  EXPECT_TRUE(is_failure(client().post("/v1/organizations/" + ada_.organization_id + "/invitations",
                                       {{"email", "linus@acme.example"}, {"role", "member"}}, token_)));
  EXPECT_TRUE(is_failure(client().post("/v1/organizations/" + ada_.organization_id + "/api-keys",
                                       {{"name", "Lost"}, {"permissions", {"members:read"}}}, token_)));
  EXPECT_TRUE(is_failure(update_role(token_, grace.member_id, ada_.roles.at("admin"))));
  EXPECT_TRUE(is_failure(remove(token_, ada_.organization_id, grace.user_id)));
  EXPECT_TRUE(is_failure(
      client().post("/signup", {{"email", "new@new.example"}, {"password", kPassword}, {"organization_name", "New"}})));
  program().execute({"find", "ALTER TABLE audit_entries_gone RENAME TO audit_entries"});

  const std::string organization = "/v1/organizations/" + ada_.organization_id;
  EXPECT_EQ(client().get(organization + "/invitations?state=pending", token_).at("/data").as_array().size(), 0u);
  EXPECT_EQ(client().get(organization + "/api-keys", token_).at("/data").as_array().size(), 0u);
  const Reply members = client().get(organization + "/members", token_);
  ASSERT_EQ(members.at("/data").as_array().size(), 2u);
  EXPECT_EQ(members.text("/data/1/role/key"), "member");
  expect_problem(try_sign_in("new@new.example"), 401, "invalid_credentials");
  EXPECT_TRUE(program().untaken_letters("linus@acme.example").empty());
}

GATEHOUSE_ON_BOTH_DATABASES(Audit);

}  // namespace gatehouse::tests
