#include "domain/email_change.h"
#include "domain/operators.h"
#include "pages/fixture_test.h"
#include "pages/page.h"

#include <set>

namespace gatehouse::pages {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

constexpr std::string_view kContinue = "href=\"https://app.example.com/start?from=gate&amp;x=1\">Continue</a>";

class PagesTest : public PagesFixture {
 protected:
  /// The token of the letter to the new address.
  std::string ask_for_new_email(const std::string& email, const std::string& new_email) {
    const auto session =
        domain::sign_in(services_, caller_, {{email}, base::Secret(std::string(kPassword)), std::nullopt});
    const std::string bearer = "Bearer " + std::string(session.value().access_token.reveal());
    const auto person = domain::Admission::signed_in(services_, caller_.origin, {.authorization = bearer});
    const auto asked =
        domain::request_email_change(services_, person.value(), {{new_email}, base::Secret(std::string(kPassword))});
    EXPECT_TRUE(asked.has_value());
    return mailed_token(new_email, "/confirm-email");
  }
};

TEST_F(PagesTest, ResetGoesFromAddressToNewPasswordWithoutTheApi) {
  sign_up("ada@example.com", "Acme");
  const auto asked = submit(get("/reset-password"), {{"email", "Ada@example.com"}});
  EXPECT_EQ(asked.status, 200);
  EXPECT_THAT(asked.body, AllOf(HasSubstr("If this address has an account"), HasSubstr(kContinue)));
  domain::process_reset_requests(services_);

  const std::string token = mailed_token("ada@example.com", "/reset-password");
  const auto page = get("/reset-password", {{"token", token}});
  get("/reset-password", {{"token", token}});
  EXPECT_EQ(page.status, 200);
  const auto changed = submit(page, {{"new_password", std::string(kOtherPassword)}});
  EXPECT_EQ(changed.status, 200);
  EXPECT_THAT(changed.body, AllOf(HasSubstr("Your password is changed"), HasSubstr(kContinue)));
  EXPECT_TRUE(can_sign_in("ada@example.com", kOtherPassword));
  EXPECT_FALSE(can_sign_in("ada@example.com", kPassword));

  const auto again = submit(page, {{"new_password", std::string(kPassword)}});
  EXPECT_EQ(again.status, 410);
  EXPECT_THAT(again.body, AllOf(HasSubstr("href=\"/reset-password\">Ask for a new link"), HasSubstr("req_test")));
}

TEST_F(PagesTest, ResetAnswersTheSameForAnUnknownAddress) {
  sign_up("ada@example.com", "Acme");
  EXPECT_EQ(submit(get("/reset-password"), {{"email", "ada@example.com"}}).body,
            submit(get("/reset-password"), {{"email", "nobody@example.com"}}).body);
}

TEST_F(PagesTest, ARefusedFormKeepsWhatWasTypedAndSaysWhatIsWrongBesideTheField) {
  const auto page = submit(get("/reset-password"), {{"email", "ada at \"example\""}});
  EXPECT_EQ(page.status, 400);
  const Tag input = input_of_page(page.body, "email");
  EXPECT_EQ(input.attribute("value"), "ada at \"example\"");
  EXPECT_EQ(input.attribute("aria-describedby"), "email-error");
  EXPECT_EQ(input.attribute("aria-invalid"), "true");
  EXPECT_THAT(page.body, HasSubstr("id=\"email-error\">This should be an email address, such as ada@example.com.</p>"));
  EXPECT_THAT(page.body, HasSubstr("role=\"alert\" tabindex=\"-1\" autofocus"));
  EXPECT_THAT(page.body, HasSubstr("<a href=\"#email\">Email address</a>"));
  EXPECT_THAT(page.body, HasSubstr("<title>Error: Reset your password"));
}

TEST_F(PagesTest, ARefusedPasswordIsNeverSentBackAndTheTokenStaysInTheForm) {
  sign_up("ada@example.com", "Acme");
  submit(get("/reset-password"), {{"email", "ada@example.com"}});
  domain::process_reset_requests(services_);
  const std::string token = mailed_token("ada@example.com", "/reset-password");
  const auto weak = submit(get("/reset-password", {{"token", token}}), {{"new_password", "password1"}});
  EXPECT_EQ(weak.status, 400);
  EXPECT_THAT(weak.body, AllOf(HasSubstr("Too easy to guess"), Not(HasSubstr("password1"))));
  EXPECT_EQ(input_of_page(weak.body, "token").attribute("value"), token);
  const auto changed = submit(weak, {{"new_password", std::string(kOtherPassword)}});
  EXPECT_EQ(changed.status, 200);
}

TEST_F(PagesTest, ARateLimitedFormSaysWhenToComeAgain) {
  http::Response page;
  for (int i = 0; i < 11; ++i) page = submit(get("/reset-password"), {{"email", "ada@example.com"}});
  EXPECT_EQ(page.status, 429);
  EXPECT_THAT(page.headers, Contains(Pair("Retry-After", "60")));
  EXPECT_THAT(page.body, HasSubstr("Try again in 60 seconds."));
  EXPECT_EQ(input_of_page(page.body, "email").attribute("value"), "ada@example.com");
}

TEST_F(PagesTest, VerifyNamesOrganizationAndDateAndOnlyItsButtonConfirms) {
  sign_up("ada@example.com", "Müller & Söhne");
  const std::string token = mailed_token("ada@example.com", "/verify-email");
  const auto page = get("/verify-email", {{"token", token}});
  EXPECT_EQ(get("/verify-email", {{"token", token}}).status, 200) << "looking consumed the link";
  EXPECT_THAT(page.body, AllOf(HasSubstr("Müller &amp; Söhne"), HasSubstr("22 November 2026 at 11:50 UTC"),
                               HasSubstr("ada@example.com"), HasSubstr("Confirm my address")));
  const auto confirmed = submit(page, {}, 0);
  EXPECT_EQ(confirmed.status, 200);
  EXPECT_THAT(confirmed.body, AllOf(HasSubstr("your email address is confirmed"), HasSubstr(kContinue)));
  EXPECT_EQ(submit(page, {}, 0).status, 410);
  EXPECT_EQ(get("/verify-email", {{"token", token}}).status, 410);
  EXPECT_TRUE(can_sign_in("ada@example.com", kPassword));
}

TEST_F(PagesTest, WhoDidNotSignUpDeletesTheAccount) {
  sign_up("ada@example.com", "Acme");
  const std::string token = mailed_token("ada@example.com", "/verify-email");
  const auto page = get("/verify-email", {{"token", token}});
  EXPECT_THAT(page.body, AllOf(HasSubstr("I did not sign up"), HasSubstr("for good")));
  ASSERT_TRUE(can_sign_in("ada@example.com", kPassword));
  const auto gone = submit(page, {}, 1);
  EXPECT_EQ(gone.status, 200);
  EXPECT_THAT(gone.body, HasSubstr("The account is deleted"));
  EXPECT_FALSE(can_sign_in("ada@example.com", kPassword));
}

TEST_F(PagesTest, ANewAddressIsUsedOnlyByItsButton) {
  sign_up("ada@example.com", "Acme");
  const std::string token = ask_for_new_email("ada@example.com", "ada@lovelace.example");
  const auto page = get("/confirm-email", {{"token", token}});
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, AllOf(HasSubstr("ada@example.com"), HasSubstr("ada@lovelace.example"),
                               HasSubstr("22 November 2026 at 11:50 UTC"), HasSubstr("Use this address")));
  EXPECT_EQ(get("/confirm-email", {{"token", token}}).status, 200) << "looking consumed the link";
  EXPECT_TRUE(can_sign_in("ada@example.com", kPassword));
  const auto changed = submit(page, {});
  EXPECT_EQ(changed.status, 200);
  EXPECT_THAT(changed.body, AllOf(HasSubstr("Your address is changed"), HasSubstr(kContinue)));
  EXPECT_TRUE(can_sign_in("ada@lovelace.example", kPassword));
  EXPECT_FALSE(can_sign_in("ada@example.com", kPassword));
  EXPECT_EQ(submit(page, {}).status, 410);
  EXPECT_EQ(get("/confirm-email", {{"token", token}}).status, 410);
  EXPECT_EQ(get("/confirm-email", {{"token", "gce_nonsense"}}).status, 400);
  EXPECT_EQ(get("/confirm-email").status, 400);
}

