#include "domain/email_change.h"

#include "domain/origin.h"
#include "pages/form.h"
#include "pages/rows.h"

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/confirm-email";

http::Response refused(const base::Refusal& refusal, const http::Request& request, const Words& words) {
  if (!is_dead_link(refusal)) return problem_page(refusal, request, words);
  const Html again =
      html("<a href=\"{}\">{}</a>", with_language("/account/email", words), words["confirm_email.ask_again"]);
  return problem_page(refusal, request, words,
                      html("<p>{}</p>\n", words("confirm_email.dead", {{"ask_again", again}})));
}

http::Response show(const domain::Services& services, const http::Request& request, const Words& words) {
  auto query = read_query<LinkQuery>(request);
  if (!query) return refused(query.error(), request, words);
  const domain::ConfirmEmailInput input{query->token.value_or(base::Secret())};
  const auto pending = domain::show_email_change(services, input);
  if (!pending) return refused(pending.error(), request, words);
  return email_change_page(*pending, input.token, words);
}

http::Response submit(const domain::Services& services, const http::Request& request, const Words& words) {
  const auto input = read_form<domain::ConfirmEmailInput>(request, services.settings);
  if (!input) return refused(input.error(), request, words);
  const auto answer = domain::confirm_email_change(services, {domain::origin_of(request)}, *input);
  if (!answer) return refused(answer.error(), request, words);
  return result_page(services.settings, words["confirm_email.changed_title"], html("{}", words.retell(answer->message)),
                     words);
}

}  // namespace

http::Response email_change_page(const domain::PendingEmailChange& pending, const base::Secret& token,
                                 const Words& words) {
  Page page;
  page.title = words["confirm_email.title"];
  page.body = html(
      "<p>{}</p>\n<p>{}</p>\n"
      "<form method=\"post\" action=\"{}\">\n{}<input type=\"hidden\" name=\"token\" value=\"{}\">\n"
      "<button class=\"button\" type=\"submit\">{}</button>\n</form>\n<p>{}</p>\n",
      words("confirm_email.introduction", {{"time", words.moment(pending.asked_at)},
                                           {"from", strong_name(pending.from.text)},
                                           {"to", strong_name(pending.to.text)}}),
      words["confirm_email.consequence"], kPath, language_field(words), token.reveal(), words["confirm_email.button"],
      words["confirm_email.not_you"]);
  return to_response(page, words);
}

std::vector<http::Route> confirm_email_rows(const domain::Services& services) {
  return {page_row(
              http::Method::get, std::string(kPath), "confirm_email_page", http::Lane::store,
              [&services](const http::Request& request, const Words& words) { return show(services, request, words); }),
          page_row(http::Method::post, std::string(kPath), "confirm_email_form", http::Lane::store,
                   [&services](const http::Request& request, const Words& words) {
                     return submit(services, request, words);
                   })};
}

}  // namespace gatehouse::pages
