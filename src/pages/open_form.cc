#include "pages/open_form.h"

namespace gatehouse::pages {

http::Response to_open_response(const domain::Services& services, FormPage page, const base::Refusal* refusal,
                                const http::Request& request, const Words& words) {
  domain::FormCookie cookie = domain::form_cookie_of(services, request);
  page.form.fields.push_back(
      {.kind = FormField::Kind::hidden, .name = kOpenFormToken, .value = domain::open_form_token_of(services, cookie)});
  http::Response response = to_response(page, refusal, request, words);
  if (cookie.set_cookie) response.headers.emplace_back("Set-Cookie", std::move(*cookie.set_cookie));
  return response;
}

}  // namespace gatehouse::pages
