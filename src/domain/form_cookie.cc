#include "domain/form_cookie.h"

#include "base/random.h"
#include "crypto/token.h"
#include "http/cookie.h"
#include "http/same_site.h"

#include <algorithm>

namespace gatehouse::domain {

namespace {

/// In the place of a directory. No session has it, so that nobody gets the form token of somebody's session by taking
/// the session's id for the name of a browser.
constexpr base::Uuid kNoDirectory = [] {
  base::Uuid all_ones;
  all_ones.bytes.fill(0xff);
  return all_ones;
}();

bool is_https(const Settings& settings) { return settings.public_url.starts_with("https://"); }

std::string_view cookie_name(const Settings& settings) {
  return is_https(settings) ? "__Host-gatehouse_form" : "gatehouse_form";
}

std::optional<base::Uuid> named_browser(const Services& services, const http::Request& request) {
  const auto value = http::cookie_of(request, cookie_name(services.settings));
  return value ? base::from_base32(*value) : std::nullopt;
}

}  // namespace

FormCookie form_cookie_of(const Services& services, const http::Request& request) {
  if (const auto browser = named_browser(services, request)) return {*browser, std::nullopt};
  FormCookie fresh;
  base::fill_random(fresh.browser.bytes);
  std::string field(cookie_name(services.settings));
  field.append("=").append(base::to_base32(fresh.browser)).append("; Path=/");
  if (is_https(services.settings)) field += "; Secure";
  fresh.set_cookie = field + "; HttpOnly; SameSite=Lax";
  return fresh;
}

std::string open_form_token_of(const Services& services, const FormCookie& cookie) {
  return crypto::make_form_token(services.keys, {kNoDirectory, cookie.browser});
}

bool is_own_form(const Services& services, const http::Request& request, std::string_view token) {
  if (http::is_from_own_page(request, services.settings.public_url)) return true;
  const auto browser = named_browser(services, request);
  return browser && crypto::is_form_token(services.keys, {kNoDirectory, *browser}, token);
}

}  // namespace gatehouse::domain
