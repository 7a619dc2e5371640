#include "domain/browser_session.h"

#include "crypto/token.h"
#include "http/cookie.h"
#include "http/same_site.h"

#include <algorithm>

namespace gatehouse::domain {

namespace {

bool is_https(const Settings& settings) { return settings.public_url.starts_with("https://"); }

/// The prefix makes browsers refuse what another host of the domain, or plain http, has set (RFC 6265bis
/// section 4.1.3).
std::string_view cookie_name(const Settings& settings) {
  return is_https(settings) ? "__Host-gatehouse_session" : "gatehouse_session";
}

std::string cookie_field(const Settings& settings, std::string_view value, std::int64_t seconds) {
  std::string field(cookie_name(settings));
  field.append("=").append(value).append("; Path=/; Max-Age=").append(std::to_string(seconds));
  if (is_https(settings)) field += "; Secure";
  return field + "; HttpOnly; SameSite=Lax";
}

crypto::BrowserSession named(const SignedIn& caller) {
  return {caller.account().directory.uuid, caller.session().uuid};
}

}  // namespace

std::string set_session_cookie(const Services& services, const BrowserSession& session) {
  const base::Secret value =
      crypto::make_browser_session(services.keys, {session.directory.uuid, session.session.uuid});
  const auto left = std::chrono::floor<std::chrono::seconds>(session.expires_at - services.clock.now());
  return cookie_field(services.settings, value.reveal(), std::max<std::int64_t>(0, left.count()));
}

std::optional<std::string> renew_session_cookie(const Services& services, const SignedIn& caller,
                                                std::string_view shown) {
  const base::Secret current = crypto::make_browser_session(services.keys, named(caller));
  if (current.reveal() == shown) return std::nullopt;
  // The session ends when it ends; a cookie that is kept for longer names nothing then.
  return set_session_cookie(services, {caller.account().directory, caller.session(),
                                       services.clock.now() + services.settings.policies.session_absolute});
}

std::string clear_session_cookie(const Settings& settings) { return cookie_field(settings, "", 0); }

Proof page_proof_of(const http::Request& request, const Settings& settings) {
  if (request.header("authorization")) return {};
  return {std::nullopt, http::cookie_of(request, cookie_name(settings)), request.header("origin")};
}

base::Result<Proof> api_proof_of(const http::Request& request, const Settings& settings) {
  if (const auto field = request.header("authorization")) return Proof{field, std::nullopt, request.header("origin")};
  const Proof proof = page_proof_of(request, settings);
  if (!proof.cookie) return proof;
  TRY(http::check_same_site(request, settings.public_url));
  const bool is_reading = request.method == http::Method::get || request.method == http::Method::head;
  if (!is_reading && !http::is_from_own_page(request, settings.public_url)) return base::refuse(base::kCrossSite);
  return proof;
}

std::string form_token_of(const Services& services, const SignedIn& caller) {
  return crypto::make_form_token(services.keys, named(caller));
}

bool is_form_token_of(const Services& services, const SignedIn& caller, std::string_view text) {
  return crypto::is_form_token(services.keys, named(caller), text);
}

}  // namespace gatehouse::domain