TEST_F(PagesTest, ANewAddressThatWasTakenMeanwhileIsExplained) {
  sign_up("ada@example.com", "Acme");
  const std::string token = ask_for_new_email("ada@example.com", "ada@lovelace.example");
  sign_up("ada@lovelace.example", "Faster");
  const auto refused = post("/confirm-email", {{"token", token}});
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(refused.body, HasSubstr("already has an account"));
}

TEST_F(PagesTest, AVerificationWithAnotherActionChangesNothing) {
  sign_up("ada@example.com", "Acme");
  const std::string token = mailed_token("ada@example.com", "/verify-email");
  EXPECT_EQ(post("/verify-email", {{"token", token}, {"action", "destroy"}}).status, 400);
  EXPECT_EQ(get("/verify-email", {{"token", token}}).status, 200);
}

TEST_F(PagesTest, SomebodyNewAcceptsAnInvitationWithAPasswordOfTheirChoice) {
  const auto founder = sign_up("ada@example.com", "Acme");
  const std::string token = invite(founder, "bob@example.com");
  const auto page = get("/accept-invite", {{"token", token}});
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, AllOf(HasSubstr("Acme"), HasSubstr("ada@example.com"), HasSubstr("member")));
  EXPECT_EQ(input_of_page(page.body, "email").attribute("value"), "bob@example.com");
  EXPECT_EQ(input_of_page(page.body, "email").attribute("autocomplete"), "username");
  EXPECT_EQ(input_of_page(page.body, "password").attribute("autocomplete"), "new-password");

  const auto weak = submit(page, {{"password", "password"}});
  EXPECT_EQ(weak.status, 400);
  EXPECT_EQ(input_of_page(weak.body, "password").attribute("aria-describedby"), "password-hint password-error");
  const auto joined = submit(weak, {{"password", std::string(kOtherPassword)}});
  EXPECT_EQ(joined.status, 200);
  EXPECT_THAT(joined.body, AllOf(HasSubstr("You have joined"), HasSubstr("Acme"), HasSubstr(kContinue)));
  EXPECT_TRUE(can_sign_in("bob@example.com", kOtherPassword));

  const auto again = get("/accept-invite", {{"token", token}});
  EXPECT_EQ(again.status, 410);
  EXPECT_THAT(again.body, HasSubstr("Whoever invited you can send you a new invitation"));
}

