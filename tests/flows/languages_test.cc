#include "tests/support/browser.h"
#include "tests/support/flow_test.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// In which language people are spoken to, by pages and by letters.
class LanguagesTest : public FlowTest {
 protected:
  void SetUp() override {
    start();
    ada_ = found("ada@acme.example", "Acme");
    token_ = access_token(ada_.email);
  }
  Reply patch(const std::string& target, const Object& body) {
    return client().send({.method = "PATCH", .target = target, .token = token_, .body = boost::json::serialize(body)});
  }
  std::string organization() const { return "/v1/organizations/" + ada_.organization_id; }
  Reply invite_in(const std::string& email, const Json& language) {
    return client().send(
        {.method = "POST",
         .target = organization() + "/invitations",
         .token = token_,
         .body = boost::json::serialize(Object{{"email", email}, {"role", "member"}, {"language", language}})});
  }
  std::string page_in(const std::string& target, const std::string& accept_language) {
    return client()
        .send({.target = target, .headers = {{"Accept", "text/html"}, {"Accept-Language", accept_language}}})
        .body;
  }

  Founder ada_;
  std::string token_;
};

TEST_P(LanguagesTest, AChosenLanguageIsThatOfPagesAndLetters) {
  EXPECT_EQ(patch("/v1/me", {{"language", "de"}, {"zoneinfo", "Europe/Vienna"}}).text("/language"), "de");
  EXPECT_EQ(client().get("/v1/me", token_).text("/language"), "de");
  client().post("/reset-password", {{"email", ada_.email}});
  const std::string letter = program().take_letter(ada_.email, "Setzen Sie Ihr Passwort zurück").text;
  EXPECT_THAT(letter, AllOf(HasSubstr("Guten Tag,"), HasSubstr(" Uhr (CET)")));
  Browser browser(client());
  browser.open("/sign-in?lang=es");
  browser.submit({{"email", ada_.email}, {"password", kPassword}});
  EXPECT_THAT(browser.page().body, AllOf(HasSubstr("<html lang=\"de\" dir=\"ltr\">"), HasSubstr("Ihr Konto")));
  EXPECT_EQ(browser.page().header("content-language"), "de");
  browser.open("/account/sessions");
  EXPECT_THAT(browser.page().body, HasSubstr(" Uhr (CET)"));
}

TEST_P(LanguagesTest, ThereIsNoneThatNobodySpeaks) {
  for (const char* language : {"fr", "", "DE", "de-AT", "ar-XB"}) {
    expect_field_problem(patch("/v1/me", {{"language", language}}), "/language");
    expect_field_problem(patch(organization(), {{"language", language}}), "/language");
    expect_field_problem(invite_in("grace@acme.example", language), "/language");
  }
  EXPECT_EQ(patch("/v1/me", {{"language", nullptr}}).status, 200);
}

TEST_P(LanguagesTest, TheProfilePageOffersThem) {
  Browser browser(client());
  browser.open("/sign-in");
  browser.submit({{"email", ada_.email}, {"password", kPassword}});
  browser.open("/account/profile");
  EXPECT_THAT(browser.page().body, HasSubstr("<option value=\"\" selected>As my browser asks</option>"));
  browser.post("/account/profile", {{"form_token", browser.value_of("form_token")}, {"language", "es"}});
  EXPECT_THAT(browser.page().body, HasSubstr("Su perfil se ha guardado"));
  browser.open("/account/profile");
  EXPECT_THAT(browser.page().body, HasSubstr("<option value=\"es\" selected>Español</option>"));
}

TEST_P(LanguagesTest, AnInvitationIsWrittenInItsOwnLanguageAndMakesAnAccountOfIt) {
  const Reply made = invite_in("grace@acme.example", "de");
  EXPECT_EQ(made.text("/language"), "de");
  const std::string token = token_in(program().take_letter("grace@acme.example", "Sie sind zu Acme eingeladen"));
  EXPECT_THAT(page_in("/accept-invite?token=" + token, "en"), HasSubstr("<html lang=\"de\""));
  EXPECT_THAT(page_in("/accept-invite?lang=es&token=" + token, "en"), HasSubstr("<html lang=\"es\""));
  accept(token, "grace@acme.example");
  EXPECT_EQ(client().get("/v1/me", access_token("grace@acme.example")).text("/language"), "de");
}

TEST_P(LanguagesTest, WhoeverIsInvitedAndHasChosenIsWrittenToAsTheyChose) {
  const Founder bob = found("bob@bits.example", "Bits");
  client().send(
      {.method = "PATCH", .target = "/v1/me", .token = access_token(bob.email), .body = R"({"language":"es"})"});
  invite_in(bob.email, "de");
  program().take_letter(bob.email, "Le invitan a unirse a Acme");
}

TEST_P(LanguagesTest, TheOrganizationsLanguageIsForThoseWhoHaveChosenNone) {
  EXPECT_EQ(patch(organization(), {{"language", "de"}}).text("/language"), "de");
  invite_in("grace@acme.example", nullptr);
  const std::string token = token_in(program().take_letter("grace@acme.example", "Sie sind zu Acme eingeladen"));
  EXPECT_THAT(page_in("/accept-invite?token=" + token, "es"), HasSubstr("<html lang=\"de\""));
  invite_in("linus@acme.example", "es");
  program().take_letter("linus@acme.example", "Le invitan a unirse a Acme");
  // Letters about the account go by the organization in which it worked last.
  client().post("/reset-password", {{"email", ada_.email}});
  program().take_letter(ada_.email, "Setzen Sie Ihr Passwort zurück");
  EXPECT_TRUE(patch(organization(), {{"language", nullptr}}).at("/language").is_null());
}

TEST_P(LanguagesTest, WhoeverSignsUpOnAPageIsWrittenToInItsLanguage) {
  Browser browser(client());
  browser.open("/sign-up?lang=de");
  browser.submit(
      {{"name", "Bob"}, {"organization_name", "Bits"}, {"email", "bob@bits.example"}, {"password", kPassword}});
  EXPECT_THAT(browser.page().body, HasSubstr("Ihr Konto"));
  program().take_letter("bob@bits.example", "Bestätigen Sie Ihre E-Mail-Adresse");
  EXPECT_EQ(browser.ask("/v1/me").text("/language"), "de");
}

TEST_P(LanguagesTest, ProgramsAreAnsweredInEnglishWhateverTheyAccept) {
  const Reply refused = client().send({.method = "POST",
                                       .target = "/signin",
                                       .headers = {{"Accept-Language", "de"}},
                                       .body = R"({"email":"nobody@acme.example","password":"wrong password"})"});
  expect_problem(refused, 401, "invalid_credentials");
  EXPECT_EQ(refused.text("/detail"), "The email address or the password is wrong.");
  EXPECT_THAT(page_in("/v1/nowhere", "de;q=0.9, en;q=0.1"), HasSubstr("Unter diesem Pfad gibt es nichts"));
}

GATEHOUSE_ON_BOTH_DATABASES(LanguagesTest);

}  // namespace gatehouse::tests
