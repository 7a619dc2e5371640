#include "api/routes.h"

#include "domain/members.h"

namespace gatehouse::api {

using http::Method;

std::vector<Row> member_routes(const domain::Services& services) {
  return {
      in_organization<domain::remove_member, &domain::RemoveMemberInput::org_id>(
          services,
          {Method::del, "/delete_member", "remove_member", "Remove a member; the fields in the body or in the query"},
          domain::kMembersRemove),
      in_organization<domain::update_member_role, domain::organization_of_member>(
          services, {Method::put, "/update_member_role", "update_member_role", "Give a member another role"},
          domain::kMembersUpdate),
      in_organization<domain::list_members, &domain::OrganizationPageInput::organization>(
          services, {Method::get, "/v1/organizations/{organization}/members", "list_members", "List members"},
          domain::kMembersRead),
      in_organization<domain::list_roles, &domain::OrganizationInput::organization>(
          services, {Method::get, "/v1/organizations/{organization}/roles", "list_roles", "List roles"},
          domain::kRolesRead),
  };
}

}  // namespace gatehouse::api