TEST_F(PagesTest, SomebodyWithAnAccountAcceptsWithItsPassword) {
  const auto founder = sign_up("ada@example.com", "Acme");
  sign_up("bob@example.com", "Bobs");
  submit(get("/verify-email", {{"token", mailed_token("bob@example.com", "/verify-email")}}), {});
  const auto page = get("/accept-invite", {{"token", invite(founder, "bob@example.com")}});
  EXPECT_EQ(input_of_page(page.body, "password").attribute("autocomplete"), "current-password");
  const auto wrong = submit(page, {{"password", "not the password of bob"}});
  EXPECT_EQ(wrong.status, 401);
  EXPECT_THAT(wrong.headers, Contains(Pair("WWW-Authenticate", "Bearer realm=\"gatehouse\"")));
  EXPECT_THAT(wrong.body, AllOf(HasSubstr("The email address or the password is wrong."), Not(HasSubstr("of bob"))));
  EXPECT_EQ(submit(wrong, {{"password", std::string(kPassword)}}).status, 200);
}

TEST_F(PagesTest, AnExpiredInvitationIsAFriendlyPage) {
  const auto founder = sign_up("ada@example.com", "Acme");
  const std::string token = invite(founder, "bob@example.com");
  const auto page = get("/accept-invite", {{"token", token}});
  clock_.advance(std::chrono::hours(24 * 8));
  EXPECT_EQ(get("/accept-invite", {{"token", token}}).status, 410);
  EXPECT_EQ(submit(page, {{"password", std::string(kOtherPassword)}}).status, 410);
  EXPECT_FALSE(can_sign_in("bob@example.com", kOtherPassword));
}

