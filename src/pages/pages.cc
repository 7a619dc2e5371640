#include "pages/pages.h"

#include "pages/assets.h"
#include "pages/brand.h"
#include "pages/page.h"
#include "pages/rows.h"

#include <iterator>
#include <string>

namespace gatehouse::pages {

namespace {

http::Response show_start(const domain::Services& services, const Words& words) {
  const auto link = [&](std::string path, std::string_view label) {
    return html("<li><a href=\"{}\">{}</a></li>\n", with_language(std::move(path), words), words[label]);
  };
  Page page;
  page.title = words["start.title"];
  Html sign_up;
  if (services.settings.sign_up_open) sign_up = link("/sign-up", "start.create_account");
  page.body = html(
      "<p>{}</p>\n{}<ul>\n{}{}{}{}<li><a href=\"/docs/api\">{}</a></li>\n"
      "<li><a href=\"/openapi.json\">{}</a></li>\n</ul>\n",
      words["start.introduction"], continue_link(services.settings, words), link("/sign-in", "common.sign_in"),
      link("/account", "common.your_account"), sign_up, link("/reset-password", "start.reset_password"),
      words["start.api_for_people"], words["start.api_for_programs"]);
  return to_response(page, words);
}

/// Where the `type` of a problem leads (RFC 9457 section 3.1.1).
http::Response show_error_codes() {
  Page page;
  page.title = "Error codes";
  page.is_wide = true;
  page.body = html(
      "<p>Programs may rely on these codes; the sentences are for people. What answers with them is in the "
      "<a href=\"/docs/api\">API reference</a>.</p>\n<dl>\n");
  for (const base::ErrorCode* code : base::kErrorCodes) {
    page.body += html("<dt id=\"{}\"><code>{}</code> ({})</dt><dd>{}</dd>\n", code->name, code->name,
                      std::to_string(code->status), code->title);
  }
  page.body += html("</dl>\n");
  // For people who write programs, like what it explains.
  return to_response(page, Words());
}

}  // namespace

std::vector<http::Route> page_routes(const domain::Services& services) {
  std::vector<http::Route> rows{
      page_row(http::Method::get, "/", "start_page", http::Lane::memory,
               [&services](const http::Request&, const Words& words) { return show_start(services, words); }),
      page_row(http::Method::get, "/docs/errors", "error_codes", http::Lane::memory,
               [](const http::Request&, const Words&) { return show_error_codes(); }),
      asset_row(),
  };
  for (auto* make : {sign_up_rows, sign_in_rows, sign_out_rows, choose_organization_rows, account_rows,
                     account_profile_rows, account_password_rows, account_email_rows, account_sessions_rows,
                     account_activity_rows, account_leave_rows, account_data_rows, reset_password_rows, brand_rows,
                     verify_email_rows, confirm_email_rows, accept_invite_rows, setup_rows}) {
    std::vector<http::Route> more = make(services);
    std::move(more.begin(), more.end(), std::back_inserter(rows));
  }
  return rows;
}

}  // namespace gatehouse::pages
