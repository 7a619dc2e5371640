#include "tests/support/browser.h"
#include "tests/support/flow_test.h"

#include <gmock/gmock.h>
#include <set>

namespace gatehouse::tests {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

/// What people do with their own account, on its pages.
class AccountPages : public FlowTest {
 protected:
  void SetUp() override {
    start();
    ada_ = found("ada@acme.example", "Acme");
    browser_ = signed_in(ada_.email);
  }
  Browser signed_in(const std::string& email, const std::string& password = kPassword) {
    Browser browser(client());
    browser.open("/sign-in");
    browser.submit({{"email", email}, {"password", password}});
    return browser;
  }
  Json me(std::string_view field) { return browser_.ask("/v1/me").json.at(std::string(field)); }

  Founder ada_;
  Browser browser_{HttpClient(0)};
};

TEST_P(AccountPages, EachIsCompleteAndEveryFieldHasItsLabel) {
  std::set<std::string> seen;
  browser_.open("/account");
  std::vector<std::string> paths{"/account", "/account/verification", "/account/leave", "/sign-out"};
  for (const pages::Tag& tag : pages::tags_of(browser_.page().body)) {
    // The console is no such page: it has tests of its own.
    if (tag.name == "a" && tag.attribute("href") != "/console") paths.push_back(tag.attribute("href"));
  }
  for (const std::string& path : paths) {
    SCOPED_TRACE(path);
    seen.insert(path);
    const Reply& page = browser_.open(path);
    EXPECT_EQ(page.status, 200) << page;
    EXPECT_EQ(browser_.target(), path);
    EXPECT_EQ(page.header("cache-control"), "no-store");
    EXPECT_THAT(page.header("content-security-policy"), Not(HasSubstr("script-src")));
    std::set<std::string> labelled;
    for (const pages::Tag& tag : pages::tags_of(page.body)) {
      EXPECT_NE(tag.name, "script");
      if (tag.name == "label") labelled.insert(tag.attribute("for"));
      if (tag.name != "input" || tag.attribute("type") == "hidden") continue;
      EXPECT_TRUE(labelled.contains(tag.attribute("id"))) << tag.attribute("id");
      EXPECT_NE(tag.attribute("autocomplete"), "");
    }
  }
  EXPECT_GE(seen.size(), 11u);
}

TEST_P(AccountPages, WhoIsNotSignedInIsLedToSignInAndBack) {
  Browser browser(client());
  browser.open("/account/sessions?limit=5");
  EXPECT_EQ(browser.target(), "/sign-in?return_to=%2Faccount%2Fsessions%3Flimit%3D5");
  browser.submit({{"email", ada_.email}, {"password", kPassword}});
  EXPECT_EQ(browser.target(), "/account/sessions?limit=5");
}

TEST_P(AccountPages, TheProfileIsChangedAndCleared) {
  browser_.open("/account/profile");
  browser_.submit({{"name", "Ada & <b>Lovelace"}, {"locale", "en-GB"}, {"zoneinfo", "Europe/London"}});
  EXPECT_EQ(browser_.page().status, 200) << browser_.page();
  EXPECT_EQ(me("name"), "Ada & <b>Lovelace");
  EXPECT_EQ(me("zoneinfo"), "Europe/London");
  browser_.open("/account/profile");
  EXPECT_EQ(browser_.value_of("name"), "Ada & <b>Lovelace");
  browser_.submit({{"name", ""}, {"zoneinfo", "Mars/Olympus"}});
  EXPECT_EQ(browser_.page().status, 400);
  EXPECT_EQ(browser_.value_of("name"), "") << "as it was typed";
  EXPECT_EQ(browser_.value_of("zoneinfo"), "Mars/Olympus");
  EXPECT_EQ(pages::input_of_page(browser_.page().body, "zoneinfo").attribute("aria-invalid"), "true");
  EXPECT_EQ(me("name"), "Ada & <b>Lovelace");
  browser_.submit({{"zoneinfo", ""}});
  EXPECT_TRUE(me("name").is_null());
  EXPECT_TRUE(me("zoneinfo").is_null());
  EXPECT_EQ(me("locale"), "en-GB");
}

TEST_P(AccountPages, AnExpiredSessionInTheMiddleOfAFormLosesNothingTyped) {
  browser_.open("/account/profile");
  program().advance(31 * 24h);
  browser_.submit({{"name", "Ada \"&\" Lovelace"}, {"given_name", "Ada"}});
  EXPECT_EQ(browser_.page().status, 401);
  EXPECT_THAT(browser_.page().body, HasSubstr("nothing that you typed is lost"));
  browser_.submit({{"email", ada_.email}, {"password", "wrong wrong wrong"}});
  EXPECT_EQ(browser_.page().status, 401);
  browser_.submit({{"password", kPassword}});
  EXPECT_EQ(browser_.page().status, 200) << browser_.page();
  EXPECT_THAT(browser_.page().body, HasSubstr("You are signed in again"));
  EXPECT_TRUE(me("name").is_null()) << "nothing is sent by signing in";
  browser_.submit({});
  EXPECT_EQ(browser_.target(), "/account/profile");
  EXPECT_EQ(browser_.page().status, 200);
  EXPECT_EQ(browser_.value_of("name"), "Ada \"&\" Lovelace");
  EXPECT_EQ(browser_.value_of("given_name"), "Ada");
  EXPECT_TRUE(me("name").is_null()) << "nor by coming back";
  browser_.submit({});
  EXPECT_EQ(me("name"), "Ada \"&\" Lovelace");
}

TEST_P(AccountPages, PasswordsAreNotCarriedOverASignIn) {
  browser_.open("/account/password");
  program().advance(31 * 24h);
  browser_.submit({{"current_password", kPassword}, {"new_password", kOtherPassword}});
  EXPECT_EQ(browser_.page().status, 401);
  EXPECT_THAT(browser_.page().body, Not(HasSubstr(kOtherPassword)));
  browser_.submit({{"email", ada_.email}, {"password", kPassword}});
  EXPECT_EQ(browser_.target(), "/account/password") << "there is nothing to keep";
}

TEST_P(AccountPages, AFormOfAnotherTabIsShownAgainAfterANewSignIn) {
  Browser other_tab = browser_;
  other_tab.open("/account/profile");
  browser_.open("/account");
  browser_.submit({});
  browser_.open("/sign-in");
  browser_.submit({{"email", ada_.email}, {"password", kPassword}});
  other_tab.set_cookie("gatehouse_session", browser_.cookie());
  other_tab.submit({{"name", "Ada Lovelace"}});
  EXPECT_EQ(other_tab.page().status, 403);
  EXPECT_THAT(other_tab.page().body, HasSubstr("Your sign-in has changed"));
  EXPECT_EQ(other_tab.value_of("name"), "Ada Lovelace");
  EXPECT_TRUE(me("name").is_null());
  other_tab.submit({});
  EXPECT_EQ(me("name"), "Ada Lovelace");
}

TEST_P(AccountPages, ThePasswordIsChangedWithTheOneBefore) {
  const Browser elsewhere = signed_in(ada_.email);
  browser_.open("/account/password");
  EXPECT_EQ(browser_.value_of("username"), ada_.email);
  browser_.submit({{"current_password", kOtherPassword}, {"new_password", kOtherPassword}});
  EXPECT_EQ(browser_.page().status, 401);
  browser_.submit({{"current_password", kPassword}, {"new_password", "password"}});
  EXPECT_EQ(browser_.page().status, 400);
  EXPECT_EQ(pages::input_of_page(browser_.page().body, "new_password").attribute("aria-invalid"), "true");
  EXPECT_EQ(elsewhere.ask("/v1/session").status, 200);
  browser_.submit({{"current_password", kPassword}, {"new_password", kOtherPassword}});
  EXPECT_THAT(browser_.page().body, HasSubstr("Your password is changed"));
  EXPECT_EQ(browser_.ask("/v1/session").status, 200) << "one stays signed in here";
  expect_problem(elsewhere.ask("/v1/session"), 401, "unauthenticated");
  expect_problem(try_sign_in(ada_.email), 401, "invalid_credentials");
  EXPECT_EQ(try_sign_in(ada_.email, kOtherPassword).status, 200);
}

TEST_P(AccountPages, SessionsEndOneByOneAndAllAtOnce) {
  const Browser one = signed_in(ada_.email), two = signed_in(ada_.email), three = signed_in(ada_.email);
  browser_.open("/account/sessions");
  browser_.press("session", one.ask("/v1/session").text("/id"));
  EXPECT_EQ(browser_.target(), "/account/sessions");
  expect_problem(one.ask("/v1/session"), 401, "unauthenticated");
  EXPECT_EQ(two.ask("/v1/session").status, 200);
  browser_.press("which", "others");
  expect_problem(two.ask("/v1/session"), 401, "unauthenticated");
  expect_problem(three.ask("/v1/session"), 401, "unauthenticated");
  EXPECT_EQ(browser_.ask("/v1/session").status, 200);
  browser_.post("/account/sessions", {{"form_token", browser_.value_of("form_token")}});
  EXPECT_EQ(browser_.page().status, 400) << "a form that names nothing ends nothing";
}

TEST_P(AccountPages, ActivityIsListedAPageAtATime) {
  browser_.open("/account/activity?limit=2");
  const std::string body = browser_.page().body;
  const auto at = body.find("/account/activity?after=");
  ASSERT_NE(at, std::string::npos) << body;
  browser_.open(body.substr(at, body.find('"', at) - at));
  EXPECT_EQ(browser_.page().status, 200) << browser_.page();
  // What happened at one moment has no order.
  for (const char* action : {"Signed up", "Email address confirmed", "Signed in"}) {
    EXPECT_THAT(body + browser_.page().body, HasSubstr(action));
  }
  browser_.open("/account/activity?lang=de");
  EXPECT_THAT(browser_.page().body, HasSubstr("<td>Angemeldet</td>"));
}

TEST_P(AccountPages, ANewAddressNeedsThePasswordAndItsLink) {
  browser_.open("/account/email");
  browser_.submit({{"email", "ada@lovelace.example"}, {"password", kOtherPassword}});
  EXPECT_EQ(browser_.page().status, 401);
  EXPECT_EQ(browser_.value_of("email"), "ada@lovelace.example");
  browser_.submit({{"password", kPassword}});
  EXPECT_EQ(browser_.page().status, 200) << browser_.page();
  const std::string token = token_in(program().take_letter("ada@lovelace.example", "Confirm your new email address"));
  EXPECT_EQ(text_of(me("email")), ada_.email);
  Browser reader(client());
  reader.open("/confirm-email?token=" + token);
  reader.submit({});
  expect_problem(browser_.ask("/v1/session"), 401, "unauthenticated");
  EXPECT_EQ(try_sign_in("ada@lovelace.example").status, 200);
}

TEST_P(AccountPages, TheLetterThatConfirmsTheAddressIsSentAgain) {
  sign_up("bob@bits.example", "Bits");
  program().take_letter("bob@bits.example", subject::kWelcome);
  Browser bob = signed_in("bob@bits.example");
  EXPECT_THAT(bob.page().body, HasSubstr("href=\"/account/verification\""));
  bob.open("/account/verification");
  bob.submit({});
  EXPECT_EQ(bob.page().status, 200) << bob.page();
  program().take_letter("bob@bits.example", "Please confirm your email address");
}

TEST_P(AccountPages, WhoLeavesAnOrganizationIsNoMemberAndTheLastOwnerStays) {
  const Person bob = join(ada_, "bob@acme.example");
  Browser browser = signed_in(bob.email);
  browser.open("/account/leave");
  browser.press("organization", ada_.organization_id);
  EXPECT_THAT(browser.page().body, HasSubstr("You have left"));
  expect_problem(browser.ask("/v1/session"), 401, "unauthenticated");
  browser_.open("/account/leave");
  browser_.press("organization", ada_.organization_id);
  EXPECT_EQ(browser_.page().status, 409);
  EXPECT_THAT(browser_.page().body, HasSubstr("at least one active owner"));
}

TEST_P(AccountPages, TheExportIsAFileForWhoKnowsThePassword) {
  browser_.open("/account/export");
  browser_.submit({{"password", kOtherPassword}});
  EXPECT_EQ(browser_.page().status, 401);
  browser_.submit({{"password", kPassword}});
  EXPECT_EQ(browser_.page().status, 200);
  EXPECT_EQ(browser_.page().header("content-disposition"), "attachment; filename=\"account.json\"");
  EXPECT_EQ(browser_.page().text("/profile/email"), ada_.email);
}

TEST_P(AccountPages, ADeletedAccountIsGoneAndItsBrowserSignedOut) {
  const Person bob = join(ada_, "bob@acme.example");
  Browser browser = signed_in(bob.email);
  browser.open("/account/delete");
  browser.submit({{"password", kOtherPassword}});
  EXPECT_EQ(browser.page().status, 401);
  EXPECT_EQ(browser.ask("/v1/session").status, 200);
  browser.submit({{"password", kPassword}});
  EXPECT_THAT(browser.page().body, HasSubstr("Your account is deleted"));
  EXPECT_EQ(browser.cookie(), "");
  expect_problem(try_sign_in(bob.email), 401, "invalid_credentials");
}

GATEHOUSE_ON_BOTH_DATABASES(AccountPages);

}  // namespace gatehouse::tests
