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
  const Words& words = visit.words;
  return to_response(
      FormPage{.title = words["email.title"],
               .introduction = html("<p>{}</p>\n",
                                    words("email.introduction", {{"email", strong_name(visit.person.email().text)}})),
               .form = {.action = kPath,
                        .fields = {form_token_field(visit),
                                   {.kind = FormField::Kind::email,
                                    .name = "email",
                                    .label = words["email.new"],
                                    .autocomplete = "email",
                                    .value = typed(visit.request, "email")},
                                   {.kind = FormField::Kind::password,
                                    .name = "password",
                                    .label = words["field.password"],
                                    .autocomplete = "current-password"}},
                        .button = words["email.button"]},
               .footer = account_link(words),
               .brand = brand_of(visit)},
      refusal, visit.request, words);
}

base::Result<http::Response> submit(const Visit& visit) {
  const auto input = TRY(read_visitor_form<domain::ChangeEmailInput>(visit));
  const auto answer = TRY(domain::request_email_change(visit.services, visit.person, input));
  return done_page(visit.words["common.mailbox_title"], visit.words.retell(answer.message), visit.words);
}

http::Response show_verification(const Visit& visit, const base::Refusal* refusal) {
  const Words& words = visit.words;
  return to_response(
      FormPage{.title = words["verification.title"],
               .introduction = html("<p>{}</p>\n", words("verification.introduction",
                                                         {{"email", strong_name(visit.person.email().text)}})),
               .form = {.action = kVerificationPath,
                        .fields = {form_token_field(visit)},
                        .button = words["verification.button"]},
               .footer = account_link(words),
               .brand = brand_of(visit)},
      refusal, visit.request, words);
}

base::Result<http::Response> submit_verification(const Visit& visit) {
  TRY(read_visitor_form<NoFields>(visit));
  TRY(domain::send_verification(visit.services, visit.person));
  return done_page(visit.words["common.mailbox_title"], visit.words["verification.sent"], visit.words);
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
