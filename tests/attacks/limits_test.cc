#include "tests/support/flow_test.h"

#include "base/text.h"
#include "domain/operators.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

using namespace std::chrono_literals;

/// Guessing and flooding, with the limits on. All requests of a test come at one instant of its clock.
class Limits : public FlowTest {
 protected:
  void SetUp() override { start({{"limits.enabled", "true"}}); }

  /// As if by a proxy that we trust, from that address.
  Reply sign_in_from(const std::string& address, const std::string& email, const std::string& password) {
    return client().send({.method = "POST",
                          .target = "/signin",
                          .headers = {{"X-Forwarded-For", address}},
                          .body = boost::json::serialize(Object{{"email", email}, {"password", password}})});
  }
  Reply guess(const std::string& email, const Headers& headers = {}) {
    return client().send({.method = "POST",
                          .target = "/signin",
                          .headers = headers,
                          .body = boost::json::serialize(Object{{"email", email}, {"password", "a wrong guess"}})});
  }
  void expect_limited(const Reply& reply) {
    expect_problem(reply, 429, "rate_limited");
    EXPECT_GE(std::stoi("0" + reply.header("retry-after")), 1) << reply;
  }
};

TEST_P(Limits, TheEleventhWrongSignInOfAMinuteWaits) {
  sign_up("ada@acme.example", "Acme");
  for (int i = 0; i < 10; ++i) {
    const Reply reply = guess("ada@acme.example");
    expect_problem(reply, 401, "invalid_credentials");
    EXPECT_THAT(reply.header("ratelimit-policy"), testing::HasSubstr("\"sign-in\";q=10;w=60"));
    EXPECT_THAT(reply.header("ratelimit"), testing::HasSubstr("\"sign-in\";r=" + std::to_string(9 - i)));
  }
  const Reply eleventh = guess("ada@acme.example");
  expect_limited(eleventh);
  EXPECT_EQ(eleventh.header("retry-after"), "60");
  expect_limited(try_sign_in("ada@acme.example"));
  program().advance(60s);
  EXPECT_EQ(try_sign_in("ada@acme.example").status, 200);
}

TEST_P(Limits, RightPasswordsDoNotCount) {
  sign_up("ada@acme.example", "Acme");
  for (int i = 0; i < 15; ++i) EXPECT_EQ(try_sign_in("ada@acme.example").status, 200) << i;
}

TEST_P(Limits, AllSpellingsOfAnAddressShareOneBucket) {
  sign_up("ada@bücher.example", "Acme");
  const std::vector<std::string> spellings{"ada@bücher.example", "ADA@bücher.example", "ada@BÜCHER.example",
                                           "ada@xn--bcher-kva.example", "Ada@XN--BCHER-KVA.example"};
  for (int i = 0; i < 10; ++i) EXPECT_EQ(guess(spellings[std::size_t(i) % spellings.size()]).status, 401);
  for (const std::string& spelling : spellings) expect_limited(guess(spelling));
}

TEST_P(Limits, AForwardedAddressOfAnUnknownPeerDoesNotHelp) {
  sign_up("ada@acme.example", "Acme");
  const std::vector<std::string> values{
      "203.0.113.1", "::1", "a", "", "1.2.3.4, 5.6.7.8", std::string(5000, '1'), "fe80::1%eth0", "203.0.113.9:80"};
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(guess("ada@acme.example", {{"X-Forwarded-For", values[std::size_t(i) % values.size()]}}).status, 401);
  }
  for (const std::string& value : values) expect_limited(guess("ada@acme.example", {{"X-Forwarded-For", value}}));
  expect_limited(guess("ada@acme.example", {{"Forwarded", "for=203.0.113.77"}, {"X-Real-IP", "203.0.113.77"}}));
}

TEST_P(Limits, AWholeIpv6NetworkIsOneClient) {
  start({{"limits.enabled", "true"}, {"trusted_proxies", "127.0.0.0/8"}});
  sign_up("ada@acme.example", "Acme");
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(sign_in_from("2001:db8:1:1::" + std::to_string(i + 1), "ada@acme.example", "a wrong guess").status, 401);
  }
  expect_limited(sign_in_from("2001:DB8:1:1:ffff::77", "ada@acme.example", "a wrong guess"));
  EXPECT_EQ(sign_in_from("2001:db8:1:2::1", "ada@acme.example", "a wrong guess").status, 401);
  // Two spellings of one version 4 address are one client.
  for (int i = 0; i < 10; ++i) {
    const std::string address = i % 2 == 0 ? "198.51.100.9" : "::ffff:198.51.100.9";
    EXPECT_EQ(sign_in_from(address, "ada@acme.example", "a wrong guess").status, 401);
  }
  expect_limited(sign_in_from("::ffff:198.51.100.9", "ada@acme.example", "a wrong guess"));
}

