#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/pages.h"
#include "domain/services.h"
#include "domain/views.h"

namespace gatehouse::domain {

struct RemoveMemberInput {
  store::OrganizationId org_id;
  store::UserId user_id;

  static constexpr std::string_view kSchemaName = "RemoveMemberRequest";
  static constexpr auto fields() {
    return wire::fields(wire::field("org_id", &RemoveMemberInput::org_id),
                        wire::field("user_id", &RemoveMemberInput::user_id));
  }
};

struct MemberOutput {
  std::string message;
  MemberView member;

  static constexpr std::string_view kSchemaName = "MemberAnswer";
  static constexpr auto fields() {
    return wire::fields(wire::field("message", &MemberOutput::message), wire::field("member", &MemberOutput::member));
  }
};

/// Ends a membership, the sessions in that organization, and the pending invitations of the one who goes. Needs
/// members:remove. Refuses: kNotFound, kOutranked, kLastOwner.
base::Result<MemberOutput> remove_member(const Services& services, const InOrganization& caller,
                                         const RemoveMemberInput& input);

struct UpdateMemberRoleInput {
  store::MemberId member_id;
  store::RoleId role_id;

  static constexpr std::string_view kSchemaName = "UpdateMemberRoleRequest";
  static constexpr auto fields() {
    return wire::fields(wire::field("member_id", &UpdateMemberRoleInput::member_id),
                        wire::field("role_id", &UpdateMemberRoleInput::role_id));
  }
};

/// Gives a member another role of the organization. Access tokens of that member are refused from now on; a refresh
/// gives current ones. Needs members:update. Refuses: kNotFound, kOutranked, kLastOwner.
base::Result<MemberOutput> update_member_role(const Services& services, const InOrganization& caller,
                                              const UpdateMemberRoleInput& input);

/// The organization that a member belongs to, for admission. kNotFound.
base::Result<store::OrganizationId> organization_of_member(const Services& services,
                                                           const UpdateMemberRoleInput& input);

/// Needs members:read.
base::Result<Page<MemberView>> list_members(const Services& services, const InOrganization& caller,
                                            const OrganizationPageInput& input);

struct OrganizationInput {
  store::OrganizationId organization;

  static constexpr auto fields() { return wire::fields(wire::field("organization", &OrganizationInput::organization)); }
};

/// All roles of the organization: there are few, so it is one page. Needs roles:read.
base::Result<Page<RoleView>> list_roles(const Services& services, const InOrganization& caller,
                                        const OrganizationInput& input);

}  // namespace gatehouse::domain
