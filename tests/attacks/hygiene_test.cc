#include "tests/support/flow_test.h"

#include "base/text.h"
#include "domain/operators.h"
#include "smtp/message.h"

#include <fstream>
#include <gmock/gmock.h>
#include <sstream>

namespace gatehouse::tests {

/// What people choose must stay text, bodies must stay small, and secrets must stay where they belong.
class Hygiene : public FlowTest {
 protected:
  /// Everything that is stored, as bytes on SQLite and as text (bytes in hex) on PostgreSQL.
  std::string dump_database() {
    std::string dump;
    if (GetParam() == db::Dialect::sqlite) {
      for (const std::string end : {"", "-wal"}) {
        std::ifstream file(program().database().name + end, std::ios::binary);
        dump.append(std::istreambuf_iterator<char>(file), {});
      }
      return dump;
    }
    static constexpr db::Statement kTables{
        "list_tables",
        "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = current_schema()"};
    return program().services().database.read([&](db::Transaction& tx) {
      for (const db::Row& table : tx.query(kTables)) {
        const std::string name = table.get<std::string>(0);
        const std::string text = "SELECT CAST(t AS TEXT) FROM " + name + " t";
        for (const db::Row& row : tx.query({name, text})) dump += row.get<std::string>(0) + "\n";
      }
      return dump;
    });
  }

  Reply sign_up_as(const std::string& organization, const std::string& role = "Owner") {
    return client().post("/signup", {{"email", "ada@acme.example"},
                                     {"password", kPassword},
                                     {"organization_name", organization},
                                     {"role_name", role}});
  }
};

TEST_P(Hygiene, LineBreaksAndControlsAreInNoName) {
  for (const std::string bad : {"Acme\r\nBcc: eve@evil.test", "Acme\nx", "Acme\rx", "Ac\tme", "Acme\u0085x",
                                "Acme\u2028x", "Ac\u200bme", "Ac\x01me", "Ac\u202eme"}) {
    expect_field_problem(sign_up_as(bad), "/organization_name");
    expect_field_problem(sign_up_as("Acme", bad), "/role_name");
  }
  EXPECT_EQ(program().count_letters(), 0u);
}

TEST_P(Hygiene, NamesAreTextInLettersAndBringNoLink) {
  const std::vector<std::string> names{"<script>alert(1)</script>",
                                       "<a href=\"http://evil.test\">Acme</a>",
                                       "{{7*7}} ${7*7} <%= 7 %>",
                                       "https://evil.test/login",
                                       "evil.test",
                                       "=?utf-8?q?Bcc:_x?=",
                                       "\"; DROP TABLE users; --",
                                       "Acme & <Söhne>"};
  int number = 0;
  for (const std::string& name : names) {
    const std::string ada = "ada" + std::to_string(number) + "@acme.example",
                      grace = "grace" + std::to_string(number) + "@acme.example";
    ++number;
    const Founder founder = sign_up(ada, name);
    const std::string token = access_token(ada);
    const smtp::Message welcome = program().take_letter(ada, subject::kWelcome);
    ASSERT_EQ(client()
                  .post("/invite-member",
                        {{"recipient", grace}, {"organization_id", founder.organization_id}, {"role", "member"}}, token)
                  .status,
              200);
    const smtp::Message invitation = program().take_letter(grace, subject::kInvitation);
    for (const smtp::Message& letter : {welcome, invitation}) {
      token_in(letter);  // one link, ours, in both parts
      EXPECT_THAT(letter.html, testing::Not(testing::HasSubstr("<script")));
      EXPECT_THAT(letter.html, testing::Not(testing::HasSubstr("href=\"http://evil")));
      EXPECT_THAT(letter.text, testing::Not(testing::HasSubstr("://evil"))) << "no mail program makes a link of a name";
      EXPECT_THAT(letter.html, testing::Not(testing::HasSubstr("://evil")));
      if (name.starts_with("{{")) {
        EXPECT_THAT(letter.text, testing::HasSubstr(name));
      }
      const std::string wire = smtp::to_wire(letter);
      EXPECT_THAT(wire.substr(0, wire.find("\r\n\r\n")), testing::Not(testing::HasSubstr("\r\nBcc"))) << wire;
    }
    const Reply page = client().send({.method = "GET",
                                      .target = "/accept-invite?token=" + token_in(invitation),
                                      .headers = {{"Accept", "text/html"}}});
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, testing::Not(testing::HasSubstr("<script>alert")));
    EXPECT_THAT(page.header("content-security-policy"), testing::HasSubstr("default-src 'none'"));
  }
}

