#include "domain/my_invitations.h"
#include "domain/organizations.h"
#include "domain/sessions.h"
#include "mail/values.h"
#include "pages/return_to.h"
#include "pages/rows.h"
#include "pages/visitor.h"

#include <array>

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/choose-organization";
constexpr std::string_view kDecline = "decline";
constexpr std::array<std::string_view, 2> kActions{"accept", kDecline};
constexpr std::size_t kMostBytes = 2048;

struct ChooseQuery {
  std::optional<std::string> return_to;

  static constexpr auto fields() {
    return wire::fields(wire::field("return_to", &ChooseQuery::return_to).length(0, kMostBytes));
  }
};

/// An organization of one's own, or an invitation and what to do with it.
struct ChooseForm {
  std::optional<store::OrganizationId> organization;
  std::optional<store::InvitationId> invitation;
  std::optional<std::string> action;
  std::optional<std::string> return_to;

  static constexpr auto fields() {
    return wire::fields(wire::field("organization", &ChooseForm::organization),
                        wire::field("invitation", &ChooseForm::invitation),
                        wire::field("action", &ChooseForm::action).one_of(kActions),
                        wire::field("return_to", &ChooseForm::return_to).length(0, kMostBytes));
  }
};

std::string return_to_of(const http::Request& request) {
  if (request.method == http::Method::post) return safe_return_to(typed(request, "return_to"));
  const auto query = read_query<ChooseQuery>(request);
  return safe_return_to(query ? query->return_to.value_or("") : "");
}

base::Result<Html> my_organizations(const Visit& visit, const std::string& return_to) {
  const auto page = TRY(domain::list_own_organizations(visit.services, visit.person, {domain::kPageMost, {}}));
  Html items;
  for (const domain::MembershipView& one : page.data) {
    // The others are there for those who can restore them.
    if (one.status != "active") continue;
    const bool is_here = visit.person.active_organization() == one.id;
    items += html("<li><p><strong><bdi>{}</bdi></strong>, as <bdi>{}</bdi>{}.</p>\n{}</li>\n", one.name, one.role.name,
                  is_here ? "; where you are now" : "",
                  button_form(visit, kPath, {{"organization", one.id.to_string()}, {"return_to", return_to}},
                              is_here ? "Stay here" : "Work here", is_here ? "button" : "button plain"));
  }
  if (items.text().empty()) return html("<p>You are a member of no organization.</p>\n");
  return html("<ul class=\"choices\">\n{}</ul>\n", items);
}

base::Result<Html> my_invitations(const Visit& visit, const std::string& return_to) {
  if (visit.person.is_operator()) return Html();
  const auto page = TRY(domain::list_my_invitations(visit.services, visit.person, {domain::kPageMost, {}}));
  Html items;
  for (const domain::MyInvitationView& one : page.data) {
    const auto button = [&](std::string_view action, std::string_view label, std::string_view style) {
      return button_form(
          visit, kPath, {{"invitation", one.id.to_string()}, {"action", std::string(action)}, {"return_to", return_to}},
          label, style);
    };
    Html inviter;
    if (one.inviter) inviter = html(" {} invites you.", one.inviter->text);
    items += html("<li><p><strong><bdi>{}</bdi></strong>, as <bdi>{}</bdi>.{} Until {}.</p>\n{}{}</li>\n",
                  one.organization.name, one.role.name, inviter, mail::show(one.expires_at).text,
                  button(kActions[0], "Join", "button plain"), button(kDecline, "Decline", "button danger"));
  }
  if (items.text().empty()) return Html();
  return html("<h2>Invitations</h2>\n<ul class=\"choices\">\n{}</ul>\n", items);
}

http::Response show(const Visit& visit, const base::Refusal* refusal) {
  const std::string return_to = return_to_of(visit.request);
  Page page;
  page.title = "Choose an organization";
  if (refusal != nullptr) {
    page.status = refusal->code->status;
    page.body = render_errors(*refusal);
  }
  const auto organizations = my_organizations(visit, return_to);
  if (!organizations) return problem_page(organizations.error(), visit.request, account_link());
  const auto invitations = my_invitations(visit, return_to);
  if (!invitations) return problem_page(invitations.error(), visit.request, account_link());
  page.body += *organizations;
  page.body += *invitations;
  if (visit.person.active_organization()) {
    page.body += html("<p><a href=\"/account/leave\">Leave an organization</a></p>\n");
  }
  page.body += account_link();
  http::Response response = to_response(page);
  if (refusal != nullptr) add_problem_headers(response, *refusal, visit.request);
  return response;
}

base::Result<http::Response> submit(const Visit& visit) {
  const ChooseForm form = TRY(read_visitor_form<ChooseForm>(visit));
  const std::string return_to = safe_return_to(form.return_to.value_or(""));
  if (form.organization.has_value() == form.invitation.has_value()) {
    return base::refuse_field("/organization", "Choose an organization or an invitation.");
  }
  if (form.invitation && form.action == kDecline) {
    TRY(domain::decline_my_invitation(visit.services, visit.person, {*form.invitation}));
    return redirect(with_return_to(kPath, return_to));
  }
  store::OrganizationId wanted;
  if (form.organization) {
    wanted = *form.organization;
  } else {
    wanted = TRY(domain::accept_my_invitation(visit.services, visit.person, {*form.invitation})).organization.id;
  }
  if (wanted != visit.person.active_organization()) {
    TRY(domain::switch_browser_organization(visit.services, visit.person, {wanted}));
  }
  return redirect(return_to);
}

}  // namespace

std::vector<http::Route> choose_organization_rows(const domain::Services& services) {
  return visitor_form(services,
                      {.path = std::string(kPath), .name = "choose_organization", .show = show, .submit = submit});
}

}  // namespace gatehouse::pages
