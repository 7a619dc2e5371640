#include "domain/email_verification.h"

#include "domain/origin.h"
#include "pages/form.h"
#include "pages/rows.h"

#include <array>

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/verify-email";
constexpr std::string_view kDisown = "disown";
constexpr std::array<std::string_view, 2> kActions{"confirm", kDisown};

struct VerifyForm {
  base::Secret token;
  std::optional<std::string> action;

  static constexpr auto fields() {
    return wire::fields(wire::field("token", &VerifyForm::token).length(1, 256),
                        wire::field("action", &VerifyForm::action).one_of(kActions));
  }
};

http::Response refused(const base::Refusal& refusal, const http::Request& request, const Words& words) {
  if (!is_dead_link(refusal)) return problem_page(refusal, request, words);
  return problem_page(refusal, request, words, html("<p>{}</p>\n", words["verify.dead"]));
}

http::Response show(const domain::Services& services, const http::Request& request, const Words& words) {
  auto query = read_query<LinkQuery>(request);
  if (!query) return refused(query.error(), request, words);
  const domain::VerifyEmailInput input{query->token.value_or(base::Secret())};
  const auto pending = domain::show_verification(services, input);
  if (!pending) return refused(pending.error(), request, words);
  return verification_page(*pending, input.token, words);
}

http::Response submit(const domain::Services& services, const http::Request& request, const Words& words) {
  const auto form = read_form<VerifyForm>(request, services.settings);
  if (!form) return refused(form.error(), request, words);
  const domain::Anyone caller{domain::origin_of(request)};
  if (form->action == kDisown) {
    const auto answer = domain::disown_account(services, caller, {form->token});
    if (!answer) return refused(answer.error(), request, words);
    return result_page(services.settings, words["verify.disowned_title"], html("{}", words.retell(answer->message)),
                       words);
  }
  const auto answer = domain::verify_email(services, caller, {form->token});
  if (!answer) return refused(answer.error(), request, words);
  return result_page(services.settings, words["verify.confirmed_title"], html("{}", words.retell(answer->message)),
                     words);
}

/// A button that sends the token, and what is to be done with it.
Html action_form(const base::Secret& token, std::string_view action, std::string_view style, std::string_view label,
                 const Words& words) {
  return html(
      "<form method=\"post\" action=\"{}\">\n{}<input type=\"hidden\" name=\"token\" value=\"{}\">\n"
      "<button class=\"{}\" type=\"submit\" name=\"action\" value=\"{}\">{}</button>\n</form>\n",
      kPath, language_field(words), token.reveal(), style, action, words[label]);
}

}  // namespace

http::Response verification_page(const domain::PendingVerification& pending, const base::Secret& token,
                                 const Words& words) {
  const bool has_organization = !pending.organization_name.empty();
  Page page;
  page.title = words["verify.title"];
  page.body =
      html("<p>{}</p>\n{}<h2>{}</h2>\n<p>{}</p>\n{}",
           words(has_organization ? "verify.of_organization" : "verify.of_person",
                 {{"email", strong_name(pending.email.text)},
                  {"organization", strong_name(pending.organization_name)},
                  {"time", words.moment(pending.signed_up_at)}}),
           action_form(token, kActions[0], "button", "verify.confirm", words), words["verify.not_you"],
           words["verify.disown_introduction"], action_form(token, kDisown, "button danger", "verify.disown", words));
  return to_response(page, words);
}

std::vector<http::Route> verify_email_rows(const domain::Services& services) {
  return {page_row(
              http::Method::get, std::string(kPath), "verify_email_page", http::Lane::store,
              [&services](const http::Request& request, const Words& words) { return show(services, request, words); }),
          page_row(http::Method::post, std::string(kPath), "verify_email_form", http::Lane::store,
                   [&services](const http::Request& request, const Words& words) {
                     return submit(services, request, words);
                   })};
}

}  // namespace gatehouse::pages
