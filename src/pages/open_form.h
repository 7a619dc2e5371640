#pragma once

#include "domain/form_cookie.h"
#include "pages/form.h"

#include <string>
#include <string_view>

/// Forms that begin a session, which a page of another site may not send for somebody (login CSRF).
namespace gatehouse::pages {

inline constexpr std::string_view kOpenFormToken = "form_token";

/// The same as to_response(), with the token and the cookie by which the form is known again.
http::Response to_open_response(const domain::Services& services, FormPage page, const base::Refusal* refusal,
                                const http::Request& request, const Words& words);

/// The fields of a form that was sent from one of our own pages; kCrossSite when nothing shows that it was.
template <wire::Described Input>
base::Result<Input> read_open_form(const domain::Services& services, const http::Request& request) {
  auto input = TRY(read_form<Input>(request, services.settings));
  if (!domain::is_own_form(services, request, typed(request, kOpenFormToken))) return base::refuse(base::kCrossSite);
  return input;
}

}  // namespace gatehouse::pages
