#pragma once

#include "api/endpoint.h"

#include <vector>

/// The route table of the API, an area a file. `services` must outlive the rows.
namespace gatehouse::api {

std::vector<Row> account_routes(const domain::Services& services);
std::vector<Row> session_routes(const domain::Services& services);
/// The account of whoever asks.
std::vector<Row> me_routes(const domain::Services& services);
std::vector<Row> invitation_routes(const domain::Services& services);
std::vector<Row> api_key_routes(const domain::Services& services);
std::vector<Row> audit_routes(const domain::Services& services);
std::vector<Row> member_routes(const domain::Services& services);
/// Roles, the permissions there are, and checks of them.
std::vector<Row> role_routes(const domain::Services& services);
std::vector<Row> operator_permission_routes(const domain::Services& services);
std::vector<Row> organization_routes(const domain::Services& services);
std::vector<Row> branding_routes(const domain::Services& services);
std::vector<Row> statistics_routes(const domain::Services& services);
std::vector<Row> operator_organization_routes(const domain::Services& services);
std::vector<Row> operator_user_routes(const domain::Services& services);
/// Outbox, limits, signing keys, health and configuration, for operators.
std::vector<Row> operator_service_routes(const domain::Services& services);
/// Key set and health.
std::vector<Row> service_routes(const domain::Services& services);

/// All of the above.
std::vector<Row> all_rows(const domain::Services& services);

struct Api {
  /// All of the above, and GET /openapi.json.
  std::vector<http::Route> routes;
  /// The OpenAPI document that describes them, as it is served.
  std::string document;
};
Api make_api(const domain::Services& services);

}  // namespace gatehouse::api
