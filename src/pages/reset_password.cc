#include "domain/password_reset.h"

#include "domain/origin.h"
#include "pages/form.h"
#include "pages/rows.h"

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/reset-password";

/// `organization` as it was named, when it was: its own directory is where the address is looked up.
FormPage address_form(std::string typed_address, std::string organization) {
  FormPage page{
      .title = "Reset your password",
      .introduction = html("<p>Tell us your email address, and we send you a link with which you can choose a new "
                           "password.</p>\n"),
      .form = {.action = kPath,
               .fields = {{.kind = FormField::Kind::email,
                           .name = "email",
                           .label = "Email address",
                           .autocomplete = "username",
                           .value = std::move(typed_address)}},
               .button = "Send the link"}};
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

FormPage password_form(const base::Secret& token) {
  return {.title = "Choose a new password",
          .introduction = html("<p>When it is changed, you are signed out on all of your devices.</p>\n"),
          .form = {.action = kPath,
                   .fields = {token_field(token), new_password_field("new_password", "New password")},
                   .button = "Change the password"}};
}

http::Response show(const http::Request& request) {
  const auto query = read_query<ResetQuery>(request);
  if (!query) return problem_page(query.error(), request, {});
  if (!query->token) return to_response(address_form({}, query->organization.value_or("")), nullptr, request);
  return to_response(password_form(*query->token), nullptr, request);
}

http::Response submit(const domain::Services& services, const http::Request& request) {
  const auto answer = [&]() -> base::Result<domain::MessageView> {
    const auto input = TRY(read_form<domain::ResetPasswordInput>(request, services.settings));
    return domain::reset_password(services, {domain::origin_of(request)}, input);
  }();
  const base::Secret token(typed(request, "token"));
  if (answer) {
    return result_page(services.settings, token.empty() ? "Look into your mailbox" : "Your password is changed",
                       answer->message);
  }
  if (is_dead_link(answer.error())) {
    return problem_page(answer.error(), request,
                        html("<p><a class=\"button\" href=\"{}\">Ask for a new link</a></p>\n", kPath));
  }
  if (!is_mendable(answer.error())) return problem_page(answer.error(), request, {});
  return to_response(
      token.empty() ? address_form(typed(request, "email"), typed(request, "organization")) : password_form(token),
      &answer.error(), request);
}

}  // namespace

std::vector<http::Route> reset_password_rows(const domain::Services& services) {
  return {page_row(http::Method::get, std::string(kPath), "reset_password_page", http::Lane::memory, show),
          page_row(http::Method::post, std::string(kPath), "reset_password_form", http::Lane::hash,
                   [&services](const http::Request& request) { return submit(services, request); })};
}

}  // namespace gatehouse::pages
