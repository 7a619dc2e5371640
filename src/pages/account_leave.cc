#include "domain/my_organizations.h"
#include "domain/organizations.h"
#include "pages/rows.h"
#include "pages/visitor.h"

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/account/leave";

http::Response show(const Visit& visit, const base::Refusal* refusal) {
  const auto organizations = domain::list_own_organizations(visit.services, visit.person, {domain::kPageMost, {}});
  if (!organizations) return problem_page(organizations.error(), visit.request, account_link());
  Html items;
  for (const domain::MembershipView& one : organizations->data) {
    if (one.status != "active") continue;
    const bool is_here = visit.person.active_organization() == one.id;
    items += html("<li><p><strong><bdi>{}</bdi></strong>, as <bdi>{}</bdi>{}.</p>\n{}</li>\n", one.name, one.role.name,
                  is_here ? ". You work there now, and are signed out when you leave" : "",
                  button_form(visit, kPath, {{"organization", one.id.to_string()}}, "Leave for good", "button danger"));
  }
  Page page;
  page.title = "Leave an organization";
  if (refusal != nullptr) {
    page.status = refusal->code->status;
    page.body = render_errors(*refusal);
  }
  page.body += items.text().empty() ? html("<p>You are a member of no organization.</p>\n")
                                    : html("<ul class=\"choices\">\n{}</ul>\n", items);
  page.body += account_link();
  return to_response(page);
}

base::Result<http::Response> submit(const Visit& visit) {
  const auto input = TRY(read_visitor_form<domain::LeaveInput>(visit));
  TRY(domain::leave_organization(visit.services, visit.person, input));
  return done_page("You have left", "You are no longer a member there.");
}

}  // namespace

std::vector<http::Route> account_leave_rows(const domain::Services& services) {
  return visitor_form(services, {.path = std::string(kPath), .name = "account_leave", .show = show, .submit = submit});
}

}  // namespace gatehouse::pages
