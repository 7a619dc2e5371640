#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/pages.h"
#include "domain/policies.h"
#include "domain/services.h"
#include "domain/views.h"

namespace gatehouse::domain {

struct InviteInput {
  base::EmailAddress recipient;
  store::OrganizationId organization_id;
  std::optional<store::RoleId> role_id;
  std::optional<std::string> role;

  static constexpr std::string_view kSchemaName = "InviteRequest";
  static constexpr auto fields() {
    return wire::fields(wire::field("recipient", &InviteInput::recipient).example("grace@acme.example"),
                        wire::field("organization_id", &InviteInput::organization_id),
                        wire::field("role_id", &InviteInput::role_id).says("This or `role`."),
                        wire::field("role", &InviteInput::role)
                            .length(1, 40)
                            .says("The role's key: owner, admin or member.")
                            .example("member"));
  }
};

struct InviteOutput {
  std::string message;
  InvitationView invitation;

  static constexpr std::string_view kSchemaName = "InviteAnswer";
  static constexpr auto fields() {
    return wire::fields(wire::field("message", &InviteOutput::message),
                        wire::field("invitation", &InviteOutput::invitation));
  }
};

/// Mails an offer of membership. Somebody who has a pending one gets a fresh letter and the old link is dead. Needs
/// members:invite. Refuses: kInvalidRequest, kNotFound (the role), kOutranked, kAlreadyMember, kUnverifiedLimit,
/// kDomainNotAllowed, kRateLimited.
base::Result<InviteOutput> invite_member(const Services& services, const InOrganization& caller,
                                         const InviteInput& input);

/// Revokes the pending invitations that a user has sent and could not send any more with a role that holds `left`,
/// where those may invite; all of them when the user is no member. The fence must be held.
void revoke_unsendable_invitations(db::Transaction& tx, store::OrganizationId organization, store::UserId inviter,
                                   const Permissions& left, const Catalogue& catalogue, base::Time now,
                                   WhoMayInvite who_may_invite = WhoMayInvite::admins);

/// Lists the organization's invitations. Needs invitations:read.
base::Result<Page<InvitationView>> list_invitations(const Services& services, const InOrganization& caller,
                                                    const OrganizationPageInput& input);

}  // namespace gatehouse::domain
