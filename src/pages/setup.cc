#include "domain/operators.h"
#include "domain/origin.h"
#include "pages/assets.h"
#include "pages/form.h"
#include "pages/rows.h"

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/setup";

FormPage setup_form(std::string typed_code, std::string typed_address, const Words& words) {
  FormField code{.kind = FormField::Kind::text,
                 .name = "token",
                 .label = words["setup.code"],
                 .autocomplete = "one-time-code",
                 .hint = words["setup.code_hint"],
                 .value = std::move(typed_code)};
  FormField address{.kind = FormField::Kind::email,
                    .name = "email",
                    .label = words["field.email"],
                    .autocomplete = "username",
                    .value = std::move(typed_address)};
  return {.title = words["setup.title"],
          .introduction = html("<p>{}</p>\n", words["setup.introduction"]),
          .form = {.action = kPath,
                   .fields = {std::move(code), std::move(address),
                              new_password_field("password", words["field.password"], words)},
                   .button = words["setup.button"]},
          .head = html("<script src=\"{}\" defer></script>\n", asset_url("setup.js")),
          .policy = kScriptPolicy};
}

http::Response submit(const domain::Services& services, const http::Request& request, const Words& words) {
  auto user = [&]() -> base::Result<domain::UserView> {
    const auto input = TRY(read_form<domain::SetupInput>(request, services.settings));
    return domain::set_up_operator(services, {domain::origin_of(request)}, input);
  }();
  if (user) {
    return result_page(services.settings, words["setup.made_title"],
                       words("setup.made", {{"email", name(user->email.text)}}), words);
  }
  base::Refusal& refusal = user.error();
  if (refusal.code == &base::kLinkDead) {
    const Html advice = words("setup.dead", {{"setup_link", html("<code>gatehouse operator setup-link</code>")},
                                             {"create", html("<code>gatehouse operator create</code>")}});
    return problem_page(refusal, request, words, html("<p>{}</p>\n", advice));
  }
  if (refusal.code == &base::kLinkInvalid) {
    refusal.problems.push_back({"/token", std::string(words["setup.wrong_code"])});
  } else if (!is_mendable(refusal)) {
    return problem_page(refusal, request, words);
  }
  return to_response(setup_form(typed(request, "token"), typed(request, "email"), words), &refusal, request, words);
}

}  // namespace

std::vector<http::Route> setup_rows(const domain::Services& services) {
  return {page_row(http::Method::get, std::string(kPath), "setup_page", http::Lane::memory,
                   [](const http::Request& request, const Words& words) {
                     return to_response(setup_form({}, {}, words), nullptr, request, words);
                   }),
          page_row(http::Method::post, std::string(kPath), "setup_form", http::Lane::hash,
                   [&services](const http::Request& request, const Words& words) {
                     return submit(services, request, words);
                   })};
}

}  // namespace gatehouse::pages
