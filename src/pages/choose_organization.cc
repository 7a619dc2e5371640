#include "domain/my_invitations.h"
#include "domain/organizations.h"
#include "domain/sessions.h"
#include "pages/return_to.h"
#include "pages/role_name.h"
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

Html membership(const Words& words, const std::string& organization, const domain::RoleReference& role) {
  return words("common.membership", {{"organization", strong_name(organization)}, {"role", role_name(role, words)}});
}

base::Result<Html> my_organizations(const Visit& visit, const std::string& return_to) {
  const Words& words = visit.words;
  const auto page = TRY(domain::list_own_organizations(visit.services, visit.person, {domain::kPageMost, {}}));
  Html items;
  for (const domain::MembershipView& one : page.data) {
    // The others are there for those who can restore them.
    if (one.status != "active") continue;
    const bool is_here = visit.person.active_organization() == one.id;
    items +=
        html("<li><p>{}</p>\n{}</li>\n",
             words(is_here ? "choose.here" : "choose.there", {{"membership", membership(words, one.name, one.role)}}),
             button_form(visit, kPath, {{"organization", one.id.to_string()}, {"return_to", return_to}},
                         words[is_here ? "choose.stay" : "choose.work"], is_here ? "button" : "button plain"));
  }
  if (items.text().empty()) return html("<p>{}</p>\n", words["common.member_of_nothing"]);
  return html("<ul class=\"choices\">\n{}</ul>\n", items);
}

base::Result<Html> my_invitations(const Visit& visit, const std::string& return_to) {
  const Words& words = visit.words;
  if (visit.person.is_operator()) return Html();
  const auto page = TRY(domain::list_my_invitations(visit.services, visit.person, {domain::kPageMost, {}}));
  Html items;
  for (const domain::MyInvitationView& one : page.data) {
    const auto button = [&](std::string_view action, std::string_view label, std::string_view style) {
      return button_form(
          visit, kPath, {{"invitation", one.id.to_string()}, {"action", std::string(action)}, {"return_to", return_to}},
          label, style);
    };
    const Html offer = words(one.inviter ? "choose.invited_by" : "choose.invited",
                             {{"membership", membership(words, one.organization.name, one.role)},
                              {"inviter", name(one.inviter ? one.inviter->text : std::string())},
                              {"time", words.moment(one.expires_at)}});
    items += html("<li><p>{}</p>\n{}{}</li>\n", offer, button(kActions[0], words["choose.join"], "button plain"),
                  button(kDecline, words["choose.decline"], "button danger"));
  }
  if (items.text().empty()) return Html();
  return html("<h2>{}</h2>\n<ul class=\"choices\">\n{}</ul>\n", words["choose.invitations"], items);
}

http::Response show(const Visit& visit, const base::Refusal* refusal) {
  const Words& words = visit.words;
  const std::string return_to = return_to_of(visit.request);
  Page page;
  page.brand = brand_of(visit);
  page.title = words["choose.title"];
  if (refusal != nullptr) {
    page.status = refusal->code->status;
    page.body = render_errors(*refusal, words);
  }
  const auto organizations = my_organizations(visit, return_to);
  if (!organizations) return problem_page(organizations.error(), visit.request, words, account_link(words));
  const auto invitations = my_invitations(visit, return_to);
  if (!invitations) return problem_page(invitations.error(), visit.request, words, account_link(words));
  page.body += *organizations;
  page.body += *invitations;
  if (visit.person.active_organization()) {
    page.body += html("<p><a href=\"{}\">{}</a></p>\n", with_language("/account/leave", words), words["leave.link"]);
  }
  page.body += account_link(words);
  http::Response response = to_response(page, words);
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
