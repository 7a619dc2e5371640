#include "domain/operators.h"
#include "tests/support/browser.h"
#include "tests/support/flow_test.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

using testing::HasSubstr;
using testing::Not;

/// People sign up, in and out on the pages, without a line of script.
class BrowserSignIn : public FlowTest {
 protected:
  static Headers credentials(const std::string& email, const std::string& password = kPassword) {
    return {{"email", email}, {"password", password}};
  }
  Browser signed_in(const std::string& email, const std::string& target = "/sign-in") {
    Browser browser(client());
    browser.open(target);
    browser.submit(credentials(email));
    return browser;
  }
};

TEST_P(BrowserSignIn, SigningUpSignsIn) {
  Browser browser(client());
  EXPECT_EQ(browser.open("/sign-up").status, 200);
  const Reply& landed = browser.submit({{"name", "Ada Lovelace"},
                                        {"organization_name", "Acme"},
                                        {"email", "Ada@acme.example"},
                                        {"password", kPassword}});
  EXPECT_EQ(browser.target(), "/account");
  EXPECT_EQ(landed.status, 200) << landed;
  EXPECT_THAT(landed.body, HasSubstr("Ada Lovelace"));
  EXPECT_THAT(landed.body, HasSubstr("ada@acme.example"));
  EXPECT_THAT(landed.body, HasSubstr("Please confirm your email address"));
  const Reply session = browser.ask("/v1/session");
  ASSERT_EQ(session.status, 200) << session;
  EXPECT_EQ(session.text("/user/name"), "Ada Lovelace");
  EXPECT_EQ(session.text("/organization/name"), "Acme");
  EXPECT_EQ(session.text("/organization/role/key"), "owner");
  program().take_letter("ada@acme.example", subject::kWelcome);
  EXPECT_TRUE(program().untaken_letters("ada@acme.example").empty()) << "no alert about oneself";
  sign_in("ada@acme.example");
}

// It was 409 once, though the account was made: the browser shows the answer to the second click only.
TEST_P(BrowserSignIn, ASignUpThatIsSentTwiceSignsInTwiceAndMakesOneAccount) {
  Browser browser(client());
  browser.open("/sign-up");
  Headers fields = browser.forms().at(0).fields;
  for (auto& [name, value] : fields) {
    if (name == "organization_name") value = "Acme";
    if (name == "email") value = "ada@acme.example";
    if (name == "password") value = kPassword;
  }
  Browser second = browser, third = browser;
  browser.post("/sign-up", fields);
  second.post("/sign-up", fields);
  EXPECT_EQ(second.target(), "/account") << second.page();
  EXPECT_EQ(second.ask("/v1/session").text("/organization/name"), "Acme");
  EXPECT_EQ(second.ask("/v1/me/organizations").at("/data").as_array().size(), 1u);
  program().take_letter("ada@acme.example", subject::kWelcome);
  EXPECT_TRUE(program().untaken_letters("ada@acme.example").empty());
  // Another password or another organization is another form, and so is the same one later.
  for (const auto& [name, value] : Headers{{"password", "another password of mine"}, {"organization_name", "Bits"}}) {
    Headers other = fields;
    std::ranges::find(other, name, &Headers::value_type::first)->second = value;
    EXPECT_EQ(third.post("/sign-up", other).status, 409);
    EXPECT_EQ(third.cookie(), "");
  }
  program().advance(std::chrono::minutes(11));
  EXPECT_EQ(third.post("/sign-up", fields).status, 409);
}

TEST_P(BrowserSignIn, ARefusedSignUpComesBackWithWhatWasTyped) {
  sign_up("ada@acme.example", "Acme");
  Browser browser(client());
  browser.open("/sign-up?return_to=%2Fchoose-organization");
  browser.submit(
      {{"name", "Ada & Co"}, {"organization_name", "Bits"}, {"email", "not an address"}, {"password", "short"}});
  EXPECT_EQ(browser.page().status, 400);
  EXPECT_EQ(browser.value_of("name"), "Ada & Co");
  EXPECT_EQ(browser.value_of("organization_name"), "Bits");
  EXPECT_EQ(browser.value_of("email"), "not an address");
  EXPECT_EQ(browser.value_of("password"), "");
  EXPECT_EQ(pages::input_of_page(browser.page().body, "email").attribute("aria-invalid"), "true");
  browser.submit(credentials("ada@acme.example"));
  EXPECT_EQ(browser.page().status, 409);
  EXPECT_EQ(browser.value_of("email"), "ada@acme.example");
  EXPECT_THAT(browser.page().body, HasSubstr("href=\"/sign-in?return_to=%2Fchoose-organization\""));
  EXPECT_EQ(browser.cookie(), "");
  browser.submit(credentials("grace@acme.example"));
  EXPECT_EQ(browser.target(), "/choose-organization") << browser.page();
  EXPECT_EQ(browser.page().status, 200);
}

