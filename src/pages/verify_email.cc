#include "domain/email_verification.h"

#include "domain/origin.h"
#include "mail/values.h"
#include "pages/form.h"
#include "pages/rows.h"

#include <array>

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/verify-email";
constexpr std::string_view kDisown = "disown";
constexpr std::array<std::string_view, 2> kActions{"confirm", kDisown};

struct VerifyForm {
  base::Secret token;
  std::optional<std::string> action;

  static constexpr auto fields() {
    return wire::fields(wire::field("token", &VerifyForm::token).length(1, 256),
                        wire::field("action", &VerifyForm::action).one_of(kActions));
  }
};

http::Response refused(const base::Refusal& refusal, const http::Request& request) {
  if (!is_dead_link(refusal)) return problem_page(refusal, request, {});
  return problem_page(refusal, request,
                      html("<p>If you have used it before, your address is confirmed and there is nothing left to "
                           "do.</p>\n"));
}

http::Response show(const domain::Services& services, const http::Request& request) {
  auto query = read_query<LinkQuery>(request);
  if (!query) return refused(query.error(), request);
  const domain::VerifyEmailInput input{query->token.value_or(base::Secret())};
  const auto pending = domain::show_verification(services, input);
  if (!pending) return refused(pending.error(), request);
  return verification_page(*pending, input.token);
}

http::Response submit(const domain::Services& services, const http::Request& request) {
  const auto form = read_form<VerifyForm>(request, services.settings);
  if (!form) return refused(form.error(), request);
  const domain::Anyone caller{domain::origin_of(request)};
  if (form->action == kDisown) {
    const auto answer = domain::disown_account(services, caller, {form->token});
    if (!answer) return refused(answer.error(), request);
    return result_page(services.settings, "The account is deleted", answer->message);
  }
  const auto answer = domain::verify_email(services, caller, {form->token});
  if (!answer) return refused(answer.error(), request);
  return result_page(services.settings, "Your address is confirmed", answer->message);
}

/// A button that sends the token, and what is to be done with it.
Html action_form(const base::Secret& token, std::string_view action, std::string_view style, std::string_view label) {
  return html(
      "<form method=\"post\" action=\"{}\">\n<input type=\"hidden\" name=\"token\" value=\"{}\">\n"
      "<button class=\"{}\" type=\"submit\" name=\"action\" value=\"{}\">{}</button>\n</form>\n",
      kPath, token.reveal(), style, action, label);
}

}  // namespace

http::Response verification_page(const domain::PendingVerification& pending, const base::Secret& token) {
  Html organization;
  if (!pending.organization_name.empty()) {
    organization = html(", for the organization <strong><bdi>{}</bdi></strong>", pending.organization_name);
  }
  Page page;
  page.title = "Confirm your email address";
  page.body = html(
      "<p>An account was made with the address <strong>{}</strong>{}, on {}.</p>\n{}"
      "<h2>It was not you?</h2>\n"
      "<p>Then delete the account. It goes at once and for good, with every organization that nobody else "
      "owns.</p>\n{}",
      pending.email.text, organization, mail::show(pending.signed_up_at).text,
      action_form(token, kActions[0], "button", "Confirm my address"),
      action_form(token, kDisown, "button danger", "I did not sign up"));
  return to_response(page);
}

std::vector<http::Route> verify_email_rows(const domain::Services& services) {
  return {page_row(http::Method::get, std::string(kPath), "verify_email_page", http::Lane::store,
                   [&services](const http::Request& request) { return show(services, request); }),
          page_row(http::Method::post, std::string(kPath), "verify_email_form", http::Lane::store,
                   [&services](const http::Request& request) { return submit(services, request); })};
}

}  // namespace gatehouse::pages
