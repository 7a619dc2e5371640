#include "domain/sessions.h"
#include "pages/rows.h"
#include "pages/visitor.h"

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/sign-out";
constexpr std::string_view kSignedOut = "/signed-out";

/// Asks, since a link must not sign anybody out.
http::Response show(const Visit& visit, const base::Refusal* refusal) {
  const Words& words = visit.words;
  return to_response(
      FormPage{.title = words["sign_out.title"],
               .introduction = html("<p>{}</p>\n",
                                    words("common.signed_in_as", {{"email", strong_name(visit.person.email().text)}})),
               .form = {.action = kPath, .fields = {form_token_field(visit)}, .button = words["sign_out.button"]},
               .footer = account_link(words),
               .brand = brand_of(visit)},
      refusal, visit.request, words);
}

base::Result<http::Response> submit(const Visit& visit) {
  TRY(domain::sign_out(visit.services, visit.person));
  http::Response response = redirect(kSignedOut);
  response.headers.emplace_back("Set-Cookie", domain::clear_session_cookie(visit.services.settings));
  return response;
}

http::Response show_signed_out(const domain::Services& services, const Words& words) {
  Page page;
  page.title = words["sign_out.done_title"];
  page.body = html("<p><a class=\"button\" href=\"{}\">{}</a></p>\n{}", with_language("/sign-in", words),
                   words["sign_out.again"], continue_link(services.settings, words));
  return to_response(page, words);
}

}  // namespace

std::vector<http::Route> sign_out_rows(const domain::Services& services) {
  auto rows = visitor_form(services, {.path = std::string(kPath), .name = "sign_out", .show = show, .submit = submit});
  rows.push_back(
      page_row(http::Method::get, std::string(kSignedOut), "signed_out_page", http::Lane::memory,
               [&services](const http::Request&, const Words& words) { return show_signed_out(services, words); }));
  return rows;
}

}  // namespace gatehouse::pages
