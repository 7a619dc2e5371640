#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/services.h"
#include "domain/views.h"

namespace gatehouse::domain {

struct AddMemberInput {
  store::OrganizationId organization;
  base::EmailAddress email;
  std::optional<base::Secret> password;
  std::optional<store::RoleId> role_id;
  std::optional<std::string> role;
  std::optional<std::string> name;

  static constexpr std::string_view kSchemaName = "AddMemberRequest";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("organization", &AddMemberInput::organization),
        wire::field("email", &AddMemberInput::email).example("grace@acme.example"),
        wire::field("password", &AddMemberInput::password)
            .length(8, 256)
            .example("seven kettles on a raft")
            .says("The first password of a new account. Without it a mailed link, good for 7 days, sets one."),
        wire::field("role_id", &AddMemberInput::role_id).says("This or `role`."),
        wire::field("role", &AddMemberInput::role).length(1, 40).says("The role's key: owner, admin or member."),
        wire::field("name", &AddMemberInput::name).length(1, 100).example("Grace Hopper").says("Of a new account."));
  }
};

/// Adds a member without an invitation, where the organization has a directory of its own: with a new account, whose
/// address counts as not confirmed, or with the one that the address has there. Needs members:create. Refuses:
/// kSharedDirectory, kInvalidRequest, kWeakPassword, kNotFound (the role), kOutranked, kDomainNotAllowed,
/// kAlreadyMember, kEmailTaken (a password for an account that exists), kWrongState (a disabled account),
/// kUnverifiedLimit, kRateLimited.
base::Result<MemberView> add_member(const Services& services, const InOrganization& caller,
                                    const AddMemberInput& input);

}  // namespace gatehouse::domain