TEST_F(PagesTest, AnInvitationTakesNoPasswordFromTheQuery) {
  const auto founder = sign_up("ada@example.com", "Acme");
  const std::string token = invite(founder, "bob@example.com");
  const auto page = get("/accept-invite", {{"token", token}, {"password", "blue bananas on parade"}});
  EXPECT_EQ(page.status, 400);
  EXPECT_THAT(page.body, Not(HasSubstr("bananas")));
  EXPECT_EQ(get("/accept-invite", {{"token", token}}).status, 200);
}

TEST_F(PagesTest, ALinkWithoutOrWithAForgedTokenIsInvalid) {
  for (const char* path : {"/verify-email", "/accept-invite"}) {
    EXPECT_EQ(get(path).status, 400);
    EXPECT_EQ(get(path, {{"token", "gve_forged"}}).status, 400);
    EXPECT_THAT(get(path, {{"token", "gin_forged"}}).body, HasSubstr("This link is not valid"));
    EXPECT_EQ(get(path, {{"token", "a"}, {"token", "b"}}).status, 400);
  }
}

TEST_F(PagesTest, TheSetupPageMakesTheFirstOperatorOnce) {
  const auto token = domain::make_setup_token(services_);
  const auto page = get("/setup");
  EXPECT_THAT(page.body, HasSubstr("src=\"/assets/setup.js?"));
  const auto mistyped =
      submit(page, {{"token", "gst_wrong"}, {"email", "root@example.com"}, {"password", std::string(kPassword)}});
  EXPECT_EQ(mistyped.status, 400);
  EXPECT_EQ(input_of_page(mistyped.body, "email").attribute("value"), "root@example.com");
  EXPECT_EQ(input_of_page(mistyped.body, "token").attribute("aria-invalid"), "true");
  const Pairs right{{"token", std::string(token->reveal())}, {"password", std::string(kPassword)}};
  const auto made = submit(mistyped, right);
  EXPECT_EQ(made.status, 200);
  EXPECT_THAT(made.body, AllOf(HasSubstr("The operator is made"), HasSubstr("root@example.com")));
  EXPECT_THAT(made.body, Not(HasSubstr(token->reveal())));
  EXPECT_EQ(submit(mistyped, right).status, 410);
}

TEST_F(PagesTest, FormsOfOtherSitesChangeNothing) {
  sign_up("ada@example.com", "Acme");
  const std::string token = mailed_token("ada@example.com", "/verify-email");
  const std::vector<Pairs> foreign{{{"sec-fetch-site", "cross-site"}},
                                   {{"sec-fetch-site", "same-site"}},
                                   {{"sec-fetch-site", "cross-site"}, {"origin", "https://id.example.com"}},
                                   {{"origin", "https://evil.test"}},
                                   {{"origin", "http://id.example.com"}},
                                   {{"origin", "https://id.example.com.evil.test"}},
                                   {{"origin", ""}},
                                   {{"origin", "https://evil.test"}, {"sec-fetch-site", "same-origin"}}};
  for (const char* path : {"/reset-password", "/verify-email", "/accept-invite", "/setup", "/sign-in", "/sign-up",
                           "/sign-out", "/choose-organization", "/account/profile"}) {
    for (const Pairs& headers : foreign) {
      const auto page = post(path, {{"token", token}}, headers);
      EXPECT_EQ(page.status, 403) << path;
      EXPECT_THAT(page.body, HasSubstr("sent from another site"));
    }
  }
  const std::vector<Pairs> own{{{"origin", "https://id.example.com"}, {"sec-fetch-site", "same-origin"}},
                               {{"origin", "null"}},
                               {{"sec-fetch-site", "none"}}};
  for (const Pairs& headers : own) {
    EXPECT_EQ(post("/reset-password", {{"email", "ada@example.com"}}, headers).status, 200);
  }
  EXPECT_EQ(get("/verify-email", {{"token", token}}).status, 200) << "the link was used";
}

TEST_F(PagesTest, FormsTakeFormsOnly) {
  http::Request request = to(http::Method::post, "/reset-password");
  request.headers = {{"content-type", "application/json"}};
  request.body = R"({"email":"ada@example.com"})";
  EXPECT_EQ(run(request).status, 415);
  request.headers = {{"content-type", "text/plain"}};
  EXPECT_EQ(run(request).status, 415);
}

