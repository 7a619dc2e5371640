#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/services.h"
#include "http/message.h"

#include <optional>
#include <string>
#include <string_view>

/// The session of a browser: a row like every other, which a cookie names in the place of tokens. The cookie holds
/// nothing but the name and a MAC, and is never given to script.
namespace gatehouse::domain {

/// A session that has begun for a browser.
struct BrowserSession {
  store::DirectoryId directory;
  store::SessionId session;
  /// Not later than this, however it is used.
  base::Time expires_at;
};

/// A Set-Cookie field: "__Host-gatehouse_session" with Secure, HttpOnly, SameSite=Lax and Path=/ for as long as the
/// session may live. On a plain-http public URL, which is this machine's own, "gatehouse_session" without Secure.
std::string set_session_cookie(const Services& services, const BrowserSession& session);
/// A Set-Cookie field for a browser that showed `shown`; nothing when that was made under the key that writes today.
/// Whoever comes by gets a new one, so that an older key can be dropped in time.
std::optional<std::string> renew_session_cookie(const Services& services, const SignedIn& caller,
                                                std::string_view shown);
/// A Set-Cookie field that makes the browser forget it.
std::string clear_session_cookie(const Settings& settings);

/// What a request shows of who makes it, for Admission. Views the request.
struct Proof {
  /// The Authorization field.
  std::optional<std::string_view> authorization;
  /// The value of the session cookie. Nothing beside an Authorization field: who shows one means that.
  std::optional<std::string_view> cookie;
  /// The Origin field.
  std::optional<std::string_view> browser_origin;
};

/// Of a row of the API. kCrossSite when the cookie is all there is to go by, and the browser says that a page of
/// another site sent it along; or, of all but GET, when it does not say that one of our own did.
base::Result<Proof> api_proof_of(const http::Request& request, const Settings& settings);
/// Of a page, which only the cookie opens. The caller sees to it that forms come from our own pages.
Proof page_proof_of(const http::Request& request, const Settings& settings);

/// What the forms of the caller's pages carry; for callers that the cookie let in.
std::string form_token_of(const Services& services, const SignedIn& caller);
bool is_form_token_of(const Services& services, const SignedIn& caller, std::string_view text);

}  // namespace gatehouse::domain
