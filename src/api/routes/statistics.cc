#include "api/routes.h"

#include "domain/statistics.h"

namespace gatehouse::api {

using http::Method;

std::vector<Row> statistics_routes(const domain::Services& services) {
  return {
      for_statistics<domain::count_by_role>(
          services, {Method::get, "/stats/role-wise-users", "stats_by_role", "Active members by role"}),
      for_statistics<domain::count_by_organization>(
          services,
          {Method::get, "/stats/org-wise-members", "stats_by_organization", "Active members by organization"}),
      for_statistics<domain::count_by_organization_and_role>(
          services, {Method::get, "/stats/org-role-wise-users", "stats_by_organization_and_role",
                     "Active members by organization and role"}),
      for_statistics<domain::count_joined_by_organization_and_role>(
          services, {Method::get, "/stats/org-role-wise-users-filtered", "stats_joined_by_organization_and_role",
                     "Active members by organization and role, of those who joined between two instants"}),
  };
}

}  // namespace gatehouse::api