TEST_P(Limits, ABotnetIsStoppedAndDoesNotLockItsVictimOut) {
  start({{"limits.enabled", "true"}, {"trusted_proxies", "127.0.0.0/8"}});
  sign_up("ada@acme.example", "Acme");
  ASSERT_EQ(sign_in_from("198.51.100.7", "ada@acme.example", kPassword).status, 200);
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(sign_in_from("203.0.113." + std::to_string(i + 1), "ada@acme.example", "a wrong guess").status, 401) << i;
  }
  expect_limited(sign_in_from("192.0.2.1", "ada@acme.example", "a wrong guess"));
  expect_limited(sign_in_from("192.0.2.2", "ada@acme.example", kPassword));
  EXPECT_EQ(sign_in_from("198.51.100.7", "ada@acme.example", kPassword).status, 200) << "from where she is known";
  program().advance(1h);
  EXPECT_EQ(sign_in_from("192.0.2.2", "ada@acme.example", kPassword).status, 200);
}

TEST_P(Limits, KnownUnknownAndDisabledLookAlike) {
  sign_up("ada@acme.example", "Acme");
  sign_up("gone@acme.example", "Gone");
  ASSERT_EQ(try_sign_in("ada@acme.example").status, 200);
  ASSERT_EQ(try_sign_in("gone@acme.example").status, 200);
  program().execute({"disable_gone", "UPDATE users SET status = 'disabled' WHERE email = 'gone@acme.example'"});
  program().advance(2h);
  for (int i = 0; i < 12; ++i) {
    const std::string unknown = normalized(guess("nobody@acme.example"));
    EXPECT_EQ(normalized(guess("ada@acme.example")), unknown) << i;
    EXPECT_EQ(normalized(guess("gone@acme.example")), unknown) << i;
  }
  for (int i = 0; i < 12; ++i) {
    const auto ask = [&](const std::string& email) {
      return normalized(client().post("/reset-password", {{"email", email}}));
    };
    const std::string unknown = ask("nobody@acme.example");
    EXPECT_EQ(ask("ada@acme.example"), unknown) << i;
    EXPECT_EQ(ask("gone@acme.example"), unknown) << i;
  }
}

TEST_P(Limits, TakenAddressesCanNotBeLookedForInNumbers) {
  for (int i = 0; i < 12; ++i) sign_up("user" + std::to_string(i) + "@acme.example", "Acme " + std::to_string(i));
  program().advance(2min);
  std::map<int, int> statuses;
  for (int i = 0; i < 12; ++i) {
    ++statuses[client()
                   .post("/signup", {{"email", "user" + std::to_string(i) + "@acme.example"},
                                     {"password", kPassword},
                                     {"organization_name", "X"}})
                   .status];
  }
  EXPECT_THAT(statuses, testing::ElementsAre(testing::Pair(409, 10), testing::Pair(429, 2)));
}

TEST_P(Limits, ResetLettersAreFewAndTheAnswersDoNotTell) {
  sign_up("ada@acme.example", "Acme");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(client().post("/reset-password", {{"email", "ada@acme.example"}}).status, 200);
  EXPECT_EQ(program().untaken_letters("ada@acme.example", subject::kReset).size(), 3u);
  for (int minute = 0; minute < 5; ++minute) {
    program().advance(1min);
    for (int i = 0; i < 4; ++i)
      EXPECT_EQ(client().post("/reset-password", {{"email", "ada@acme.example"}}).status, 200);
  }
  EXPECT_EQ(program().untaken_letters("ada@acme.example", subject::kReset).size(), 10u);
}

TEST_P(Limits, AlertsAreTenAnHourThenOneSummaryAndOtherLettersStillCome) {
  sign_up("ada@acme.example", "Acme");
  for (int i = 0; i < 14; ++i) ASSERT_EQ(try_sign_in("ada@acme.example").status, 200);
  EXPECT_EQ(program().untaken_letters("ada@acme.example", subject::kAlert).size(), 10u);
  EXPECT_EQ(program().untaken_letters("ada@acme.example", subject::kSummary).size(), 1u);
  const std::string token = ask_for_reset("ada@acme.example");
  ASSERT_EQ(client().post("/reset-password", {{"token", token}, {"new_password", kOtherPassword}}).status, 200);
  program().take_letter("ada@acme.example", subject::kPasswordChanged);
}

