#include "domain/activity.h"

#include "pages/rows.h"
#include "pages/visitor.h"

namespace gatehouse::pages {

namespace {

constexpr std::string_view kPath = "/account/activity";

http::Response show(const Visit& visit) {
  const Words& words = visit.words;
  const auto input = read_query<domain::MyPageInput>(visit.request);
  if (!input) return problem_page(input.error(), visit.request, words, account_link(words));
  const auto activity = domain::list_my_activity(visit.services, visit.person, *input);
  if (!activity) return problem_page(activity.error(), visit.request, words, account_link(words));
  Html rows;
  for (const domain::ActivityView& entry : activity->data) {
    rows += html("<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n", words.moment(entry.at),
                 words.language().words_or("action." + entry.action, entry.action),
                 entry.address.value_or(std::string(words["activity.by_others"])));
  }
  const Html password =
      html("<a href=\"{}\">{}</a>", with_language("/account/password", words), words["activity.password"]);
  Page page;
  page.brand = brand_of(visit);
  page.title = words["activity.title"];
  page.is_wide = true;
  page.body = html(
      "<p>{}</p>\n"
      "<table>\n<thead><tr><th>{}</th><th>{}</th><th>{}</th></tr></thead>\n<tbody>\n{}</tbody>\n</table>\n{}{}",
      words("activity.introduction", {{"password", password}}), words["activity.when"], words["activity.what"],
      words["activity.from"], rows, next_link(kPath, activity->page, words), account_link(words));
  return to_response(page, words);
}

}  // namespace

std::vector<http::Route> account_activity_rows(const domain::Services& services) {
  return {visitor_page(services, std::string(kPath), "account_activity_page", show)};
}

}  // namespace gatehouse::pages
