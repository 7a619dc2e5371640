#include "pages/pages.h"

#include "pages/assets.h"
#include "pages/page.h"
#include "pages/rows.h"

#include <iterator>

namespace gatehouse::pages {

namespace {

http::Response show_start(const domain::Services& services) {
  Page page;
  page.title = "Accounts";
  page.body = html(
      "<p>This service keeps the accounts of an application.</p>\n{}"
      "<ul>\n<li><a href=\"/reset-password\">Reset your password</a></li>\n"
      "<li><a href=\"/openapi.json\">The API, for programs</a></li>\n</ul>\n",
      continue_link(services.settings));
  return to_response(page);
}

}  // namespace

std::vector<http::Route> page_routes(const domain::Services& services) {
  std::vector<http::Route> rows{
      page_row(http::Method::get, "/", "start_page", http::Lane::memory,
               [&services](const http::Request&) { return show_start(services); }),
      asset_row(),
  };
  for (auto* make : {reset_password_rows, verify_email_rows, accept_invite_rows, setup_rows}) {
    std::vector<http::Route> more = make(services);
    std::move(more.begin(), more.end(), std::back_inserter(rows));
  }
  return rows;
}

}  // namespace gatehouse::pages
