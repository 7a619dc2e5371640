#include "domain/sign_up.h"

#include "domain/origin.h"
#include "pages/open_form.h"
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
  std::optional<std::string> form_token;

  static constexpr auto fields() {
    return wire::fields(wire::field("name", &SignUpForm::name).length(1, 100),
                        wire::field("organization_name", &SignUpForm::organization_name).length(1, 100),
                        wire::field("email", &SignUpForm::email),
                        wire::field("password", &SignUpForm::password).length(8, 256),
                        wire::field("return_to", &SignUpForm::return_to).length(0, kMostBytes),
                        wire::field(kOpenFormToken, &SignUpForm::form_token).length(0, 100));
  }
};

/// With what was typed.
FormPage sign_up_form(const http::Request& request, const std::string& return_to, const Words& words) {
  const Html sign_in = html("<a href=\"{}\">{}</a>", with_language(with_return_to("/sign-in", return_to), words),
                            words["common.sign_in"]);
  FormField password = new_password_field("password", words["field.password"], words);
  FormPage page{.title = words["sign_up.title"],
                .form = {.action = kPath,
                         .fields = {{.kind = FormField::Kind::name,
                                     .name = "name",
                                     .label = words["sign_up.name"],
                                     .autocomplete = "name",
                                     .hint = words["sign_up.name_hint"],
                                     .value = typed(request, "name"),
                                     .is_optional = true},
                                    {.kind = FormField::Kind::name,
                                     .name = "organization_name",
                                     .label = words["sign_up.organization"],
                                     .autocomplete = "organization",
                                     .value = typed(request, "organization_name")},
                                    {.kind = FormField::Kind::email,
                                     .name = "email",
                                     .label = words["field.email"],
                                     .autocomplete = "username",
                                     .value = typed(request, "email")},
                                    std::move(password)},
                         .button = words["sign_up.button"]},
                .footer = html("<p>{}</p>\n", words("sign_up.have_account", {{"sign_in", sign_in}}))};
  if (return_to != kLanding) {
    page.form.fields.push_back({.kind = FormField::Kind::hidden, .name = "return_to", .value = return_to});
  }
  return page;
}

/// By invitation only.
http::Response closed(const http::Request& request, const Words& words) {
  return problem_page(base::refuse(base::kSignUpClosed).value(), request, words, sign_in_link(words));
}

http::Response show(const domain::Services& services, const http::Request& request, const Words& words) {
  const auto query = read_query<SignUpQuery>(request);
  if (!query) return problem_page(query.error(), request, words);
  if (!services.settings.sign_up_open) return closed(request, words);
  const std::string return_to = safe_return_to(query->return_to.value_or(""));
  if (visitor_of(services, request)) return redirect(return_to);
  return to_open_response(services, sign_up_form(request, return_to, words), nullptr, request, words);
}

http::Response submit(const domain::Services& services, const http::Request& request, const Words& words) {
  auto session = [&]() -> base::Result<domain::BrowserSession> {
    SignUpForm form = TRY(read_open_form<SignUpForm>(services, request));
    return domain::sign_up_browser(services, {domain::origin_of(request)},
                                   {.email = std::move(form.email),
                                    .password = std::move(form.password),
                                    .organization_name = std::move(form.organization_name),
                                    .name = std::move(form.name),
                                    .language = words.named_language()});
  }();
  const std::string return_to = safe_return_to(typed(request, "return_to"));
  if (session) return begin_visit(services, request, *session, redirect(return_to));
  base::Refusal& refusal = session.error();
  if (refusal.code == &base::kSignUpClosed) return closed(request, words);
  if (refusal.code == &base::kEmailTaken) {
    refusal.problems.push_back({"/email", std::string(words["sign_up.taken"])});
  } else if (!is_mendable(refusal)) {
    return problem_page(refusal, request, words);
  }
  return to_open_response(services, sign_up_form(request, return_to, words), &refusal, request, words);
}

}  // namespace

std::vector<http::Route> sign_up_rows(const domain::Services& services) {
  return {page_row(
              http::Method::get, std::string(kPath), "sign_up_page", http::Lane::store,
              [&services](const http::Request& request, const Words& words) { return show(services, request, words); }),
          page_row(http::Method::post, std::string(kPath), "sign_up_form", http::Lane::hash,
                   [&services](const http::Request& request, const Words& words) {
                     return submit(services, request, words);
                   })};
}

}  // namespace gatehouse::pages
