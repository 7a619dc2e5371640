#include "tests/support/browser.h"

#include "base/text.h"

#include <algorithm>
#include <stdexcept>

namespace gatehouse::tests {

namespace {

constexpr int kMostRedirects = 5;

}  // namespace

void Browser::set_cookie(const std::string& name, const std::string& value) {
  std::erase_if(jar_, [&](const auto& cookie) { return cookie.first == name; });
  if (!value.empty()) jar_.emplace_back(name, value);
}

std::string Browser::cookies() const {
  std::string field;
  for (const auto& [name, value] : jar_) field += (field.empty() ? "" : "; ") + name + "=" + value;
  return field;
}

std::string Browser::cookie() const {
  const auto found = std::ranges::find(jar_, "gatehouse_session", &Headers::value_type::first);
  return found == jar_.end() ? std::string() : found->second;
}

void Browser::keep_cookies(const Reply& reply) {
  for (const auto& [name, value] : reply.headers) {
    if (name != "set-cookie") continue;
    const std::string pair = value.substr(0, value.find(';'));
    const auto equals = pair.find('=');
    const bool is_gone = value.find("Max-Age=0;") != std::string::npos;
    set_cookie(pair.substr(0, equals), is_gone ? std::string() : pair.substr(equals + 1));
  }
}

const Reply& Browser::follow(Call call) {
  for (int steps = 0; steps <= kMostRedirects; ++steps) {
    call.headers.emplace_back("Accept", "text/html");
    if (!jar_.empty()) call.headers.emplace_back("Cookie", cookies());
    target_ = call.target;
    page_ = client_.send(call);
    if (steps == 0) first_answer_ = page_;
    keep_cookies(page_);
    if (page_.status != 303 && page_.status != 302) return page_;
    const std::string location = page_.header("location");
    // The application is another server.
    if (!location.starts_with('/')) return page_;
    call = {.target = location, .headers = {{"Sec-Fetch-Site", "same-origin"}}};
  }
  throw std::runtime_error("redirects without an end, at " + target_);
}

const Reply& Browser::open(const std::string& target) {
  return follow({.target = target, .headers = {{"Sec-Fetch-Site", "none"}}});
}

const Reply& Browser::post(const std::string& path, const Headers& fields, const std::string& site) {
  return follow({.method = "POST",
                 .target = path,
                 .headers = {{"Origin", "null"}, {"Sec-Fetch-Site", site}},
                 .body = to_query(fields),
                 .content_type = "application/x-www-form-urlencoded"});
}

const Reply& Browser::submit(const Headers& typed, std::size_t which) {
  const pages::FormMarkup form = forms().at(which);
  Headers fields = form.fields;
  for (const auto& [name, value] : typed) {
    const auto field = std::ranges::find(fields, name, &Headers::value_type::first);
    if (field == fields.end()) throw std::runtime_error("the form of " + target_ + " has no field " + name);
    field->second = value;
  }
  return post(form.action, fields);
}

const Reply& Browser::press(std::string_view name, std::string_view value) {
  for (const pages::FormMarkup& form : forms()) {
    for (const auto& [field, content] : form.fields) {
      if (field == name && content == value) return post(form.action, form.fields);
    }
  }
  throw std::runtime_error("no form of " + target_ + " has " + std::string(name) + "=" + std::string(value));
}

Reply Browser::ask(const std::string& method, const std::string& target, const Object* body) const {
  Call call{.method = method, .target = target, .headers = {{"Sec-Fetch-Site", "same-origin"}}};
  if (!jar_.empty()) call.headers.emplace_back("Cookie", cookies());
  if (body != nullptr) call.body = boost::json::serialize(*body);
  return client_.send(call);
}

}  // namespace gatehouse::tests
