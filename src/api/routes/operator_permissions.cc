#include "api/routes.h"

#include "domain/application_permissions.h"

namespace gatehouse::api {

using http::Method;

std::vector<Row> operator_permission_routes(const domain::Services& services) {
  const std::string permissions = "/v1/operator/permissions";
  const std::string permission = permissions + "/{permission}";
  return {
      for_operators<domain::list_application_permissions>(
          services,
          {Method::get, permissions, "list_application_permissions", "List the application's registered permissions"},
          domain::platform::kRead),
      for_operators<domain::register_application_permission>(
          services,
          {Method::post, permissions, "register_application_permission", "Register a permission of the application",
           http::Lane::store, 201},
          domain::platform::kManage),
      for_operators<domain::get_application_permission>(
          services, {Method::get, permission, "get_application_permission", "Get a registered permission"},
          domain::platform::kRead),
      for_operators<domain::patch_application_permission>(
          services, {Method::patch, permission, "patch_application_permission", "Change a registered permission"},
          domain::platform::kManage),
      for_operators<domain::remove_application_permission>(
          services,
          {Method::del, permission, "remove_application_permission",
           "Remove a registered permission, and take it out of all roles and API keys"},
          domain::platform::kManage),
  };
}

}  // namespace gatehouse::api