TEST_P(BrowserSignIn, WhereSignUpIsByInvitationThePageSaysSo) {
  start({{"signup", "closed"}});
  Browser browser(client());
  EXPECT_EQ(browser.open("/sign-up").status, 403);
  EXPECT_THAT(browser.page().body, HasSubstr("by invitation only"));
  EXPECT_EQ(
      browser.post("/sign-up", {{"organization_name", "Acme"}, {"email", "ada@acme.example"}, {"password", kPassword}})
          .status,
      403);
  EXPECT_EQ(browser.cookie(), "");
  EXPECT_THAT(browser.open("/sign-in").body, Not(HasSubstr("/sign-up")));
  expect_problem(try_sign_in("ada@acme.example"), 401, "invalid_credentials");
}

TEST_P(BrowserSignIn, AWrongPasswordKeepsTheAddressAndTheWay) {
  found("ada@acme.example", "Acme");
  Browser browser(client());
  browser.open("/choose-organization");
  EXPECT_EQ(browser.target(), "/sign-in?return_to=%2Fchoose-organization");
  browser.submit(credentials("ada@acme.example", "not it"));
  EXPECT_EQ(browser.page().status, 401);
  EXPECT_EQ(browser.value_of("email"), "ada@acme.example");
  EXPECT_EQ(browser.value_of("password"), "");
  EXPECT_THAT(browser.page().body, HasSubstr("The email address or the password is wrong."));
  EXPECT_EQ(browser.cookie(), "");
  browser.submit({{"password", kPassword}});
  EXPECT_EQ(browser.target(), "/choose-organization");
  EXPECT_EQ(browser.page().status, 200);
}

TEST_P(BrowserSignIn, NobodyLearnsWhoHasAnAccount) {
  found("ada@acme.example", "Acme");
  // The form's token belongs to the browser.
  Browser opened(client());
  opened.open("/sign-in");
  const auto refusal = [&](const std::string& email, const std::string& password) {
    Browser browser = opened;
    std::string text = normalized(browser.submit(credentials(email, password)));
    const auto at = text.find(email);
    return at == std::string::npos ? text : text.erase(at, email.size());
  };
  EXPECT_EQ(refusal("ada@acme.example", "wrong wrong wrong"), refusal("bob@acme.example", "wrong wrong wrong"));
}

TEST_P(BrowserSignIn, TriesAreCountedWithThoseOfTheApi) {
  start({{"limits.enabled", "true"}});
  sign_up("ada@acme.example", "Acme");
  int status = 0;
  for (int i = 0; i < 40 && status != 429; ++i) status = try_sign_in("ada@acme.example", "wrong wrong").status;
  ASSERT_EQ(status, 429);
  Browser browser(client());
  browser.open("/sign-in");
  browser.submit(credentials("ada@acme.example"));
  EXPECT_EQ(browser.page().status, 429);
  EXPECT_FALSE(browser.page().header("retry-after").empty());
  EXPECT_EQ(browser.value_of("email"), "ada@acme.example");
  EXPECT_EQ(browser.cookie(), "");
}

TEST_P(BrowserSignIn, WhoIsSignedInAlreadyGoesOn) {
  found("ada@acme.example", "Acme");
  Browser browser = signed_in("ada@acme.example");
  EXPECT_EQ(browser.target(), "/account");
  browser.open("/sign-in?return_to=%2Fchoose-organization");
  EXPECT_EQ(browser.target(), "/choose-organization");
  browser.open("/sign-up");
  EXPECT_EQ(browser.target(), "/account");
}

