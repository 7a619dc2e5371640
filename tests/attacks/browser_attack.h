#pragma once

#include "tests/attacks/world.h"
#include "tests/support/browser.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

/// The cookie of a browser, where somebody else would like it to work.
class BrowserAttack : public WorldTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    ada_ = found("ada@acme.example", "Acme");
    browser_ = signed_in(ada_.email);
  }
  Browser signed_in(const std::string& email, const std::string& password = kPassword) {
    Browser browser(client());
    browser.open("/sign-in");
    browser.submit({{"email", email}, {"password", password}});
    EXPECT_NE(browser.cookie(), "") << browser.page();
    return browser;
  }
  Reply session_by(const std::string& cookies, const Headers& more = {}) {
    Headers headers{{"Cookie", cookies}};
    headers.insert(headers.end(), more.begin(), more.end());
    return client().send({.target = "/v1/session", .headers = headers});
  }
  static std::string named(const std::string& value) { return "gatehouse_session=" + value; }
  std::string account() { return browser_.ask("/v1/me").body; }

  Founder ada_;
  Browser browser_{HttpClient(0)};
};

}  // namespace gatehouse::tests
