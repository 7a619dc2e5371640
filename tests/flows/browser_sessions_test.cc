#include "domain/operators.h"
#include "tests/support/browser.h"
#include "tests/support/flow_test.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

/// The session that a cookie names is a session like every other: how it lives, and what ends it.
class BrowserSessions : public FlowTest {
 protected:
  void SetUp() override { begin({}); }
  void begin(const Settings& settings, bool dev = true) {
    start(settings, dev);
    ada_ = sign_up("ada@acme.example", "Acme");
  }

  Browser signed_in(const std::string& email) {
    Browser browser(client());
    browser.open("/sign-in");
    browser.submit({{"email", email}, {"password", kPassword}});
    EXPECT_EQ(browser.page().status, 200) << browser.page();
    return browser;
  }
  void expect_ended(const Browser& browser, const std::string& why) {
    SCOPED_TRACE(why);
    EXPECT_NE(browser.cookie(), "");
    expect_problem(browser.ask("/v1/session"), 401, "unauthenticated");
    Browser pages = browser;
    pages.open("/choose-organization");
    EXPECT_EQ(pages.target(), "/sign-in?return_to=%2Fchoose-organization");
  }
  static std::string last_seen(const Browser& browser) {
    const Reply list = browser.ask("/v1/me/sessions");
    for (const Json& one : list.at("/data").as_array()) {
      if (one.at("is_current").as_bool()) return text_of(one.at("last_seen_at"));
    }
    return {};
  }
  /// As the owner.
  void patch_policies(const Object& body) {
    const Reply reply = client().send({.method = "PATCH",
                                       .target = "/v1/organizations/" + ada_.organization_id + "/policies",
                                       .token = access_token(ada_.email),
                                       .body = boost::json::serialize(body)});
    ASSERT_EQ(reply.status, 200) << reply;
  }

  Founder ada_;
};

TEST_P(BrowserSessions, TheCookieIsForThisHostAndForNoScript) {
  const Browser browser = signed_in(ada_.email);
  EXPECT_THAT(browser.first_answer().header("set-cookie"),
              testing::MatchesRegex("gatehouse_session=gbs_[A-Za-z0-9_-]+; Path=/; Max-Age=7776000; HttpOnly; "
                                    "SameSite=Lax"));
}

TEST_P(BrowserSessions, OnHttpsTheCookieHasTheHostPrefixAndNoOtherNameCounts) {
  begin({{"public_url", "https://id.example.com"}, {"mail.enabled", "false"}}, false);
  const Reply reply = client().send({.method = "POST",
                                     .target = "/sign-in",
                                     .headers = {{"Origin", "https://id.example.com"}},
                                     .body = to_query({{"email", ada_.email}, {"password", kPassword}}),
                                     .content_type = "application/x-www-form-urlencoded"});
  ASSERT_EQ(reply.status, 303) << reply;
  const std::string field = reply.header("set-cookie");
  EXPECT_THAT(field, testing::MatchesRegex("__Host-gatehouse_session=gbs_[A-Za-z0-9_-]+; Path=/; Max-Age=[0-9]+; "
                                           "Secure; HttpOnly; SameSite=Lax"));
  const std::string value = field.substr(field.find('=') + 1, field.find(';') - field.find('=') - 1);
  const auto session_with = [&](const std::string& cookie) {
    return client().send({.target = "/v1/session", .headers = {{"Cookie", cookie}}});
  };
  EXPECT_EQ(session_with("__Host-gatehouse_session=" + value).status, 200);
  expect_problem(session_with("gatehouse_session=" + value), 401, "unauthenticated");
  expect_problem(session_with("__Secure-gatehouse_session=" + value), 401, "unauthenticated");
  expect_problem(session_with("__host-gatehouse_session=" + value), 401, "unauthenticated");
}

TEST_P(BrowserSessions, StandInTheListOfSessionsAndEndThere) {
  const Browser browser = signed_in(ada_.email);
  const std::string token = access_token(ada_.email);
  const Reply list = client().get("/v1/me/sessions", token);
  EXPECT_EQ(list.at("/data").as_array().size(), 2u);
  const std::string id = browser.ask("/v1/session").text("/id");
  EXPECT_EQ(client().del("/v1/me/sessions/" + id, token).status, 204);
  expect_ended(browser, "ended from elsewhere");
}

TEST_P(BrowserSessions, LiveOnByUseUntilTheirAbsoluteEnd) {
  const Browser used = signed_in(ada_.email), idle = signed_in(ada_.email);
  for (int days = 0; days < 75; days += 25) {
    program().advance(25 * 24h);
    EXPECT_EQ(used.ask("/v1/session").status, 200) << days;
  }
  expect_ended(idle, "idle for too long");
  program().advance(14 * 24h);
  EXPECT_EQ(used.ask("/v1/session").status, 200);
  program().advance(24h);
  expect_ended(used, "ninety days old");
}

TEST_P(BrowserSessions, TheirUseIsWrittenDownAtMostOnceAMinute) {
  Browser browser = signed_in(ada_.email);
  const std::string at_first = last_seen(browser);
  program().advance(59s);
  EXPECT_EQ(last_seen(browser), at_first);
  program().advance(1s);
  browser.open("/account");
  const std::string later = last_seen(browser);
  EXPECT_EQ(later, "2026-11-22T12:01:00.000Z");
  program().advance(30s);
  EXPECT_EQ(last_seen(browser), later);
}