TEST_P(BrowserSignIn, SigningOutEndsTheSessionAndForgetsTheCookie) {
  found("ada@acme.example", "Acme");
  Browser browser = signed_in("ada@acme.example");
  Browser thief(client());
  thief.set_cookie("gatehouse_session", browser.cookie());
  EXPECT_EQ(thief.ask("/v1/session").status, 200);
  EXPECT_EQ(browser.submit({}).status, 200);
  EXPECT_EQ(browser.target(), "/signed-out");
  EXPECT_THAT(browser.page().body, HasSubstr("You are signed out"));
  EXPECT_EQ(browser.cookie(), "");
  expect_problem(thief.ask("/v1/session"), 401, "unauthenticated");
  thief.open("/account");
  EXPECT_EQ(thief.target(), "/sign-in") << "which leads to the landing page by itself";
}

TEST_P(BrowserSignIn, ALinkToSignOutAsksFirst) {
  found("ada@acme.example", "Acme");
  Browser browser = signed_in("ada@acme.example");
  EXPECT_EQ(browser.open("/sign-out").status, 200);
  EXPECT_EQ(browser.ask("/v1/session").status, 200);
  browser.submit({});
  EXPECT_EQ(browser.target(), "/signed-out");
  expect_problem(browser.ask("/v1/session"), 401, "unauthenticated");
}

TEST_P(BrowserSignIn, WhoHasSeveralOrganizationsChoosesOne) {
  const Founder ada = found("ada@acme.example", "Acme");
  const Founder bob = found("bob@bits.example", "Bits");
  accept(invite(access_token(bob.email), bob.organization_id, ada.email), ada.email);
  Browser browser = signed_in(ada.email);
  EXPECT_EQ(browser.target(), "/choose-organization");
  EXPECT_THAT(browser.page().body, HasSubstr("Acme"));
  EXPECT_THAT(browser.page().body, HasSubstr("Bits"));
  browser.press("organization", bob.organization_id);
  EXPECT_EQ(browser.target(), "/account");
  EXPECT_EQ(browser.ask("/v1/session").text("/organization/id"), bob.organization_id);
  browser.open("/choose-organization?return_to=%2Fsigned-out");
  browser.press("organization", ada.organization_id);
  EXPECT_EQ(browser.target(), "/signed-out");
  EXPECT_EQ(browser.ask("/v1/session").text("/organization/id"), ada.organization_id);
}

TEST_P(BrowserSignIn, WaitingInvitationsAreAcceptedOrDeclinedThere) {
  const Founder ada = found("ada@acme.example", "Acme");
  const Founder bob = found("bob@bits.example", "Bits");
  const Founder cid = found("cid@cogs.example", "Cogs");
  invite(access_token(bob.email), bob.organization_id, ada.email);
  invite(access_token(cid.email), cid.organization_id, ada.email);
  Browser browser = signed_in(ada.email, "/sign-in?return_to=%2Fchoose-organization");
  ASSERT_EQ(browser.forms().size(), 5u) << browser.page() << "one organization, two invitations with two buttons";
  const Reply waiting = browser.ask("/v1/me/invitations");
  std::map<std::string, std::string> ids;
  for (const Json& one : waiting.at("/data").as_array()) {
    ids[text_of(one.at("organization").at("name"))] = text_of(one.at("id"));
  }
  // The buttons of an invitation are "Join" and "Decline", in this order.
  for (const pages::FormMarkup& form : browser.forms()) {
    if (testing::Value(form.fields, testing::Contains(testing::Pair("action", "decline"))) &&
        testing::Value(form.fields, testing::Contains(testing::Pair("invitation", ids.at("Cogs"))))) {
      browser.post(form.action, form.fields);
      break;
    }
  }
  EXPECT_EQ(browser.target(), "/choose-organization");
  EXPECT_THAT(browser.page().body, Not(HasSubstr("Cogs")));
  browser.press("invitation", ids.at("Bits"));
  EXPECT_EQ(browser.ask("/v1/session").text("/organization/id"), bob.organization_id);
  EXPECT_EQ(browser.ask("/v1/me/organizations").at("/data").as_array().size(), 2u);
}

