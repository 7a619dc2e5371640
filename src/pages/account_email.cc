#include "domain/email_change.h"
#include "domain/email_verification.h"
#include "pages/rows.h"
#include "pages/visitor.h"

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/account/email";
constexpr std::string_view kVerificationPath = "/account/verification";

struct NoFields {
  static constexpr auto fields() { return wire::fields(); }
};

http::Response show(const Visit& visit, const base::Refusal* refusal) {
  return to_response(
      FormPage{.title = "Change your email address",
               .introduction = html("<p>It is <strong>{}</strong> now, and stays so until you follow the link that we "
                                    "send to the new one.</p>\n",
                                    visit.person.email().text),
               .form = {.action = kPath,
                        .fields = {form_token_field(visit),
                                   {.kind = FormField::Kind::email,
                                    .name = "email",
                                    .label = "New email address",
                                    .autocomplete = "email",
                                    .value = typed(visit.request, "email")},
                                   {.kind = FormField::Kind::password,
                                    .name = "password",
                                    .label = "Password",
                                    .autocomplete = "current-password"}},
                        .button = "Send the link"},
               .footer = account_link()},
      refusal, visit.request);
}

base::Result<http::Response> submit(const Visit& visit) {
  const auto input = TRY(read_visitor_form<domain::ChangeEmailInput>(visit));
  const auto answer = TRY(domain::request_email_change(visit.services, visit.person, input));
  return done_page("Look into your mailbox", answer.message);
}

http::Response show_verification(const Visit& visit, const base::Refusal* refusal) {
  return to_response(
      FormPage{.title = "Confirm your email address",
               .introduction = html("<p>We send another letter with a link to <strong>{}</strong>. Those that we sent "
                                    "before still work.</p>\n",
                                    visit.person.email().text),
               .form = {.action = kVerificationPath, .fields = {form_token_field(visit)}, .button = "Send the letter"},
               .footer = account_link()},
      refusal, visit.request);
}

base::Result<http::Response> submit_verification(const Visit& visit) {
  TRY(read_visitor_form<NoFields>(visit));
  TRY(domain::send_verification(visit.services, visit.person));
  return done_page("Look into your mailbox", "A letter with a link is on its way.");
}

}  // namespace

std::vector<http::Route> account_email_rows(const domain::Services& services) {
  auto rows = visitor_form(services, {.path = std::string(kPath),
                                      .name = "account_email",
                                      .lane = http::Lane::hash,
                                      .kept = {"email"},
                                      .show = show,
                                      .submit = submit});
  for (http::Route& row : visitor_form(services, {.path = std::string(kVerificationPath),
                                                 .name = "account_verification",
                                                 .show = show_verification,
                                                 .submit = submit_verification})) {
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace gatehouse::pages
