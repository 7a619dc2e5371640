#include "api/routes.h"

#include "api/openapi.h"

#include <iterator>

namespace gatehouse::api {

std::vector<Row> all_rows(const domain::Services& services) {
  std::vector<Row> rows;
  for (const auto area :
       {account_routes, session_routes, me_routes, organization_routes, branding_routes, member_routes, role_routes,
        invitation_routes, api_key_routes, audit_routes, statistics_routes, operator_organization_routes,
        operator_user_routes, operator_permission_routes, operator_service_routes, service_routes}) {
    auto more = area(services);
    rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return rows;
}

Api make_api(const domain::Services& services) {
  auto rows = all_rows(services);
  rows.push_back(detail::make_row({http::Method::get, "/openapi.json", "openapi", "This document", http::Lane::memory},
                                  nullptr, nullptr));
  Api api;
  api.document = openapi_document(rows);
  rows.back().route.handle = [document = api.document](const http::Request&) {
    return http::Response{200, "application/json", document, {{"Cache-Control", "public, max-age=300"}}};
  };
  for (Row& row : rows) api.routes.push_back(std::move(row.route));
  return api;
}

}  // namespace gatehouse::api
