#include "domain/operators.h"
#include "domain/origin.h"
#include "pages/assets.h"
#include "pages/form.h"
#include "pages/rows.h"

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/setup";

FormPage setup_form(std::string typed_code, std::string typed_address) {
  FormField code{.kind = FormField::Kind::text,
                 .name = "token",
                 .label = "Setup code",
                 .autocomplete = "one-time-code",
                 .hint = "What follows the # in the link that the program printed.",
                 .value = std::move(typed_code)};
  FormField address{.kind = FormField::Kind::email,
                    .name = "email",
                    .label = "Email address",
                    .autocomplete = "username",
                    .value = std::move(typed_address)};
  return {.title = "Make the first operator",
          .introduction = html("<p>An operator runs this service and sees all of its organizations.</p>\n"),
          .form = {.action = kPath,
                   .fields = {std::move(code), std::move(address), new_password_field("password", "Password")},
                   .button = "Make the operator"},
          .head = html("<script src=\"{}\" defer></script>\n", asset_url("setup.js")),
          .policy = kScriptPolicy};
}

http::Response submit(const domain::Services& services, const http::Request& request) {
  auto user = [&]() -> base::Result<domain::UserView> {
    const auto input = TRY(read_form<domain::SetupInput>(request, services.settings));
    return domain::set_up_operator(services, {domain::origin_of(request)}, input);
  }();
  if (user) {
    return result_page(services.settings, "The operator is made",
                       "Sign in as " + user->email.text + ". This setup code does not work any more.");
  }
  base::Refusal& refusal = user.error();
  if (refusal.code == &base::kLinkDead) {
    return problem_page(
        refusal, request,
        html("<p>A code works once, for 30 minutes, and only while there is no operator. On the machine "
             "that runs this service, <code>gatehouse operator setup-link</code> prints a new one, and "
             "<code>gatehouse operator create</code> makes more operators.</p>\n"));
  }
  if (refusal.code == &base::kLinkInvalid) {
    refusal.problems.push_back({"/token", "This is no setup code of this service. Copy all of it."});
  } else if (!is_mendable(refusal)) {
    return problem_page(refusal, request, {});
  }
  return to_response(setup_form(typed(request, "token"), typed(request, "email")), &refusal, request);
}

}  // namespace

std::vector<http::Route> setup_rows(const domain::Services& services) {
  return {page_row(http::Method::get, std::string(kPath), "setup_page", http::Lane::memory,
                   [](const http::Request& request) { return to_response(setup_form({}, {}), nullptr, request); }),
          page_row(http::Method::post, std::string(kPath), "setup_form", http::Lane::hash,
                   [&services](const http::Request& request) { return submit(services, request); })};
}

}  // namespace gatehouse::pages
