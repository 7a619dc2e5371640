#include "domain/my_sessions.h"

#include "pages/rows.h"
#include "pages/visitor.h"

#include <array>

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/account/sessions";

constexpr std::array<std::string_view, 1> kOthers{"others"};

/// One of them, or all but the one that asks.
struct SessionsForm {
  std::optional<store::SessionId> session;
  std::optional<std::string> which;

  static constexpr auto fields() {
    return wire::fields(wire::field("session", &SessionsForm::session),
                        wire::field("which", &SessionsForm::which).one_of(kOthers));
  }
};

Html row_of(const Visit& visit, const domain::MySessionView& session) {
  const Words& words = visit.words;
  const Html action = session.is_current ? html("{}", words["sessions.this_one"])
                                         : button_form(visit, kPath, {{"session", session.id.to_string()}},
                                                       words["sessions.end"], "button plain");
  return html("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", session.device, session.address,
              words("sessions.signed_in", {{"time", words.moment(session.created_at)}}),
              words("sessions.last_used", {{"time", words.moment(session.last_seen_at)}}), action);
}

http::Response show(const Visit& visit, const base::Refusal* refusal) {
  const Words& words = visit.words;
  const auto input = visit.request.method == http::Method::get ? read_query<domain::MyPageInput>(visit.request)
                                                               : base::Result<domain::MyPageInput>({});
  if (!input) return problem_page(input.error(), visit.request, words, account_link(words));
  const auto sessions = domain::list_my_sessions(visit.services, visit.person, *input);
  if (!sessions) return problem_page(sessions.error(), visit.request, words, account_link(words));
  Html rows;
  for (const domain::MySessionView& session : sessions->data) rows += row_of(visit, session);
  Page page;
  page.brand = brand_of(visit);
  page.title = words["sessions.title"];
  page.is_wide = true;
  if (refusal != nullptr) {
    page.status = refusal->code->status;
    page.body = render_errors(*refusal, words);
  }
  page.body += html(
      "<table>\n<thead><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th><td></td></tr></thead>\n"
      "<tbody>\n{}</tbody>\n</table>\n{}{}{}",
      words["sessions.device"], words["sessions.address"], words["sessions.since"], words["sessions.last_use"], rows,
      next_link(kPath, sessions->page, words),
      button_form(visit, kPath, {{"which", std::string(kOthers[0])}}, words["sessions.end_others"], "button danger"),
      account_link(words));
  return to_response(page, words);
}

base::Result<http::Response> submit(const Visit& visit) {
  const SessionsForm form = TRY(read_visitor_form<SessionsForm>(visit));
  if (form.session.has_value() == form.which.has_value()) return base::refuse_field("/session", "Choose one.");
  if (form.session) {
    TRY(domain::end_my_session(visit.services, visit.person, {*form.session}));
  } else {
    TRY(domain::end_my_other_sessions(visit.services, visit.person));
  }
  return redirect(kPath);
}

}  // namespace

std::vector<http::Route> account_sessions_rows(const domain::Services& services) {
  return visitor_form(services,
                      {.path = std::string(kPath), .name = "account_sessions", .show = show, .submit = submit});
}

}  // namespace gatehouse::pages
