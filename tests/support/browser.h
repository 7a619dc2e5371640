#pragma once

#include "pages/markup_test.h"
#include "tests/support/http_client.h"

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::tests {

/// A browser as far as our pages need one: it keeps the cookies that it is given, follows redirects, and sends forms as
/// they stand in the page.
class Browser {
 public:
  explicit Browser(HttpClient client) : client_(std::move(client)) {}

  /// Each returns the page that it ends at.
  const Reply& open(const std::string& target);
  /// Sends a form of the page with these fields filled in, which it must have. `which` counts forms in their order.
  const Reply& submit(const Headers& typed, std::size_t which = 0);
  /// Sends the form that has a hidden field of that value, such as the id of what its button is about.
  const Reply& press(std::string_view name, std::string_view value);
  /// Sends any form to any path, from one of our own pages unless `site` says otherwise.
  const Reply& post(const std::string& path, const Headers& fields, const std::string& site = "same-origin");

  const Reply& page() const { return page_; }
  /// Where the page came from.
  const std::string& target() const { return target_; }
  /// The answer that was a redirect, when the last step met one; the first one.
  const Reply& first_answer() const { return first_answer_; }
  std::vector<pages::FormMarkup> forms() const { return pages::forms_of(page_.body); }
  /// What stands in an input of the page.
  std::string value_of(std::string_view input) const {
    return pages::input_of_page(page_.body, input).attribute("value");
  }

  /// The Cookie field that it sends; empty without cookies.
  std::string cookies() const;
  /// The value of the cookie that names the session; empty without one.
  std::string cookie() const;
  void set_cookie(const std::string& name, const std::string& value);
  /// Asks the API from one of our own pages.
  Reply ask(const std::string& method, const std::string& target, const Object* body = nullptr) const;
  Reply ask(const std::string& target) const { return ask("GET", target); }

 private:
  const Reply& follow(Call call);
  void keep_cookies(const Reply& reply);

  HttpClient client_;
  Headers jar_;
  Reply page_, first_answer_;
  std::string target_;
};

}  // namespace gatehouse::tests
