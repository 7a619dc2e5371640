#include "domain/profile.h"
#include "domain/sessions.h"
#include "pages/rows.h"
#include "pages/visitor.h"

#include <array>

namespace gatehouse::pages {

namespace {

Html organization_of(const domain::SessionOutput& session) {
  if (!session.organization) return html("<dd>None</dd>\n");
  return html("<dd><bdi>{}</bdi>, as <bdi>{}</bdi></dd>\n", session.organization->name,
              session.organization->role.name);
}

struct Link {
  std::string_view path;
  std::string_view label;
  /// Whom no mail lets in, and who is a member of nothing.
  bool is_for_operators;
};
constexpr std::array<Link, 9> kLinks{{{"/console", "Console", true},
                                      {"/account/profile", "Profile", true},
                                      {"/account/password", "Password", true},
                                      {"/account/email", "Email address", false},
                                      {"/account/sessions", "Sessions and devices", true},
                                      {"/choose-organization", "Organizations and invitations", false},
                                      {"/account/activity", "Security activity", true},
                                      {"/account/export", "Your data", true},
                                      {"/account/delete", "Delete the account", false}}};

http::Response show(const Visit& visit) {
  const auto me = domain::show_me(visit.services, visit.person);
  if (!me) return problem_page(me.error(), visit.request, {});
  const auto session = domain::show_session(visit.services, visit.person);
  if (!session) return problem_page(session.error(), visit.request, {});
  const bool is_operator = session->is_operator;
  Html name, organization, unconfirmed, links;
  if (me->name) name = html("<dt>Name</dt><dd><bdi>{}</bdi></dd>\n", *me->name);
  if (!is_operator) organization = html("<dt>Organization</dt>{}", organization_of(*session));
  if (!is_operator && !me->email_verified) {
    unconfirmed = html(
        "<p class=\"notice\">Please confirm your email address: a letter with a link waits for you. "
        "<a href=\"/account/verification\">Send it again</a></p>\n");
  }
  for (const Link& link : kLinks) {
    if (is_operator && !link.is_for_operators) continue;
    links += html("<li><a href=\"{}\">{}</a></li>\n", link.path, link.label);
  }
  Page page;
  page.title = "Your account";
  page.body = html("{}<dl>\n<dt>Email address</dt><dd>{}</dd>\n{}{}</dl>\n{}<ul class=\"links\">\n{}</ul>\n{}",
                   unconfirmed, me->email.text, name, organization, continue_link(visit.services.settings), links,
                   button_form(visit, "/sign-out", {}, "Sign out", "button plain"));
  return to_response(page);
}

}  // namespace

std::vector<http::Route> account_rows(const domain::Services& services) {
  return {visitor_page(services, "/account", "account_page", show)};
}

}  // namespace gatehouse::pages
