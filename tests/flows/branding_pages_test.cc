#include "tests/flows/branding_fixture.h"

#include "tests/support/browser.h"

namespace gatehouse::tests {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// Where people see it.
class BrandingShown : public BrandingFlow {
 protected:
  void SetUp() override {
    BrandingFlow::SetUp();
    // Not "acme", which the page gives as an example.
    slug_ = "harbour-works";
    const Object renamed{{"slug", slug_}};
    ASSERT_EQ(client()
                  .send({.method = "PATCH",
                         .target = "/v1/organizations/" + ada_.organization_id,
                         .token = owner_,
                         .body = boost::json::serialize(renamed)})
                  .status,
              200);
  }
  std::string sign_in_page(const std::string& slug) {
    Browser browser(client());
    return browser.open("/sign-in?organization=" + slug).body;
  }
  void brand() {
    set({{"name", "Acme & Söhne"}, {"button_color", "#0b6e4f"}, {"support_url", "https://acme.example/help?a=1&b=2"}});
    logo_ = set_logo(png_of(320, 80)).text("/logo/url");
  }
  auto is_branded() const {
    return AllOf(HasSubstr(" · Acme &amp; Söhne</title>"),
                 HasSubstr("<img src=\"" + logo_ + "\" width=\"320\" height=\"80\" alt=\"Acme &amp; Söhne\">"),
                 HasSubstr("href=\"/brand/colors/0b6e4f-ffffff-8fb0ff-10141d.css\""),
                 HasSubstr("<a href=\"https://acme.example/help?a=1&amp;b=2\">Support</a>"));
  }

  std::string slug_, logo_;
};

TEST_P(BrandingShown, OnThePageOfItsSignInAlsoWhenThatSaysNo) {
  EXPECT_THAT(sign_in_page(slug_), AllOf(HasSubstr(" · Gatehouse</title>"), Not(HasSubstr("class=\"brand\""))));
  brand();
  EXPECT_THAT(sign_in_page(slug_), is_branded());
  Browser browser(client());
  browser.open("/sign-in?organization=" + slug_);
  EXPECT_THAT(browser.submit({{"email", ada_.email}, {"password", "not this one"}}).body, is_branded());
  browser.open("/sign-in");
  EXPECT_THAT(browser.page().body, Not(HasSubstr("Acme"))) << "nobody has said which organization it is";
  EXPECT_EQ(client().get("/brand/colors/0b6e4f-ffffff-8fb0ff-10141d.css").status, 200);

  set({{"name", nullptr}, {"button_color", nullptr}});
  EXPECT_THAT(sign_in_page(slug_), AllOf(HasSubstr(" · Acme</title>"), Not(HasSubstr("/brand/colors/"))));
}

// Who asks for a slug learns nothing about an organization that does not want to be seen.
TEST_P(BrandingShown, AnUnknownSlugLooksLikeAnOrganizationWithoutBranding) {
  const auto page_of = [&](const std::string& slug) {
    Call call{.target = "/sign-in?organization=" + slug, .headers = {{"Accept", "text/html"}}};
    Reply reply = client().send(call);
    for (auto at = reply.body.find(slug); at != std::string::npos; at = reply.body.find(slug)) {
      reply.body.erase(at, slug.size());
    }
    const auto token = reply.body.find("name=\"form_token\" value=\"");
    if (token != std::string::npos) reply.body.erase(token, reply.body.find('>', token) - token);
    return reply.body;
  };
  const std::string unknown = page_of("nobody-has-this");
  EXPECT_EQ(page_of(slug_), unknown);
  brand();
  EXPECT_NE(page_of(slug_), unknown);
  ASSERT_EQ(client().del("/v1/organizations/" + ada_.organization_id, owner_).status, 204);
  EXPECT_EQ(page_of(slug_), unknown) << "deleted";
}

TEST_P(BrandingShown, OnThePagesOfWhoeverWorksInItAndOfNobodyElse) {
  brand();
  Browser browser(client());
  browser.post("/sign-in", {{"email", ada_.email}, {"password", kPassword}});
  for (const std::string path :
       {"/account", "/account/profile", "/account/password", "/account/email", "/account/sessions", "/account/activity",
        "/account/leave", "/account/export", "/account/delete", "/choose-organization", "/sign-out"}) {
    EXPECT_THAT(browser.open(path).body, is_branded()) << path;
  }
  const Founder eve = found("eve@other.example", "Other");
  Browser other(client());
  other.post("/sign-in", {{"email", eve.email}, {"password", kPassword}});
  EXPECT_THAT(other.open("/account").body, AllOf(HasSubstr(" · Gatehouse</title>"), Not(HasSubstr("Söhne"))));
}

TEST_P(BrandingShown, ToWhomItInvitesOnThePageAndInTheLetter) {
  brand();
  ASSERT_EQ(client()
                .post("/v1/organizations/" + ada_.organization_id + "/invitations",
                      {{"email", "guest@acme.example"}, {"role", "member"}}, owner_)
                .status,
            201);
  const smtp::Message letter = program().take_letter("guest@acme.example", subject::kInvitation);
  EXPECT_THAT(letter.html, AllOf(HasSubstr(">Acme &amp; Söhne</td>"), HasSubstr("background:#0b6e4f;"),
                                 HasSubstr("href=\"https://acme.example/help?a=1&amp;b=2\""), Not(HasSubstr("<img"))));
  EXPECT_THAT(letter.text, testing::EndsWith("\nSupport: https://acme.example/help?a=1&b=2\n"));
  const auto token = letter.text.find("/accept-invite?token=");
  ASSERT_NE(token, std::string::npos);
  const std::string link = letter.text.substr(token, letter.text.find('\n', token) - token);
  Browser browser(client());
  EXPECT_THAT(browser.open(link).body, is_branded());
  browser.submit({{"password", kOtherPassword}});
  EXPECT_EQ(browser.page().status, 200);
  EXPECT_THAT(browser.page().body, is_branded());

  const smtp::Message account = program().take_letter(ada_.email, subject::kAlert);
  EXPECT_THAT(account.html, Not(HasSubstr("Söhne"))) << "a letter about the account is not the organization's";
}

GATEHOUSE_ON_BOTH_DATABASES(BrandingShown);

}  // namespace gatehouse::tests
