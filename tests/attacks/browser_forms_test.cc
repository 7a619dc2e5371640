#include "tests/attacks/browser_attack.h"

#include "pages/pages.h"

namespace gatehouse::tests {

using testing::HasSubstr;
using testing::Not;

/// What somebody might put into the forms and links of the pages.
class BrowserForms : public BrowserAttack {};

/// A browser that says nothing of where a form came from, as old ones do.
Reply send_silently(const HttpClient& client, const std::string& path, const Headers& fields,
                    const std::string& cookies) {
  Call call{.method = "POST",
            .target = path,
            .headers = {{"Accept", "text/html"}},
            .body = to_query(fields),
            .content_type = "application/x-www-form-urlencoded"};
  if (!cookies.empty()) call.headers.emplace_back("Cookie", cookies);
  return client.send(call);
}

TEST_P(BrowserForms, NobodyIsSignedInToSomebodyElsesAccountByAnotherSite) {
  const Headers credentials{{"email", ada_.email}, {"password", kPassword}};
  const Headers founder{{"email", "eve@evil.example"}, {"password", kPassword}, {"organization_name", "Evil"}};
  for (const auto& [path, fields] :
       std::vector<std::pair<std::string, Headers>>{{"/sign-in", credentials}, {"/sign-up", founder}}) {
    SCOPED_TRACE(path);
    Browser victim(client()), attacker(client());
    victim.open(path);
    attacker.open(path);
    const auto with_token = [&, own = fields](const std::string& token) {
      Headers all = own;
      all.emplace_back("form_token", token);
      return all;
    };
    const std::string own = victim.value_of("form_token"), foreign = attacker.value_of("form_token");
    ASSERT_NE(own, foreign);
    // What another site can make the victim's browser send: without the cookie, which is SameSite, or without its
    // token.
    for (const Reply& reply :
         {send_silently(client(), path, fields, ""), send_silently(client(), path, fields, victim.cookies()),
          send_silently(client(), path, with_token(foreign), victim.cookies()),
          send_silently(client(), path, with_token(own), ""), send_silently(client(), path, with_token(""), ""),
          send_silently(client(), path, with_token(own), "gatehouse_form=00000000000000000000000000")}) {
      EXPECT_EQ(reply.status, 403) << reply;
      EXPECT_THAT(reply.header("set-cookie"), Not(HasSubstr("gatehouse_session")));
    }
    const Reply reply = send_silently(client(), path, with_token(own), victim.cookies());
    EXPECT_EQ(reply.status, 303) << reply;
    EXPECT_THAT(reply.header("set-cookie"), HasSubstr("gatehouse_session="));
  }
}

TEST_P(BrowserForms, TheNameOfABrowserGivesNoTokenOfASession) {
  // A session's id is no secret, and both tokens are made with the same key.
  const std::string id = browser_.ask("/v1/me/sessions").text("/data/0/id");
  Browser attacker(client());
  attacker.set_cookie("gatehouse_form", id.substr(id.find('_') + 1));
  attacker.open("/sign-in");
  browser_.open("/account/profile");
  EXPECT_NE(attacker.value_of("form_token"), browser_.value_of("form_token"));
  EXPECT_EQ(attacker.first_answer().header("set-cookie"), "");
}

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
