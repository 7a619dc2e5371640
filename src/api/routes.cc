#include "api/routes.h"

#include "api/openapi.h"

#include <iterator>

namespace gatehouse::api {

std::vector<Row> all_rows(const domain::Services& services) {
  std::vector<Row> rows;
  for (const auto area : {account_routes, session_routes, invitation_routes, api_key_routes, audit_routes,
                          member_routes, statistics_routes, service_routes}) {
    auto more = area(services);
    rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return rows;
}

std::vector<http::Route> all_routes(const domain::Services& services) {
  auto rows = all_rows(services);
  Row self = detail::make_row({http::Method::get, "/openapi.json", "openapi", "This document", http::Lane::memory},
                              nullptr, nullptr);
  rows.push_back(self);
  rows.back().route.handle = [document = openapi_document(rows)](const http::Request&) {
    return http::Response{200, "application/json", document, {{"Cache-Control", "public, max-age=300"}}};
  };
  std::vector<http::Route> routes;
  for (Row& row : rows) routes.push_back(std::move(row.route));
  return routes;
}

}  // namespace gatehouse::api
