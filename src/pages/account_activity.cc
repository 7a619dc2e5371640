#include "domain/activity.h"

#include "mail/values.h"
#include "pages/rows.h"
#include "pages/visitor.h"

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/account/activity";

http::Response show(const Visit& visit) {
  const auto input = read_query<domain::MyPageInput>(visit.request);
  if (!input) return problem_page(input.error(), visit.request, account_link());
  const auto activity = domain::list_my_activity(visit.services, visit.person, *input);
  if (!activity) return problem_page(activity.error(), visit.request, account_link());
  Html rows;
  for (const domain::ActivityView& entry : activity->data) {
    rows += html("<tr><td>{}</td><td><code>{}</code></td><td>{}</td></tr>\n", mail::show(entry.at).text, entry.action,
                 entry.address.value_or("somebody else who may"));
  }
  Page page;
  page.title = "Security activity";
  page.is_wide = true;
  page.body = html(
      "<p>What you did, and what happened to your account, newest first. If something was not you, change your "
      "<a href=\"/account/password\">password</a>.</p>\n"
      "<table>\n<thead><tr><th>When</th><th>What</th><th>From</th></tr></thead>\n<tbody>\n{}</tbody>\n</table>\n{}{}",
      rows, next_link(kPath, activity->page), account_link());
  return to_response(page);
}

}  // namespace

std::vector<http::Route> account_activity_rows(const domain::Services& services) {
  return {visitor_page(services, std::string(kPath), "account_activity_page", show)};
}

}  // namespace gatehouse::pages