TEST_P(Limits, OnePersonGetsFewInvitations) {
  const Founder ada = found("ada@acme.example", "Acme");
  const std::string token = access_token(ada.email);
  const auto invite_grace = [&] {
    return client().post(
        "/invite-member",
        {{"recipient", "grace@acme.example"}, {"organization_id", ada.organization_id}, {"role", "member"}}, token);
  };
  for (int i = 0; i < 3; ++i) EXPECT_EQ(invite_grace().status, 200);
  expect_limited(invite_grace());
  EXPECT_EQ(program().untaken_letters("grace@acme.example").size(), 3u);
  program().advance(1min);
  EXPECT_EQ(invite_grace().status, 200);
}

TEST_P(Limits, AFounderWhoNeverConfirmedInvitesFive) {
  const Founder ada = sign_up("ada@acme.example", "Acme");
  std::string token = access_token(ada.email);
  const auto invite_number = [&](int i) {
    return client().post("/invite-member",
                         {{"recipient", "u" + std::to_string(i) + "@acme.example"},
                          {"organization_id", ada.organization_id},
                          {"role", "member"}},
                         token);
  };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(invite_number(i).status, 200);
  expect_problem(invite_number(5), 403, "unverified_limit");
  const std::string link = token_in(program().take_letter(ada.email, subject::kWelcome));
  ASSERT_EQ(client().post("/v1/email/verify", {{"token", link}}).status, 200);
  EXPECT_EQ(invite_number(5).status, 200);
}

TEST_P(Limits, OneInviterDoesNotFlood) {
  const Founder ada = found("ada@acme.example", "Acme");
  const std::string token = access_token(ada.email);
  std::map<int, int> statuses;
  for (int i = 0; i < 12; ++i) {
    ++statuses[client()
                   .post("/invite-member",
                         {{"recipient", "u" + std::to_string(i) + "@acme.example"},
                          {"organization_id", ada.organization_id},
                          {"role", "member"}},
                         token)
                   .status];
  }
  EXPECT_THAT(statuses, testing::ElementsAre(testing::Pair(200, 10), testing::Pair(429, 2)));
}

TEST_P(Limits, JoiningWithAPasswordSharesTheLimitsOfSigningIn) {
  const Founder ada = found("ada@acme.example", "Acme");
  const Founder grace = found("grace@own.example", "Own");
  const std::string link = invite(access_token(ada.email), ada.organization_id, grace.email);
  const auto join_with = [&](const std::string& password) {
    return client().post("/accept-invite", {{"token", link}, {"email", grace.email}, {"password", password}});
  };
  for (int i = 0; i < 5; ++i) expect_problem(join_with("a wrong guess"), 401, "invalid_credentials");
  for (int i = 0; i < 5; ++i) expect_problem(guess(grace.email), 401, "invalid_credentials");
  expect_limited(guess(grace.email));
  expect_limited(join_with(kPassword));
  program().advance(1min);
  EXPECT_EQ(join_with(kPassword).status, 200);
}

TEST_P(Limits, AFailedSignInAtAnAddressWithoutAccountIsOneEntryAMinuteThatDoesNotNameTheAddress) {
  ASSERT_TRUE(
      domain::create_operator(program().services(), *base::parse_email("root@ops.example"), base::Secret(kPassword)));
  const auto try_stranger = [&] { client().post("/signin", {{"email", "nobody@x.example"}, {"password", kPassword}}); };
  const auto entries = [&] {
    return client().get("/v1/operator/audit?action=session.sign_in_failed", access_token("root@ops.example"));
  };
  try_stranger();
  try_stranger();
  const Reply first = entries();
  ASSERT_EQ(first.at("/data").as_array().size(), 1U) << first;
  EXPECT_EQ(first.text("/data/0/actor/kind"), "anonymous");
  EXPECT_EQ(first.text("/data/0/address"), "127.0.0.1");
  EXPECT_TRUE(first.at("/data/0/subject").is_null());
  EXPECT_TRUE(first.at("/data/0/organization_id").is_null());
  EXPECT_THAT(first.body, testing::Not(testing::HasSubstr("nobody@")));
  program().advance(std::chrono::minutes(1));
  try_stranger();
  EXPECT_EQ(entries().at("/data").as_array().size(), 2U);
}

GATEHOUSE_ON_BOTH_DATABASES(Limits);

}  // namespace gatehouse::tests