TEST_P(Hygiene, LargeAndDeepRequestsAreRefusedQuickly) {
  const auto post = [&](const std::string& body) {
    return client().send({.method = "POST", .target = "/signin", .body = body});
  };
  expect_problem(post(std::string(64 * 1024 + 1, ' ')), 413, "payload_too_large");
  EXPECT_EQ(post("{\"email\":\"" + std::string(60'000, 'a') + "\"}").status, 400);
  EXPECT_EQ(post("{" + std::string(60'000, '{')).status, 400);
  std::string many = "{";
  for (int i = 0; i < 6000; ++i) many += "\"f" + std::to_string(i) + "\":1,";
  const Reply unknown = post(many + "\"x\":1}");
  EXPECT_EQ(unknown.status, 400);
  EXPECT_LT(unknown.body.size(), 64u * 1024) << "the answer is no amplifier";
  expect_problem(client().post("/signin", {{"email", "ada@acme.example"}, {"password", std::string(257, 'a')}}), 400,
                 "invalid_request");
  expect_problem(client().send({.method = "GET", .target = "/healthz", .body = "x"}), 413, "payload_too_large");
  EXPECT_EQ(client().send({.method = "GET", .target = "/v1/session?" + std::string(9000, 'a')}).status, 414);
  EXPECT_EQ(
      client().send({.method = "GET", .target = "/healthz", .headers = {{"X-Long", std::string(17'000, 'a')}}}).status,
      431);
}

TEST_P(Hygiene, EncodedAndDottedPathsAreNoWayAroundTheTable) {
  sign_up("ada@acme.example", "Acme");
  const std::string token = access_token("ada@acme.example");
  for (const std::string path :
       {"/v1//session", "//v1/session", "/v1/./session", "/v1/x/../session", "/v1/session/", "/V1/session",
        "/v1%2fsession", "/v1/session%00", "/v1/session;x", "/v1/sess%2569on", "/v1/%2e/session"}) {
    const int with_token = client().get(path, token).status;
    EXPECT_TRUE(with_token == 404 || with_token == 400) << path << ": " << with_token;
  }
  expect_problem(client().get("/v1/sess%69on"), 401, "unauthenticated");
  EXPECT_EQ(client().get("/v1/sess%69on", token).status, 200) << "the same path in another spelling is the same row";
  for (const std::string method : {"PATCH", "PUT", "TRACE", "CONNECT", "FOO"}) {
    EXPECT_GE(client().send({.method = method, .target = "/v1/session", .token = token}).status, 400) << method;
  }
  for (const char* override : {"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"}) {
    EXPECT_EQ(client()
                  .send({.method = "GET", .target = "/v1/session", .token = token, .headers = {{override, "DELETE"}}})
                  .status,
              200);
  }
}

TEST_P(Hygiene, ASecondAuthorizationIsNotPassedOver) {
  sign_up("ada@acme.example", "Acme");
  const std::string token = access_token("ada@acme.example");
  const Reply both = client().send({.method = "GET",
                                    .target = "/v1/session",
                                    .token = "garbage",
                                    .headers = {{"Authorization", "Bearer " + token}}});
  EXPECT_GE(both.status, 400) << both;
}

TEST_P(Hygiene, NoSecretIsInTheLogOrInTheDatabase) {
  start({{"log.level", "debug"}});
  std::vector<std::string> canaries{kPassword, kOtherPassword, "a wrong canary guess", "Bearer canary"};
  testing::internal::CaptureStderr();
  const Founder ada = sign_up("ada@acme.example", "Acme");
  const std::string verify = token_in(program().take_letter(ada.email, subject::kWelcome));
  const Tokens tokens = sign_in(ada.email);
  try_sign_in(ada.email, canaries[2]);
  client().send({.method = "GET", .target = "/v1/session?access_token=" + tokens.access, .token = "canary"});
  const std::string reset = ask_for_reset(ada.email);
  const std::string invitation = invite(tokens.access, ada.organization_id, "grace@acme.example");
  for (const std::string& path : {"/verify-email?token=" + verify, "/accept-invite?token=" + invitation,
                                  "/reset-password?token=" + reset, "/no/such?token=" + reset}) {
    client().send({.method = "GET", .target = path, .headers = {{"Accept", "text/html"}}});
  }
  client().post("/accept-invite?token=" + invitation + "&password=" + base::escape_url(kPassword), {});
  client().send({.method = "POST",
                 .target = "/signin",
                 .body = "{\"email\":\"ada@acme.example\",\"password\":\"" + kPassword + "\",}"});
  client().send({.method = "POST", .target = "/signin", .body = "{\"" + kPassword + "\":1}"});
  const Reply rotated = refresh(tokens.refresh);
  const auto setup = domain::make_setup_token(program().services());
  accept(invitation, "grace@acme.example", kOtherPassword);
  client().post("/reset-password", {{"token", reset}, {"new_password", kOtherPassword}});
  program().settle();
  const std::string log = testing::internal::GetCapturedStderr();

  canaries.insert(canaries.end(),
                  {verify, reset, invitation, tokens.access, tokens.refresh, rotated.text("/access_token"),
                   rotated.text("/refresh_token"), std::string(setup->reveal())});
  const std::string stored = dump_database();
  EXPECT_THAT(log, testing::HasSubstr("/signin")) << "the log was caught";
  EXPECT_THAT(stored, testing::HasSubstr("ada@acme.example")) << "the database was read";
  for (const std::string& canary : canaries) {
    EXPECT_THAT(log, testing::Not(testing::HasSubstr(canary))) << "in the log";
    EXPECT_THAT(log, testing::Not(testing::HasSubstr(base::escape_url(canary)))) << "in the log";
    for (const std::string& form : {canary, base::to_hex(canary), base::to_base64(canary)}) {
      EXPECT_EQ(stored.find(form), std::string::npos) << "in the database: " << canary;
    }
    // The secret of a link without its prefix, as bytes.
    const auto underscore = canary.find('_');
    const auto raw = underscore == 3 ? base::from_base64url(canary.substr(4)) : std::nullopt;
    if (raw && raw->size() == 64) {
      const std::string secret = raw->substr(32);
      EXPECT_EQ(stored.find(secret), std::string::npos);
      EXPECT_EQ(stored.find(base::to_hex(secret)), std::string::npos);
    }
  }
  const std::string metrics = program().management().get("/metrics").body;
  for (const std::string& canary : canaries) EXPECT_EQ(metrics.find(canary), std::string::npos);
}

GATEHOUSE_ON_BOTH_DATABASES(Hygiene);

}  // namespace gatehouse::tests
