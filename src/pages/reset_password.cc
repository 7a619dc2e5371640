#include "domain/password_reset.h"

#include "domain/origin.h"
#include "pages/form.h"
#include "pages/rows.h"

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/reset-password";

/// `organization` as it was named, when it was: its own directory is where the address is looked up.
FormPage address_form(std::string typed_address, std::string organization, const Words& words) {
  FormPage page{.title = words["reset.title"],
                .introduction = html("<p>{}</p>\n", words["reset.introduction"]),
                .form = {.action = kPath,
                         .fields = {{.kind = FormField::Kind::email,
                                     .name = "email",
                                     .label = words["field.email"],
                                     .autocomplete = "username",
                                     .value = std::move(typed_address)}},
                         .button = words["reset.button"]}};
  if (!organization.empty()) {
    page.form.fields.push_back(
        {.kind = FormField::Kind::hidden, .name = "organization", .value = std::move(organization)});
  }
  return page;
}

struct ResetQuery {
  std::optional<base::Secret> token;
  std::optional<std::string> organization;

  static constexpr auto fields() {
    return wire::fields(wire::field("token", &ResetQuery::token).length(1, 256),
                        wire::field("organization", &ResetQuery::organization).length(1, 100));
  }
};

FormPage password_form(const base::Secret& token, const Words& words) {
  return {
      .title = words["reset.choose_title"],
      .introduction = html("<p>{}</p>\n", words["reset.choose_introduction"]),
      .form = {.action = kPath,
               .fields = {token_field(token), new_password_field("new_password", words["field.new_password"], words)},
               .button = words["reset.choose_button"]}};
}

http::Response show(const http::Request& request, const Words& words) {
  const auto query = read_query<ResetQuery>(request);
  if (!query) return problem_page(query.error(), request, words);
  if (!query->token) {
    return to_response(address_form({}, query->organization.value_or(""), words), nullptr, request, words);
  }
  return to_response(password_form(*query->token, words), nullptr, request, words);
}

http::Response submit(const domain::Services& services, const http::Request& request, const Words& words) {
  const auto answer = [&]() -> base::Result<domain::MessageView> {
    const auto input = TRY(read_form<domain::ResetPasswordInput>(request, services.settings));
    return domain::reset_password(services, {domain::origin_of(request)}, input);
  }();
  const base::Secret token(typed(request, "token"));
  if (answer) {
    return result_page(services.settings, words[token.empty() ? "common.mailbox_title" : "reset.changed_title"],
                       html("{}", words.retell(answer->message)), words);
  }
  if (is_dead_link(answer.error())) {
    return problem_page(answer.error(), request, words,
                        html("<p><a class=\"button\" href=\"{}\">{}</a></p>\n",
                             with_language(std::string(kPath), words), words["reset.ask_again"]));
  }
  if (!is_mendable(answer.error())) return problem_page(answer.error(), request, words);
  return to_response(token.empty() ? address_form(typed(request, "email"), typed(request, "organization"), words)
                                   : password_form(token, words),
                     &answer.error(), request, words);
}

}  // namespace

std::vector<http::Route> reset_password_rows(const domain::Services& services) {
  return {page_row(http::Method::get, std::string(kPath), "reset_password_page", http::Lane::memory, show),
          page_row(http::Method::post, std::string(kPath), "reset_password_form", http::Lane::hash,
                   [&services](const http::Request& request, const Words& words) {
                     return submit(services, request, words);
                   })};
}

}  // namespace gatehouse::pages
