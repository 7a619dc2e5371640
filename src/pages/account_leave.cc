#include "domain/my_organizations.h"
#include "domain/organizations.h"
#include "pages/role_name.h"
#include "pages/rows.h"
#include "pages/visitor.h"

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/account/leave";

http::Response show(const Visit& visit, const base::Refusal* refusal) {
  const Words& words = visit.words;
  const auto organizations = domain::list_own_organizations(visit.services, visit.person, {domain::kPageMost, {}});
  if (!organizations) return problem_page(organizations.error(), visit.request, words, account_link(words));
  Html items;
  for (const domain::MembershipView& one : organizations->data) {
    if (one.status != "active") continue;
    const bool is_here = visit.person.active_organization() == one.id;
    const Html membership =
        words("common.membership", {{"organization", strong_name(one.name)}, {"role", role_name(one.role, words)}});
    items +=
        html("<li><p>{}</p>\n{}</li>\n", words(is_here ? "leave.here" : "leave.there", {{"membership", membership}}),
             button_form(visit, kPath, {{"organization", one.id.to_string()}}, words["leave.button"], "button danger"));
  }
  Page page;
  page.brand = brand_of(visit);
  page.title = words["leave.title"];
  if (refusal != nullptr) {
    page.status = refusal->code->status;
    page.body = render_errors(*refusal, words);
  }
  page.body += items.text().empty() ? html("<p>{}</p>\n", words["common.member_of_nothing"])
                                    : html("<ul class=\"choices\">\n{}</ul>\n", items);
  page.body += account_link(words);
  return to_response(page, words);
}

base::Result<http::Response> submit(const Visit& visit) {
  const auto input = TRY(read_visitor_form<domain::LeaveInput>(visit));
  TRY(domain::leave_organization(visit.services, visit.person, input));
  return done_page(visit.words["leave.left_title"], visit.words["leave.left"], visit.words);
}

}  // namespace

std::vector<http::Route> account_leave_rows(const domain::Services& services) {
  return visitor_form(services, {.path = std::string(kPath), .name = "account_leave", .show = show, .submit = submit});
}

}  // namespace gatehouse::pages
