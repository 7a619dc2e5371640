#pragma once

#include "base/result.h"
#include "domain/caller.h"
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

/// One member, as the path names it.
struct MemberInput {
  store::OrganizationId organization;
  store::MemberId member;

  static constexpr auto fields() {
    return wire::fields(wire::field("organization", &MemberInput::organization),
                        wire::field("member", &MemberInput::member));
  }
};

/// Needs members:read. Refuses: kNotFound.
base::Result<MemberView> get_member(const Services& services, const InOrganization& caller, const MemberInput& input);

struct PatchMemberInput {
  store::OrganizationId organization;
  store::MemberId member;
  std::optional<store::RoleId> role_id;
  std::optional<std::string> role;

  static constexpr std::string_view kSchemaName = "MemberPatch";
  static constexpr auto fields() {
    return wire::fields(wire::field("organization", &PatchMemberInput::organization),
                        wire::field("member", &PatchMemberInput::member),
                        wire::field("role_id", &PatchMemberInput::role_id).says("The new role; this or `role`."),
                        wire::field("role", &PatchMemberInput::role)
                            .length(1, 40)
                            .says("The key of the new role; this or `role_id`.")
                            .example("admin"));
  }
};

/// The same as update_member_role(). Refuses: kInvalidRequest, kPreconditionFailed too.
base::Result<MemberView> patch_member(const Services& services, const InOrganization& caller,
                                      const PatchMemberInput& input);

/// Ends a member's rights and sessions in the organization until somebody reinstates them; their pending invitations
/// are revoked. Done already: nothing happens. Needs members:update. Refuses: kNotFound, kOutranked, kLastOwner,
/// kWrongState (oneself).
base::Result<MemberView> suspend_member(const Services& services, const InOrganization& caller,
                                        const MemberInput& input);

/// Gives a suspended member their rights back. They sign in again: nothing from before is valid. Needs members:update.
/// Refuses: kNotFound, kOutranked.
base::Result<MemberView> reinstate_member(const Services& services, const InOrganization& caller,
                                          const MemberInput& input);

/// The same as remove_member(). Refuses: kPreconditionFailed too.
base::Result<void> delete_member(const Services& services, const InOrganization& caller, const MemberInput& input);

/// The fence is held. Whether the organization would be left without an active owner if this one went.
bool is_last_owner(db::Transaction& tx, const store::Member& member);

}  // namespace gatehouse::domain