TEST_F(PagesTest, EveryPageLoadsOnlyWhatIsOursAndIsComplete) {
  for (const char* path :
       {"/", "/sign-in", "/sign-up", "/signed-out", "/reset-password", "/verify-email", "/accept-invite", "/setup"}) {
    const auto page = get(path);
    SCOPED_TRACE(path);
    const bool has_script = std::string_view(path) == "/setup";
    EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
    EXPECT_THAT(page.headers,
                Contains(Pair("Content-Security-Policy", std::string(has_script ? kScriptPolicy : kPolicy))));
    EXPECT_THAT(page.body, AllOf(HasSubstr("<html lang=\"en\""), HasSubstr("name=\"viewport\"")));
    std::set<std::string> labelled;
    for (const Tag& tag : tags_of(page.body)) {
      EXPECT_NE(tag.name, "style");
      EXPECT_EQ(tag.name == "script", has_script && tag.name == "script");
      for (const auto& [name, value] : tag.attributes) {
        EXPECT_FALSE(name.starts_with("on") || name == "style") << name;
        if (name == "src" || name == "action") {
          EXPECT_TRUE(value.starts_with('/')) << value;
        }
        if (name == "src" || (tag.name == "link" && value.starts_with('/'))) {
          EXPECT_EQ(get(value.substr(0, value.find('?'))).status, 200) << value;
        }
      }
      if (tag.name == "label") labelled.insert(tag.attribute("for"));
      if (tag.name == "input" && tag.attribute("type") != "hidden") {
        EXPECT_TRUE(labelled.contains(tag.attribute("id"))) << tag.attribute("id");
        EXPECT_NE(tag.attribute("autocomplete"), "");
      }
    }
  }
}

TEST_F(PagesTest, TokensStandInFormsAndNeverInLinks) {
  const auto founder = sign_up("ada@example.com", "Acme");
  const std::vector<std::pair<std::string, std::string>> links{
      {"/verify-email", mailed_token("ada@example.com", "/verify-email")},
      {"/accept-invite", invite(founder, "bob@example.com")},
      {"/confirm-email", ask_for_new_email("ada@example.com", "ada@lovelace.example")},
      {"/reset-password", "grs_something"}};
  for (const auto& [path, token] : links) {
    const auto page = get(path, {{"token", token}});
    EXPECT_EQ(input_of_page(page.body, "token").attribute("value"), token);
    for (const Tag& tag : tags_of(page.body)) {
      for (const char* name : {"href", "src", "action"}) EXPECT_THAT(tag.attribute(name), Not(HasSubstr(token)));
    }
  }
}

TEST_F(PagesTest, AssetsAreSmallCachedAndOfTheRightType) {
  const auto style = get("/assets/pages.css");
  EXPECT_EQ(style.content_type, "text/css; charset=utf-8");
  EXPECT_LE(style.body.size(), 8192u);
  EXPECT_THAT(style.headers, Contains(Pair("Cache-Control", "public, max-age=86400")));
  EXPECT_EQ(get("/assets/setup.js").content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(get("/assets/none.css").status, 404);
}

TEST_F(PagesTest, WithoutAnApplicationThereIsNoContinue) {
  services_.settings.app_url.clear();
  const auto page = submit(get("/reset-password"), {{"email", "ada@example.com"}});
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, Not(HasSubstr("Continue")));
}

TEST_F(PagesTest, NoRowThatMayWaitForAHashStandsInTheStoreLane) {
  const std::set<std::string> without_password{"/verify-email",        "/confirm-email",   "/sign-out",
                                               "/choose-organization", "/account/profile", "/account/verification",
                                               "/account/sessions",    "/account/leave"};
  for (const http::Route& row : router_.routes()) {
    const bool hashes = row.method == http::Method::post && !without_password.contains(row.path);
    EXPECT_EQ(row.lane == http::Lane::hash, hashes) << row.path;
    EXPECT_EQ(row.takes_body, row.method == http::Method::post) << row.path;
    EXPECT_EQ(row.produces, http::Produces::page) << row.path;
  }
}

}  // namespace
}  // namespace gatehouse::pages