TEST_P(BrowserSignIn, AMailedInvitationIsAcceptedWithoutAPasswordByWhoIsSignedIn) {
  const Founder ada = found("ada@acme.example", "Acme");
  const Founder bob = found("bob@bits.example", "Bits");
  const std::string link = "/accept-invite?token=" + invite(access_token(bob.email), bob.organization_id, ada.email);
  Browser stranger = signed_in(bob.email);
  stranger.open(link);
  EXPECT_EQ(stranger.value_of("email"), ada.email) << "the password of whoever is invited is asked for";
  Browser browser = signed_in(ada.email);
  browser.open(link);
  EXPECT_THAT(browser.page().body, HasSubstr("You are signed in as"));
  EXPECT_EQ(browser.value_of("password"), "");
  // The form token is that of the session, as in all forms of people who are signed in.
  Headers fields = browser.forms().at(0).fields;
  char& first = fields.at(1).second.front();
  first = first == 'A' ? 'B' : 'A';
  browser.post("/accept-invite", fields);
  EXPECT_EQ(browser.page().status, 200);
  EXPECT_THAT(browser.page().body, HasSubstr("You are invited"));
  EXPECT_EQ(browser.ask("/v1/me/organizations").at("/data").as_array().size(), 1u);
  browser.submit({});
  EXPECT_THAT(browser.page().body, HasSubstr("You have joined"));
  browser.submit({});
  EXPECT_EQ(browser.target(), "/account") << browser.page();
  EXPECT_EQ(browser.ask("/v1/session").text("/organization/id"), bob.organization_id);
}

TEST_P(BrowserSignIn, AnOrganizationWithItsOwnDirectoryIsNamed) {
  sign_up("ada@acme.example", "Acme");
  const Reply isolated = client().post("/signup", {{"email", "ada@acme.example"},
                                                   {"password", kOtherPassword},
                                                   {"organization_name", "Vault"},
                                                   {"directory", "isolated"}});
  ASSERT_EQ(isolated.status, 201) << isolated;
  Browser browser(client());
  browser.open("/sign-in");
  EXPECT_THAT(browser.page().body, HasSubstr("href=\"/sign-in?organization=\""));
  browser.open("/sign-in?organization=");
  browser.submit({{"organization", "vault"}, {"email", "ada@acme.example"}, {"password", kPassword}});
  EXPECT_EQ(browser.page().status, 401) << "that is the password of the shared account";
  EXPECT_EQ(browser.value_of("organization"), "vault");
  EXPECT_THAT(browser.page().body, HasSubstr("href=\"/reset-password?organization=vault\""));
  browser.submit({{"password", kOtherPassword}});
  EXPECT_EQ(browser.target(), "/account") << browser.page();
  EXPECT_EQ(browser.ask("/v1/session").text("/organization/id"), isolated.text("/organization/id"));
}

TEST_P(BrowserSignIn, OperatorsSignInFromTheirNetworksOnly) {
  const auto make = [&] {
    ASSERT_TRUE(
        domain::create_operator(program().services(), *base::parse_email("root@ops.example"), base::Secret(kPassword)));
  };
  make();
  Browser browser = signed_in("root@ops.example");
  EXPECT_EQ(browser.target(), "/account");
  EXPECT_TRUE(browser.ask("/v1/session").flag("/operator"));
  EXPECT_EQ(browser.ask("/v1/operator/organizations").status, 200);
  start({{"operator.networks", "192.0.2.0/24"}});
  make();
  EXPECT_EQ(signed_in("root@ops.example").page().status, 401);
}

TEST_P(BrowserSignIn, WithAnApplicationTheLandingPageLeadsOn) {
  start({{"app_url", "https://app.example.com/start"}});
  found("ada@acme.example", "Acme");
  EXPECT_THAT(signed_in("ada@acme.example").page().body,
              HasSubstr("href=\"https://app.example.com/start\">Continue</a>"));
}

TEST_P(BrowserSignIn, TheClassicPathsAreNoPages) {
  for (const char* path : {"/signin", "/signup"}) {
    EXPECT_EQ(client().send({.target = path, .headers = {{"Accept", "text/html"}}}).status, 405) << path;
  }
}

TEST_P(BrowserSignIn, PasswordManagersFindWhereAPasswordIsChanged) {
  const Reply reply = client().get("/.well-known/change-password");
  EXPECT_EQ(reply.status, 302);
  EXPECT_EQ(reply.header("location"), "/account/password");
}

GATEHOUSE_ON_BOTH_DATABASES(BrowserSignIn);

}  // namespace gatehouse::tests
