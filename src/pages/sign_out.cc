#include "domain/sessions.h"
#include "pages/rows.h"
#include "pages/visitor.h"

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/sign-out";
constexpr std::string_view kSignedOut = "/signed-out";

/// Asks, since a link must not sign anybody out.
http::Response show(const Visit& visit, const base::Refusal* refusal) {
  return to_response(
      FormPage{.title = "Sign out?",
               .introduction = html("<p>You are signed in as <strong>{}</strong>.</p>\n", visit.person.email().text),
               .form = {.action = kPath, .fields = {form_token_field(visit)}, .button = "Sign out"},
               .footer = account_link()},
      refusal, visit.request);
}

base::Result<http::Response> submit(const Visit& visit) {
  TRY(domain::sign_out(visit.services, visit.person));
  http::Response response = redirect(kSignedOut);
  response.headers.emplace_back("Set-Cookie", domain::clear_session_cookie(visit.services.settings));
  return response;
}

http::Response show_signed_out(const domain::Services& services) {
  Page page;
  page.title = "You are signed out";
  page.body =
      html("<p><a class=\"button\" href=\"/sign-in\">Sign in again</a></p>\n{}", continue_link(services.settings));
  return to_response(page);
}

}  // namespace

std::vector<http::Route> sign_out_rows(const domain::Services& services) {
  auto rows = visitor_form(services, {.path = std::string(kPath), .name = "sign_out", .show = show, .submit = submit});
  rows.push_back(page_row(http::Method::get, std::string(kSignedOut), "signed_out_page", http::Lane::memory,
                          [&services](const http::Request&) { return show_signed_out(services); }));
  return rows;
}

}  // namespace gatehouse::pages
