#include "tests/attacks/browser_attack.h"

#include "pages/pages.h"

namespace gatehouse::tests {

using testing::HasSubstr;
using testing::Not;

/// What somebody might put into the forms and links of the pages.
class BrowserForms : public BrowserAttack {};

TEST_P(BrowserForms, NobodyIsSentToAnotherSite) {
  const std::vector<std::string> ways{"https://evil.test",
                                      "http://evil.test/account",
                                      "//evil.test",
                                      "///evil.test",
                                      "/\\evil.test",
                                      "\\\\evil.test",
                                      "/\\/evil.test",
                                      "/account//evil.test",
                                      "/account\\..\\evil",
                                      "/%2f/evil.test",
                                      "/%2Fevil.test",
                                      "/%5cevil.test",
                                      "/%255cevil.test",
                                      "/%09/evil.test",
                                      "/\t/evil.test",
                                      "/\n/evil.test",
                                      "/\r\nSet-Cookie: a=b",
                                      "\t//evil.test",
                                      " //evil.test",
                                      "/ /evil.test",
                                      "/.//evil.test",
                                      "evil.test",
                                      "account",
                                      "@evil.test",
                                      "javascript:alert(1)",
                                      "data:text/html,x",
                                      "?//evil.test",
                                      "#//evil.test",
                                      "",
                                      "/\xe2\x81\x84/evil.test",
                                      "/\xc0\xaf/evil.test",
                                      "/" + std::string(2000, 'a')};
  ASSERT_GE(ways.size(), 20u);
  const auto expect_home = [](const Reply& reply, const std::string& way) {
    if (reply.status >= 400) return;  // not even read
    EXPECT_EQ(reply.status, 303) << way << reply;
    EXPECT_EQ(reply.header("location"), "/account") << way;
  };
  for (const std::string& way : ways) {
    const std::string query = to_query({{"return_to", way}});
    Browser browser = browser_;
    browser.open("/sign-in?" + query);
    expect_home(browser.first_answer(), way);
    browser.open("/sign-up?" + query);
    expect_home(browser.first_answer(), way);
    Browser fresh(client());
    fresh.post("/sign-in", {{"email", ada_.email}, {"password", kPassword}, {"return_to", way}});
    expect_home(fresh.first_answer(), way);
    browser.open("/choose-organization?" + query);
    for (const pages::FormMarkup& form : browser.forms()) {
      EXPECT_THAT(form.fields, testing::AnyOf(Not(testing::Contains(testing::Key("return_to"))),
                                              testing::Contains(testing::Pair("return_to", "/account"))))
          << way;
    }
    Browser again = browser_;
    again.open("/choose-organization");
    Headers fields = again.forms().at(0).fields;
    for (auto& [name, value] : fields) {
      if (name == "return_to") value = way;
    }
    again.post("/choose-organization", fields);
    expect_home(again.first_answer(), way);
  }
}

TEST_P(BrowserForms, HostileFieldsOfFormsAreRefusedAndNeverBreakTheServer) {
  const std::vector<std::string> values{std::string("a\0b", 3),
                                        "\xff\xfe",
                                        "\xc0\xaf",
                                        std::string(10'000, 'a'),
                                        "'; DROP TABLE users; --",
                                        "\r\nBcc: eve@evil.test",
                                        "<script>alert(1)</script>",
                                        "{\"a\":1}"};
  int requests = 0;
  const auto check = [&](const std::string& target, const Headers& fields) {
    Browser browser = browser_;
    const Reply& reply = browser.post(target, fields);
    ++requests;
    EXPECT_GE(reply.status, 200) << target;
    EXPECT_LT(reply.status, 500) << target << reply;
    EXPECT_THAT(reply.body, Not(HasSubstr("<script>alert"))) << target;
  };
  for (const http::Route& row : pages::page_routes(program().services())) {
    // Those that delete or sign out would end what the others need.
    if (row.method != http::Method::get || row.path.find('{') != std::string::npos || row.path == "/sign-out") continue;
    Browser anybody(client());
    for (const bool is_signed_in : {true, false}) {
      Browser& browser = is_signed_in ? browser_ : anybody;
      browser.open(row.path);
      for (const pages::FormMarkup& form : browser.forms()) {
        if (form.action == "/sign-out") continue;
        for (std::size_t i = 0; i < form.fields.size(); ++i) {
          for (const std::string& value : values) {
            Headers spoiled = form.fields;
            spoiled[i].second = value;
            check(form.action, spoiled);
          }
          Headers twice = form.fields;
          twice.push_back(form.fields[i]);
          check(form.action, twice);
          Headers unknown = form.fields;
          unknown.emplace_back("is_operator", "true");
          check(form.action, unknown);
        }
      }
    }
  }
  EXPECT_GT(requests, 300);
  EXPECT_EQ(browser_.ask("/v1/session").status, 200);
}

GATEHOUSE_ON_BOTH_DATABASES(BrowserForms);

}  // namespace gatehouse::tests
