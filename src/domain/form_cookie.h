#pragma once

#include "base/ids.h"
#include "domain/services.h"
#include "http/message.h"

#include <optional>
#include <string>
#include <string_view>

/// What tells our own forms from those of another site before anybody has signed in (login CSRF), to browsers too that
/// don't say where a form came from: a cookie with a random name of the browser, and in the form a MAC over that name.
namespace gatehouse::domain {

/// A browser as its cookie names it, or one that is about to get a name.
struct FormCookie {
  base::Uuid browser;
  /// The Set-Cookie field for one that had no name; nothing for all others.
  std::optional<std::string> set_cookie;
};
/// "__Host-gatehouse_form", until the browser is closed; on a plain-http public URL "gatehouse_form" without Secure.
FormCookie form_cookie_of(const Services& services, const http::Request& request);

/// What the forms carry that are sent without a session.
std::string open_form_token_of(const Services& services, const FormCookie& cookie);
/// Whether the form came from one of our pages: the browser says so, or it shows the cookie and `token` is what that
/// browser was given.
bool is_own_form(const Services& services, const http::Request& request, std::string_view token);

}  // namespace gatehouse::domain
