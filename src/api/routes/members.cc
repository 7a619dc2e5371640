#include "api/routes.h"

#include "domain/member_list.h"
#include "domain/members.h"

namespace gatehouse::api {

using domain::MemberInput;
using http::Method;

std::vector<Row> member_routes(const domain::Services& services) {
  const std::string members = "/v1/organizations/{organization}/members";
  const std::string member = members + "/{member}";
  return {
      in_organization<domain::remove_member, &domain::RemoveMemberInput::org_id>(
          services,
          {Method::del, "/delete_member", "remove_member", "Remove a member; the fields in the body or in the query"},
          domain::kMembersRemove),
      in_organization<domain::update_member_role, domain::organization_of_member>(
          services, {Method::put, "/update_member_role", "update_member_role", "Give a member another role"},
          domain::kMembersUpdate),
      in_organization<domain::list_members, &domain::ListMembersInput::organization>(
          services, {Method::get, members, "list_members", "List members"}, domain::kMembersRead),
      in_organization<domain::get_member, &MemberInput::organization>(
          services, {Method::get, member, "get_member", "Get a member"}, domain::kMembersRead),
      in_organization<domain::patch_member, &domain::PatchMemberInput::organization>(
          services, {Method::patch, member, "patch_member", "Give a member another role"}, domain::kMembersUpdate),
      in_organization<domain::delete_member, &MemberInput::organization>(
          services, {Method::del, member, "delete_member", "Remove a member"}, domain::kMembersRemove),
      in_organization<domain::suspend_member, &MemberInput::organization>(
          services, {Method::post, member + "/suspend", "suspend_member", "Suspend a member"}, domain::kMembersUpdate),
      in_organization<domain::reinstate_member, &MemberInput::organization>(
          services, {Method::post, member + "/reinstate", "reinstate_member", "Reinstate a suspended member"},
          domain::kMembersUpdate),
  };
}

}  // namespace gatehouse::api
