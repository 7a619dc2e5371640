#include "domain/account_deletion.h"
#include "domain/account_export.h"
#include "pages/rows.h"
#include "pages/visitor.h"
#include "wire/write.h"

namespace gatehouse::pages {

namespace {

constexpr std::string_view kExportPath = "/account/export";
constexpr std::string_view kDeletePath = "/account/delete";

FormField password_field(const Words& words) {
  return {.kind = FormField::Kind::password,
          .name = "password",
          .label = words["field.password"],
          .autocomplete = "current-password"};
}

http::Response show_export(const Visit& visit, const base::Refusal* refusal) {
  const Words& words = visit.words;
  return to_response(FormPage{.title = words["export.title"],
                              .introduction = html("<p>{}</p>\n", words["export.introduction"]),
                              .form = {.action = kExportPath,
                                       .fields = {form_token_field(visit), password_field(visit.words)},
                                       .button = words["export.button"]},
                              .footer = account_link(words),
                              .brand = brand_of(visit)},
                     refusal, visit.request, words);
}

base::Result<http::Response> submit_export(const Visit& visit) {
  const auto input = TRY(read_visitor_form<domain::ExportInput>(visit));
  const auto all = TRY(domain::export_me(visit.services, visit.person, input));
  return http::Response{.content_type = "application/json",
                        .body = wire::write(all),
                        .headers = {{"Content-Disposition", "attachment; filename=\"account.json\""}}};
}

http::Response show_delete(const Visit& visit, const base::Refusal* refusal) {
  const Words& words = visit.words;
  return to_response(
      FormPage{.title = words["delete.title"],
               .introduction = html("<p>{}</p>\n",
                                    words("delete.introduction", {{"email", strong_name(visit.person.email().text)}})),
               .form = {.action = kDeletePath,
                        .fields = {form_token_field(visit), password_field(visit.words)},
                        .button = words["delete.button"],
                        .style = "button danger"},
               .footer = account_link(words),
               .brand = brand_of(visit)},
      refusal, visit.request, words);
}

base::Result<http::Response> submit_delete(const Visit& visit) {
  const auto input = TRY(read_visitor_form<domain::DeleteMeInput>(visit));
  TRY(domain::delete_me(visit.services, visit.person, input));
  Page page;
  page.title = visit.words["delete.deleted_title"];
  page.body = html("<p>{}</p>\n", visit.words["delete.deleted"]);
  http::Response response = to_response(page, visit.words);
  response.headers.emplace_back("Set-Cookie", domain::clear_session_cookie(visit.services.settings));
  return response;
}

}  // namespace

std::vector<http::Route> account_data_rows(const domain::Services& services) {
  auto rows = visitor_form(services, {.path = std::string(kExportPath),
                                      .name = "account_export",
                                      .lane = http::Lane::hash,
                                      .show = show_export,
                                      .submit = submit_export});
  for (http::Route& row : visitor_form(services, {.path = std::string(kDeletePath),
                                                 .name = "account_delete",
                                                 .lane = http::Lane::hash,
                                                 .show = show_delete,
                                                 .submit = submit_delete})) {
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace gatehouse::pages
