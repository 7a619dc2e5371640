#include "domain/sign_in.h"

#include "domain/origin.h"
#include "pages/open_form.h"
#include "pages/return_to.h"
#include "pages/rows.h"
#include "pages/visitor.h"

#include "base/text.h"

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/sign-in";
constexpr std::size_t kMostBytes = 2048;

struct SignInQuery {
  std::optional<std::string> return_to;
  std::optional<std::string> organization;

  static constexpr auto fields() {
    return wire::fields(wire::field("return_to", &SignInQuery::return_to).length(0, kMostBytes),
                        wire::field("organization", &SignInQuery::organization).length(0, 100));
  }
};

struct SignInForm {
  base::EmailAddress email;
  base::Secret password;
  std::optional<std::string> organization;
  std::optional<std::string> return_to;
  std::optional<std::string> kept;
  std::optional<std::string> form_token;

  static constexpr auto fields() {
    return wire::fields(wire::field("email", &SignInForm::email),
                        wire::field("password", &SignInForm::password).length(1, 256),
                        wire::field("organization", &SignInForm::organization).length(1, 100),
                        wire::field("return_to", &SignInForm::return_to).length(0, kMostBytes),
                        wire::field("kept", &SignInForm::kept).length(0, 8192),
                        wire::field(kOpenFormToken, &SignInForm::form_token).length(0, 100));
  }
};

std::vector<FormField> fields_of(const SignInPage& page, const Words& words) {
  std::vector<FormField> fields{{.kind = FormField::Kind::email,
                                 .name = "email",
                                 .label = words["field.email"],
                                 .autocomplete = "username",
                                 .value = page.email},
                                {.kind = FormField::Kind::password,
                                 .name = "password",
                                 .label = words["field.password"],
                                 .autocomplete = "current-password"}};
  if (page.organization) {
    fields.insert(fields.begin(), {.kind = FormField::Kind::text,
                                   .name = "organization",
                                   .label = words["sign_in.organization"],
                                   .autocomplete = "organization",
                                   .hint = words["sign_in.organization_hint"],
                                   .value = *page.organization});
  }
  if (page.return_to != kLanding) {
    fields.push_back({.kind = FormField::Kind::hidden, .name = "return_to", .value = page.return_to});
  }
  if (!page.kept.empty()) fields.push_back({.kind = FormField::Kind::hidden, .name = "kept", .value = page.kept});
  return fields;
}

Html links_of(const domain::Services& services, const SignInPage& page, const Words& words) {
  const auto link = [&](std::string path, std::string_view label) {
    return html("<li><a href=\"{}\">{}</a></li>\n", with_language(std::move(path), words), words[label]);
  };
  std::string reset = "/reset-password";
  if (page.organization && !page.organization->empty()) {
    reset += "?organization=" + base::escape_url(*page.organization);
  }
  Html links = link(reset, "sign_in.forgotten");
  if (services.settings.sign_up_open) {
    links += link(with_return_to("/sign-up", page.return_to), "sign_in.create_account");
  }
  if (!page.organization) {
    const std::string plain = with_return_to(kPath, page.return_to);
    const std::string target = plain + (plain.find('?') == std::string::npos ? "?" : "&") + "organization=";
    links += link(target, "sign_in.apart");
  }
  return html("<ul class=\"links\">\n{}</ul>\n", links);
}

http::Response show(const domain::Services& services, const http::Request& request, const Words& words) {
  const auto query = read_query<SignInQuery>(request);
  if (!query) return problem_page(query.error(), request, words);
  const std::string return_to = safe_return_to(query->return_to.value_or(""));
  if (visitor_of(services, request)) return redirect(return_to);
  return sign_in_page(services, {.organization = query->organization, .return_to = return_to}, nullptr, request, words);
}

/// Where somebody goes who has signed in: to choose, when there is a choice or nothing chosen.
std::string next_after(const domain::BrowserSignIn& signed_in, const SignInForm& form, const std::string& return_to) {
  const bool has_choice = signed_in.organizations > 1 && !form.organization;
  const bool must_choose = !signed_in.organization && !signed_in.is_operator;
  if (has_choice || must_choose) return with_return_to("/choose-organization", return_to);
  return return_to;
}

http::Response submit(const domain::Services& services, const http::Request& request, const Words& words) {
  const auto form = read_open_form<SignInForm>(services, request);
  const auto signed_in = [&]() -> base::Result<domain::BrowserSignIn> {
    if (!form) return tl::unexpected(form.error());
    return domain::sign_in_browser(services, {domain::origin_of(request)},
                                   {form->email, form->password, std::nullopt, form->organization});
  }();
  const std::string return_to = safe_return_to(typed(request, "return_to"));
  if (!signed_in) {
    if (!is_mendable(signed_in.error())) return problem_page(signed_in.error(), request, words);
    SignInPage page{.email = typed(request, "email"), .return_to = return_to, .kept = typed(request, "kept")};
    if (has_field(request, "organization")) page.organization = typed(request, "organization");
    return sign_in_page(services, page, &signed_in.error(), request, words);
  }
  http::Response response = form->kept ? resume_page(services, signed_in->session, return_to, *form->kept, words)
                                       : redirect(next_after(*signed_in, *form, return_to));
  return begin_visit(services, request, signed_in->session, std::move(response));
}

}  // namespace

http::Response sign_in_page(const domain::Services& services, const SignInPage& page, const base::Refusal* refusal,
                            const http::Request& request, const Words& words) {
  FormPage form{.title = words["sign_in.title"],
                .form = {.action = kPath, .fields = fields_of(page, words), .button = words["common.sign_in"]},
                .footer = links_of(services, page, words)};
  if (page.organization) form.brand = domain::find_brand_by_slug(services, *page.organization);
  return to_open_response(services, std::move(form), refusal, request, words);
}

std::vector<http::Route> sign_in_rows(const domain::Services& services) {
  return {page_row(
              http::Method::get, std::string(kPath), "sign_in_page", http::Lane::store,
              [&services](const http::Request& request, const Words& words) { return show(services, request, words); }),
          page_row(http::Method::post, std::string(kPath), "sign_in_form", http::Lane::hash,
                   [&services](const http::Request& request, const Words& words) {
                     return submit(services, request, words);
                   })};
}

}  // namespace gatehouse::pages
