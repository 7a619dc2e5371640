#include "domain/sign_up.h"

#include "domain/origin.h"
#include "pages/form.h"
#include "pages/return_to.h"
#include "pages/rows.h"
#include "pages/visitor.h"

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/sign-up";
constexpr std::size_t kMostBytes = 2048;

struct SignUpQuery {
  std::optional<std::string> return_to;

  static constexpr auto fields() {
    return wire::fields(wire::field("return_to", &SignUpQuery::return_to).length(0, kMostBytes));
  }
};

struct SignUpForm {
  std::optional<std::string> name;
  std::string organization_name;
  base::EmailAddress email;
  base::Secret password;
  std::optional<std::string> return_to;

  static constexpr auto fields() {
    return wire::fields(wire::field("name", &SignUpForm::name).length(1, 100),
                        wire::field("organization_name", &SignUpForm::organization_name).length(1, 100),
                        wire::field("email", &SignUpForm::email),
                        wire::field("password", &SignUpForm::password).length(8, 256),
                        wire::field("return_to", &SignUpForm::return_to).length(0, kMostBytes));
  }
};

/// With what was typed.
FormPage sign_up_form(const http::Request& request, const std::string& return_to) {
  FormField password = new_password_field("password", "Password");
  FormPage page{.title = "Create an account",
                .form = {.action = kPath,
                         .fields = {{.kind = FormField::Kind::name,
                                     .name = "name",
                                     .label = "Your name",
                                     .autocomplete = "name",
                                     .hint = "If you like.",
                                     .value = typed(request, "name"),
                                     .is_optional = true},
                                    {.kind = FormField::Kind::name,
                                     .name = "organization_name",
                                     .label = "Name of your organization",
                                     .autocomplete = "organization",
                                     .value = typed(request, "organization_name")},
                                    {.kind = FormField::Kind::email,
                                     .name = "email",
                                     .label = "Email address",
                                     .autocomplete = "username",
                                     .value = typed(request, "email")},
                                    std::move(password)},
                         .button = "Create the account"},
                .footer = html("<p>Do you have an account? <a href=\"{}\">Sign in</a></p>\n",
                               with_return_to("/sign-in", return_to))};
  if (return_to != kLanding) {
    page.form.fields.push_back({.kind = FormField::Kind::hidden, .name = "return_to", .value = return_to});
  }
  return page;
}

/// By invitation only.
http::Response closed(const http::Request& request) {
  return problem_page(base::refuse(base::kSignUpClosed).value(), request, sign_in_link());
}

http::Response show(const domain::Services& services, const http::Request& request) {
  const auto query = read_query<SignUpQuery>(request);
  if (!query) return problem_page(query.error(), request, {});
  if (!services.settings.sign_up_open) return closed(request);
  const std::string return_to = safe_return_to(query->return_to.value_or(""));
  if (visitor_of(services, request)) return redirect(return_to);
  return to_response(sign_up_form(request, return_to), nullptr, request);
}

http::Response submit(const domain::Services& services, const http::Request& request) {
  auto session = [&]() -> base::Result<domain::BrowserSession> {
    SignUpForm form = TRY(read_form<SignUpForm>(request, services.settings));
    return domain::sign_up_browser(services, {domain::origin_of(request)},
                                   {.email = std::move(form.email),
                                    .password = std::move(form.password),
                                    .organization_name = std::move(form.organization_name),
                                    .name = std::move(form.name)});
  }();
  const std::string return_to = safe_return_to(typed(request, "return_to"));
  if (session) return begin_visit(services, request, *session, redirect(return_to));
  base::Refusal& refusal = session.error();
  if (refusal.code == &base::kSignUpClosed) return closed(request);
  if (refusal.code == &base::kEmailTaken) {
    refusal.problems.push_back({"/email", "Sign in with it, or choose a new password if you have forgotten yours."});
  } else if (!is_mendable(refusal)) {
    return problem_page(refusal, request, {});
  }
  return to_response(sign_up_form(request, return_to), &refusal, request);
}

}  // namespace

std::vector<http::Route> sign_up_rows(const domain::Services& services) {
  return {page_row(http::Method::get, std::string(kPath), "sign_up_page", http::Lane::store,
                   [&services](const http::Request& request) { return show(services, request); }),
          page_row(http::Method::post, std::string(kPath), "sign_up_form", http::Lane::hash,
                   [&services](const http::Request& request) { return submit(services, request); })};
}

}  // namespace gatehouse::pages
