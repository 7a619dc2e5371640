#include "domain/password_change.h"
#include "pages/rows.h"
#include "pages/visitor.h"

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/account/password";

struct PasswordForm {
  /// For password managers, which want to know whose password it is.
  std::optional<std::string> username;
  base::Secret current_password;
  base::Secret new_password;

  static constexpr auto fields() {
    return wire::fields(wire::field("username", &PasswordForm::username).length(0, 320),
                        wire::field("current_password", &PasswordForm::current_password).length(1, 256),
                        wire::field("new_password", &PasswordForm::new_password).length(8, 256));
  }
};

http::Response show(const Visit& visit, const base::Refusal* refusal) {
  const Words& words = visit.words;
  return to_response(
      FormPage{.title = words["password.title"],
               .introduction = html("<p>{}</p>\n", words["password.introduction"]),
               .form = {.action = kPath,
                        .fields = {form_token_field(visit),
                                   {.kind = FormField::Kind::email,
                                    .name = "username",
                                    .label = words["field.email"],
                                    .autocomplete = "username",
                                    .value = visit.person.email().text,
                                    .is_read_only = true},
                                   {.kind = FormField::Kind::password,
                                    .name = "current_password",
                                    .label = words["password.current"],
                                    .autocomplete = "current-password"},
                                   new_password_field("new_password", words["field.new_password"], words)},
                        .button = words["password.button"]},
               .footer = account_link(words),
               .brand = brand_of(visit)},
      refusal, visit.request, words);
}

base::Result<http::Response> submit(const Visit& visit) {
  const PasswordForm form = TRY(read_visitor_form<PasswordForm>(visit));
  TRY(domain::change_password(visit.services, visit.person, {form.current_password, form.new_password}));
  return done_page(visit.words["password.changed_title"], visit.words["password.changed"], visit.words);
}

}  // namespace

std::vector<http::Route> account_password_rows(const domain::Services& services) {
  auto rows = visitor_form(services, {.path = std::string(kPath),
                                      .name = "account_password",
                                      .lane = http::Lane::hash,
                                      .show = show,
                                      .submit = submit});
  // Where password managers look (W3C, A Well-Known URL for Changing Passwords).
  rows.push_back(page_row(http::Method::get, "/.well-known/change-password", "change_password_page", http::Lane::memory,
                          [](const http::Request&, const Words&) {
                            http::Response response = redirect(kPath);
                            response.status = 302;
                            return response;
                          }));
  return rows;
}

}  // namespace gatehouse::pages
