#include "domain/email_change.h"

#include "domain/origin.h"
#include "mail/values.h"
#include "pages/form.h"
#include "pages/rows.h"

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/confirm-email";

http::Response refused(const base::Refusal& refusal, const http::Request& request) {
  if (!is_dead_link(refusal)) return problem_page(refusal, request, {});
  return problem_page(refusal, request,
                      html("<p>If you have used it before, your address is changed and there is nothing left to do. If "
                           "not, sign in and <a href=\"/account/email\">ask for the change again</a>.</p>\n"));
}

http::Response show(const domain::Services& services, const http::Request& request) {
  auto query = read_query<LinkQuery>(request);
  if (!query) return refused(query.error(), request);
  const domain::ConfirmEmailInput input{query->token.value_or(base::Secret())};
  const auto pending = domain::show_email_change(services, input);
  if (!pending) return refused(pending.error(), request);
  return email_change_page(*pending, input.token);
}

http::Response submit(const domain::Services& services, const http::Request& request) {
  const auto input = read_form<domain::ConfirmEmailInput>(request, services.settings);
  if (!input) return refused(input.error(), request);
  const auto answer = domain::confirm_email_change(services, {domain::origin_of(request)}, *input);
  if (!answer) return refused(answer.error(), request);
  return result_page(services.settings, "Your address is changed", answer->message);
}

}  // namespace

http::Response email_change_page(const domain::PendingEmailChange& pending, const base::Secret& token) {
  Page page;
  page.title = "Use this email address?";
  page.body = html(
      "<p>On {} somebody asked that their account, which has the address <strong>{}</strong>, have this one: "
      "<strong>{}</strong>.</p>\n"
      "<p>You are signed out on all devices then, and sign in with the new address.</p>\n"
      "<form method=\"post\" action=\"{}\">\n<input type=\"hidden\" name=\"token\" value=\"{}\">\n"
      "<button class=\"button\" type=\"submit\">Use this address</button>\n</form>\n"
      "<p>It was not you? Then close this page: nothing changes.</p>\n",
      mail::show(pending.asked_at).text, pending.from.text, pending.to.text, kPath, token.reveal());
  return to_response(page);
}

std::vector<http::Route> confirm_email_rows(const domain::Services& services) {
  return {page_row(http::Method::get, std::string(kPath), "confirm_email_page", http::Lane::store,
                   [&services](const http::Request& request) { return show(services, request); }),
          page_row(http::Method::post, std::string(kPath), "confirm_email_form", http::Lane::store,
                   [&services](const http::Request& request) { return submit(services, request); })};
}

}  // namespace gatehouse::pages
