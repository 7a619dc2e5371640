#include "tests/flows/operator_fixture.h"
#include "tests/support/smtp_server.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

using namespace std::chrono_literals;

class OperatorService : public OperatorTest {
 protected:
  /// The row of a limit in an answer of GET limits.
  static const Json& limit(const Reply& reply, std::string_view name) {
    for (const Json& row : reply.at("/data").as_array()) {
      if (row.at("name").as_string() == name) return row;
    }
    throw std::runtime_error("no limit " + std::string(name) + " in " + reply.body);
  }
  static bool has_limit(const Reply& reply, std::string_view name) {
    for (const Json& row : reply.at("/data").as_array()) {
      if (row.at("name").as_string() == name) return true;
    }
    return false;
  }
  std::string setting(std::string_view key, const char* member) {
    const Reply reply = get("configuration?limit=200");
    for (const Json& row : reply.at("/data").as_array()) {
      if (row.at("key").as_string() == key) return text_of(row.at(member));
    }
    throw std::runtime_error("no setting " + std::string(key));
  }
};

TEST_P(OperatorService, IsForOperatorsOnly) {
  expect_for_operators_only("GET", "outbox");
  expect_for_operators_only("POST", "outbox/" + store::LetterId::make(kStart).to_string() + "/retry");
  expect_for_operators_only("GET", "limits?email=x@x.example");
  expect_for_operators_only("POST", "limits/clear", {{"email", "x@x.example"}, {"reason", "because"}});
  expect_for_operators_only("GET", "signing-keys");
  expect_for_operators_only("POST", "signing-keys/rotate");
  expect_for_operators_only("GET", "health");
  expect_for_operators_only("GET", "configuration");
  EXPECT_EQ(get("signing-keys").at("/data").as_array().size(), 1U);
}

TEST_P(OperatorService, TheOutboxShowsWhatBecameOfLettersAndNotWhatTheySay) {
  const Reply first = get("outbox?limit=1");
  ASSERT_EQ(first.status, 200) << first;
  EXPECT_EQ(first.text("/data/0/template"), "operator_sign_in");
  const Reply second = get("outbox?limit=1&after=" + first.text("/page/next"));
  EXPECT_EQ(second.text("/data/0/template"), "welcome");
  EXPECT_EQ(second.text("/data/0/recipient"), ada_.email);
  EXPECT_EQ(second.text("/data/0/status"), "sent");
  EXPECT_EQ(second.number("/data/0/tries"), 1);
  EXPECT_EQ(second.text("/data/0/organization_id"), ada_.organization_id);
  EXPECT_EQ(second.body.find("gve_"), std::string::npos);
  EXPECT_EQ(second.body.find("verify-email"), std::string::npos);
  EXPECT_TRUE(get("outbox?status=failed").at("/data").as_array().empty());
  expect_field_problem(get("outbox?status=lost"), "?status");
  const std::string retry = "outbox/" + second.text("/data/0/id") + "/retry";
  expect_problem(post(retry), 409, "wrong_state");
  expect_problem(client().post("/v1/operator/" + retry, {}, make_key("platform:manage")), 409, "wrong_state");
  expect_problem(post("outbox/" + store::LetterId::make(kStart).to_string() + "/retry"), 404, "not_found");
}

TEST_P(OperatorService, LimitsAreShownAndClearedForWhoIsMeant) {
  start({{"limits.enabled", "true"}});
  prepare();
  const base::Time began = program().now();
  for (int i = 0; i < 10; ++i) try_sign_in(ada_.email, "not the password");
  expect_problem(try_sign_in(ada_.email), 429, "rate_limited");

  const Reply by_email = get("limits?limit=200&email=Ada@acme.example");
  ASSERT_EQ(by_email.status, 200) << by_email;
  EXPECT_FALSE(has_limit(by_email, "sign-in")) << "needs both";
  EXPECT_FALSE(has_limit(by_email, "sign-in-network"));
  EXPECT_EQ(limit(by_email, "sign-up-account").at("hits"), 1);
  EXPECT_FALSE(limit(by_email, "sign-up-account").at("blocked").as_bool());
  EXPECT_EQ(text_of(limit(by_email, "invite-person").at("user_id")), ada_.user_id);
  EXPECT_TRUE(limit(by_email, "reset-account").at("ends_at").is_null());

  const Reply both = get("limits?limit=200&email=ada@acme.example&network=127.0.0.1/32");
  const Json& sign_in = limit(both, "sign-in");
  EXPECT_EQ(sign_in.at("hits"), 11);
  EXPECT_EQ(sign_in.at("quota"), 10);
  EXPECT_EQ(sign_in.at("window_seconds"), 60);
  EXPECT_EQ(text_of(sign_in.at("ends_at")), base::to_rfc3339(began + 60s));
  EXPECT_TRUE(sign_in.at("blocked").as_bool());
  EXPECT_GE(limit(both, "sign-in-network").at("hits").as_int64(), 10);

  EXPECT_EQ(post("limits/clear", {{"email", ada_.email}, {"reason", "it was them"}}).status, 204);
  expect_problem(try_sign_in(ada_.email), 429, "rate_limited");
  tick();
  EXPECT_EQ(post("limits/clear", {{"email", ada_.email}, {"network", "127.0.0.1"}, {"reason", "it was them"}}).status,
            204);
  EXPECT_EQ(try_sign_in(ada_.email).status, 200);
  const Json entry = last_audit("limits.cleared");
  EXPECT_EQ(text_of(entry.at("counted_by")), "email_and_network");
  EXPECT_EQ(text_of(entry.at("reason")), "it was them");
  EXPECT_EQ(boost::json::serialize(entry).find("acme"), std::string::npos) << "the log says of nobody";

  expect_field_problem(get("limits"), "?email");
  expect_field_problem(get("limits?network=10.0.0.0/8"), "?network");
  expect_field_problem(get("limits?network=somewhere"), "?network");
  EXPECT_EQ(get("limits?network=2001:db8::1").body, get("limits?network=2001:db8:0:0::/64").body);
  expect_field_problem(post("limits/clear", reason()), "/email");
  expect_field_problem(post("limits/clear", {{"email", ada_.email}}), "/reason");
}

