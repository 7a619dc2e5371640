#include "api/routes.h"

#include "domain/permission_checks.h"
#include "domain/roles.h"

namespace gatehouse::api {

using http::Method;

std::vector<Row> role_routes(const domain::Services& services) {
  const std::string roles = "/v1/organizations/{organization}/roles";
  const std::string role = roles + "/{role}";
  return {
      in_organization<domain::list_roles, &domain::OrganizationPageInput::organization>(
          services, {Method::get, roles, "list_roles", "List roles"}, domain::kRolesRead),
      in_organization<domain::create_role, &domain::NewRoleInput::organization>(
          services, {Method::post, roles, "create_role", "Make a custom role", http::Lane::store, 201},
          domain::kRolesManage),
      in_organization<domain::get_role, &domain::RoleInput::organization>(
          services, {Method::get, role, "get_role", "Get a role"}, domain::kRolesRead),
      in_organization<domain::patch_role, &domain::PatchRoleInput::organization>(
          services, {Method::patch, role, "patch_role", "Change a role"}, domain::kRolesManage),
      in_organization<domain::delete_role, &domain::DeleteRoleInput::organization>(
          services,
          {Method::del, role, "delete_role", "Delete a custom role, and move its members and invitations to another"},
          domain::kRolesManage),
      signed_in<domain::list_permissions>(
          services, {Method::get, "/v1/permissions", "list_permissions", "List all permissions and what they mean"}),
      in_organization<domain::check_permissions, domain::organization_of_checks>(
          services,
          {Method::post, "/v1/permissions/check", "check_permissions",
           "Ask what oneself or another member may do, and why"},
          ""),
  };
}

}  // namespace gatehouse::api