TEST_P(BrowserSessions, TheirUseCountsAsActivity) {
  const Browser browser = signed_in(ada_.email);
  program().advance(48h);
  const std::string path =
      "/v1/organizations/" + ada_.organization_id + "/stats/active-members?from=2026-11-24&to=2026-11-24";
  EXPECT_EQ(browser.ask("/v1/session").status, 200);
  const Reply active = browser.ask(path);
  ASSERT_EQ(active.status, 200) << active;
  EXPECT_EQ(active.at("/data").as_array().at(0).at("daily").as_int64(), 1) << active;
}

TEST_P(BrowserSessions, EndWhenThePasswordIsResetOrChangedElsewhere) {
  const Browser one = signed_in(ada_.email);
  const Reply reset =
      client().post("/reset-password", {{"token", ask_for_reset(ada_.email)}, {"new_password", kOtherPassword}});
  ASSERT_EQ(reset.status, 200) << reset;
  expect_ended(one, "reset");
  Browser other(client());
  other.open("/sign-in");
  other.submit({{"email", ada_.email}, {"password", kOtherPassword}});
  const Tokens tokens = sign_in(ada_.email, kOtherPassword);
  EXPECT_EQ(
      client()
          .post("/v1/me/password", {{"current_password", kOtherPassword}, {"new_password", kPassword}}, tokens.access)
          .status,
      204);
  expect_ended(other, "changed");
}

TEST_P(BrowserSessions, EndWithTheMembershipOfTheirOrganization) {
  const Person bob = join(ada_, "bob@acme.example"), cid = join(ada_, "cid@acme.example");
  const Browser removed = signed_in(bob.email), suspended = signed_in(cid.email);
  const std::string owner = access_token(ada_.email);
  EXPECT_EQ(remove(owner, ada_.organization_id, bob.user_id).status, 200);
  expect_ended(removed, "removed");
  EXPECT_EQ(
      client().post("/v1/organizations/" + ada_.organization_id + "/members/" + cid.member_id + "/suspend", {}, owner)
              .status /
          100,
      2);
  expect_ended(suspended, "suspended");
}

TEST_P(BrowserSessions, EndWithTheUserOrTheOrganizationThatOperatorsSuspend) {
  ASSERT_TRUE(
      domain::create_operator(program().services(), *base::parse_email("root@ops.example"), base::Secret(kPassword)));
  const Founder bob = sign_up("bob@bits.example", "Bits");
  const Browser of_organization = signed_in(ada_.email), of_user = signed_in(bob.email);
  const std::string root = access_token("root@ops.example");
  const auto suspend = [&](const std::string& what) {
    const Reply reply = client().post("/v1/operator/" + what + "/suspend", {{"reason", "ticket 4711"}}, root);
    EXPECT_EQ(reply.status / 100, 2) << reply;
  };
  suspend("organizations/" + ada_.organization_id);
  expect_ended(of_organization, "organization");
  suspend("users/" + bob.user_id);
  expect_ended(of_user, "user");
}

TEST_P(BrowserSessions, FollowThePoliciesOfTheirOrganization) {
  const Browser before = signed_in(ada_.email);
  program().advance(2h);
  patch_policies({{"session_idle_seconds", 3600}});
  expect_ended(before, "idle by the new policy");
  const Browser after = signed_in(ada_.email);
  program().advance(59min);
  EXPECT_EQ(after.ask("/v1/session").status, 200);
  program().advance(59min);
  EXPECT_EQ(after.ask("/v1/session").status, 200) << "each use counts";
  program().advance(60min);
  expect_ended(after, "idle");
}

TEST_P(BrowserSessions, HaveTheRightsOfTheMomentAndNoOthers) {
  const Person bob = join(ada_, "bob@acme.example", "admin");
  const Browser browser = signed_in(bob.email);
  const std::string members = "/v1/organizations/" + ada_.organization_id + "/members";
  EXPECT_EQ(browser.ask(members).status, 200);
  EXPECT_EQ(update_role(access_token(ada_.email), bob.member_id, ada_.roles.at("member")).status, 200);
  expect_problem(browser.ask(members), 403, "forbidden");
  EXPECT_EQ(browser.ask("/v1/session").text("/organization/role/key"), "member");
}

TEST_P(BrowserSessions, GetNoTokens) {
  const Browser browser = signed_in(ada_.email);
  const Object body{{"organization_id", ada_.organization_id}};
  expect_problem(browser.ask("POST", "/v1/session/organization", &body), 403, "forbidden");
  EXPECT_EQ(browser.ask("/v1/session").status, 200);
}

TEST_P(BrowserSessions, MakeChangesFromOurOwnPages) {
  const Browser browser = signed_in(ada_.email);
  const Object body{{"name", "Analysts"}};
  const Reply made = browser.ask("POST", "/v1/organizations", &body);
  EXPECT_EQ(made.status, 201) << made;
  const Reply ended = browser.ask("POST", "/v1/sign-out");
  EXPECT_EQ(ended.status, 200) << ended;
  expect_ended(browser, "signed out by the API");
}

TEST_P(BrowserSessions, AreCountedAgainstTheirBudgetOnPagesToo) {
  begin({{"limits.enabled", "true"}, {"limits.requests_per_minute", "60"}});
  Browser browser = signed_in(ada_.email);
  int status = 200;
  for (int i = 0; i < 80 && status == 200; ++i) status = browser.open("/account").status;
  EXPECT_EQ(status, 429);
  EXPECT_FALSE(browser.page().header("retry-after").empty());
  expect_problem(browser.ask("/v1/session"), 429, "rate_limited");
}

GATEHOUSE_ON_BOTH_DATABASES(BrowserSessions);

}  // namespace gatehouse::tests