TEST_P(OperatorService, ANewSigningKeyIsPublishedAtOnceAndSignsLater) {
  const std::string old = get("signing-keys").text("/data/0/kid");
  EXPECT_EQ(get("signing-keys").text("/data/0/state"), "signing");
  const Reply rotated = post("signing-keys/rotate", reason("yearly"));
  ASSERT_EQ(rotated.status, 200) << rotated;
  const std::string fresh = rotated.text("/data/1/kid");
  EXPECT_EQ(rotated.text("/data/1/state"), "published");
  EXPECT_EQ(rotated.body.find("private"), std::string::npos);
  EXPECT_NE(client().get("/.well-known/jwks.json").body.find(fresh), std::string::npos);
  const Json entry = last_audit("keys.rotated");
  EXPECT_EQ(text_of(entry.at("actor")), "operator");
  EXPECT_EQ(text_of(entry.at("reason")), "yearly");

  program().advance(15min);
  root_ = access_token("root@ops.example");
  const Reply later = get("signing-keys");
  EXPECT_EQ(later.text("/data/0/kid"), old);
  EXPECT_EQ(later.text("/data/0/state"), "verifying");
  EXPECT_EQ(later.text("/data/1/state"), "signing");
}

TEST_P(OperatorService, ItsListsComeInPages) {
  post("signing-keys/rotate", reason("yearly"));
  for (const std::string key : {"invoices:read", "invoices:write"}) {
    ASSERT_EQ(post("permissions", {{"key", key}, {"description", "Invoices."}}).status, 201);
  }
  for (const std::string list : {"signing-keys?", "permissions?", "configuration?", "limits?email=ada@acme.example&"}) {
    const Reply all = get(list + "limit=200"), first = get(list + "limit=1");
    ASSERT_TRUE(first.flag("/page/has_more")) << list;
    EXPECT_EQ(first.at("/data").as_array().size(), 1U);
    EXPECT_EQ(first.at("/data/0"), all.at("/data/0"));
    const Reply second = get(list + "limit=1&after=" + first.text("/page/next"));
    EXPECT_EQ(second.at("/data/0"), all.at("/data/1")) << list;
  }
}

TEST_P(OperatorService, HealthSaysHowTheServiceFares) {
  program().advance(90s);
  EXPECT_TRUE(eventually([&] { return !get("health").at("/jobs/0/last_run_at").is_null(); }));
  const Reply health = get("health");
  ASSERT_EQ(health.status, 200) << health;
  EXPECT_EQ(health.text("/status"), "ok");
  EXPECT_EQ(health.text("/version"), GATEHOUSE_VERSION);
  EXPECT_EQ(health.number("/uptime_seconds"),
            std::chrono::floor<std::chrono::seconds>(program().now() - kStart).count());
  EXPECT_EQ(health.text("/database/kind"), support::dialect_name(GetParam()));
  EXPECT_EQ(health.number("/database/schema"), health.number("/database/schema_known"));
  EXPECT_EQ(health.number("/outbox/queued"), 0);
  EXPECT_EQ(health.number("/outbox/failed"), 0);
  EXPECT_FALSE(health.flag("/jobs/0/is_failing"));
  EXPECT_EQ(health.number("/waiting_hashes"), 0);
}

TEST_P(OperatorService, TheConfigurationIsShownWithoutItsSecrets) {
  EXPECT_EQ(setting("public_url", "value"), kPublicUrl);
  EXPECT_EQ(setting("public_url", "origin"), "GATEHOUSE_PUBLIC_URL");
  EXPECT_EQ(setting("signup", "origin"), "default");
  EXPECT_EQ(setting("encryption_key", "value"), "***");
}

