#pragma once

#include "api/endpoint.h"

#include <vector>

/// The route table of the API, an area a file. `services` must outlive the rows.
namespace gatehouse::api {

std::vector<Row> account_routes(const domain::Services& services);
std::vector<Row> session_routes(const domain::Services& services);
std::vector<Row> invitation_routes(const domain::Services& services);
std::vector<Row> api_key_routes(const domain::Services& services);
std::vector<Row> audit_routes(const domain::Services& services);
std::vector<Row> member_routes(const domain::Services& services);
std::vector<Row> statistics_routes(const domain::Services& services);
/// Key set and health.
std::vector<Row> service_routes(const domain::Services& services);

/// All of the above.
std::vector<Row> all_rows(const domain::Services& services);
/// All of the above as routes, with the document that describes them at GET /openapi.json.
std::vector<http::Route> all_routes(const domain::Services& services);

}  // namespace gatehouse::api
