#include "domain/profile.h"
#include "domain/sessions.h"
#include "pages/role_name.h"
#include "pages/rows.h"
#include "pages/visitor.h"

#include <array>

namespace gatehouse::pages {

namespace {

Html organization_of(const domain::SessionOutput& session, const Words& words) {
  if (!session.organization) return html("<dd>{}</dd>\n", words["account.no_organization"]);
  return html("<dd>{}</dd>\n", words("common.membership", {{"organization", name(session.organization->name)},
                                                           {"role", role_name(session.organization->role, words)}}));
}

struct Link {
  std::string_view path;
  std::string_view label;  // its words
  /// Whom no mail lets in, and who is a member of nothing.
  bool is_for_operators;
};
constexpr std::array<Link, 9> kLinks{{{"/console", "account.console", true},
                                      {"/account/profile", "account.profile", true},
                                      {"/account/password", "account.password", true},
                                      {"/account/email", "account.email", false},
                                      {"/account/sessions", "account.sessions", true},
                                      {"/choose-organization", "account.organizations", false},
                                      {"/account/activity", "account.activity", true},
                                      {"/account/export", "account.export", true},
                                      {"/account/delete", "account.delete", false}}};

http::Response show(const Visit& visit) {
  const Words& words = visit.words;
  const auto me = domain::show_me(visit.services, visit.person);
  if (!me) return problem_page(me.error(), visit.request, words);
  const auto session = domain::show_session(visit.services, visit.person);
  if (!session) return problem_page(session.error(), visit.request, words);
  const bool is_operator = session->object.is_operator;
  Html called, organization, unconfirmed, links;
  if (me->name) called = html("<dt>{}</dt><dd>{}</dd>\n", words["account.name"], name(*me->name));
  if (!is_operator) {
    organization = html("<dt>{}</dt>{}", words["account.organization"], organization_of(session->object, words));
  }
  if (!is_operator && !me->email_verified) {
    const Html again =
        html("<a href=\"{}\">{}</a>", with_language("/account/verification", words), words["account.send_again"]);
    unconfirmed = html("<p class=\"notice\">{}</p>\n", words("account.unconfirmed", {{"send_again", again}}));
  }
  for (const Link& link : kLinks) {
    if (is_operator && !link.is_for_operators) continue;
    links += html("<li><a href=\"{}\">{}</a></li>\n", with_language(std::string(link.path), words), words[link.label]);
  }
  Page page;
  page.brand = brand_of(visit);
  page.title = words["account.title"];
  page.body = html("{}<dl>\n<dt>{}</dt><dd>{}</dd>\n{}{}</dl>\n{}<ul class=\"links\">\n{}</ul>\n{}", unconfirmed,
                   words["field.email"], name(me->email.text), called, organization,
                   continue_link(visit.services.settings, words), links,
                   button_form(visit, "/sign-out", {}, words["sign_out.button"], "button plain"));
  return to_response(page, words);
}

}  // namespace

std::vector<http::Route> account_rows(const domain::Services& services) {
  return {visitor_page(services, "/account", "account_page", show)};
}

}  // namespace gatehouse::pages