GATEHOUSE_ON_BOTH_DATABASES(OperatorService);

// Letters that a real SMTP server refuses.
class OperatorOutbox : public OperatorTest {
 protected:
  void SetUp() override {
    std::string name = std::filesystem::temp_directory_path() / "gatehouse_smtp_XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
    open_server({});
    start({{"mail.smtp_url", "smtp://127.0.0.1:" + std::to_string(port_)}}, false);
    ada_ = sign_up("ada@acme.example", "Acme");
    ASSERT_TRUE(
        domain::create_operator(program().services(), *base::parse_email("root@ops.example"), base::Secret(kPassword)));
    root_ = access_token("root@ops.example");
  }
  void TearDown() override {
    server_.reset();
    std::filesystem::remove_all(directory_);
  }
  void open_server(std::vector<std::string> options) {
    server_.reset();
    if (port_ != 0) options.insert(options.end(), {"--port", std::to_string(port_)});
    server_.emplace(directory_, std::move(options));
    port_ = server_->port();
  }
  Reply failed() { return get("outbox?status=failed"); }

  std::filesystem::path directory_;
  std::optional<SmtpServer> server_;
  int port_ = 0;
};

TEST_P(OperatorOutbox, AFailedLetterIsSentWhenItIsTriedAgain) {
  ASSERT_TRUE(eventually([&] { return get("health").number("/outbox/queued") == 0; }));
  open_server({"--at", "rcpt", "--answer", "550 5.1.1 no such person here"});
  ASSERT_EQ(client().post("/reset-password", {{"email", ada_.email}}).status, 200);
  ASSERT_TRUE(eventually([&] { return !failed().at("/data").as_array().empty(); }));
  const Reply list = failed();
  EXPECT_EQ(list.text("/data/0/template"), "reset_password");
  EXPECT_NE(list.text("/data/0/reply").find("no such person"), std::string::npos) << list;
  EXPECT_EQ(get("health").number("/outbox/failed"), 1);

  open_server({});
  const std::string retry = "outbox/" + list.text("/data/0/id") + "/retry";
  const Reply queued = post(retry, reason("the mailbox is back"));
  ASSERT_EQ(queued.status, 200) << queued;
  EXPECT_EQ(queued.text("/status"), "queued");
  EXPECT_EQ(text_of(last_audit("letter.retried").at("reason")), "the mailbox is back");
  EXPECT_TRUE(eventually([&] { return failed().at("/data").as_array().empty(); }));
  EXPECT_TRUE(eventually([&] { return get("health").number("/outbox/queued") == 0; }));
  expect_problem(post(retry), 409, "wrong_state");

  open_server({"--at", "rcpt", "--answer", "550 5.1.1 no such person here"});
  ASSERT_EQ(client().post("/reset-password", {{"email", ada_.email}}).status, 200);
  ASSERT_TRUE(eventually([&] { return !failed().at("/data").as_array().empty(); }));
  const std::string late = "outbox/" + failed().text("/data/0/id") + "/retry";
  program().advance(std::chrono::minutes(30));
  root_ = access_token("root@ops.example");
  const Reply refused = post(late);
  expect_problem(refused, 409, "wrong_state");
  EXPECT_EQ(refused.text("/detail"), "The letter has expired.");
}

TEST_P(OperatorOutbox, TheTimelineOfAnInvitationKeepsWhatWasBeforeItsLetterIsTriedAgain) {
  const std::string token = access_token(ada_.email);
  ASSERT_TRUE(eventually([&] { return get("health").number("/outbox/queued") == 0; }));
  open_server({"--at", "rcpt", "--answer", "550 5.1.1 no such person here"});
  const std::string invitations = "/v1/organizations/" + ada_.organization_id + "/invitations";
  const std::string one =
      invitations + "/" +
      client().post(invitations, {{"email", "grace@acme.example"}, {"role", "member"}}, token).text("/id");
  const auto becomes = [&](const std::vector<std::string>& expected) {
    return eventually([&] {
      std::vector<std::string> events;
      const Reply shown = client().get(one, token);
      for (const Json& event : shown.at("/timeline").as_array()) {
        events.push_back(text_of(event.at("event")) + " " + text_of(event.at("at")));
      }
      return events == expected;
    });
  };
  const std::string before = base::to_rfc3339(program().now());
  EXPECT_TRUE(becomes({"queued " + before, "refused " + before}));
  open_server({});
  program().advance(std::chrono::minutes(1));
  const std::string after = base::to_rfc3339(program().now());
  ASSERT_EQ(post("outbox/" + failed().text("/data/0/id") + "/retry").status, 200);
  EXPECT_TRUE(becomes({"queued " + before, "refused " + before, "queued " + after, "sent " + after}));
}

GATEHOUSE_ON_BOTH_DATABASES(OperatorOutbox);

}  // namespace gatehouse::tests
