#pragma once

#include "base/result.h"
#include "domain/invitation_views.h"
#include "domain/services.h"
#include "domain/steward.h"
#include "store/invitations.h"
#include "store/organizations.h"
#include "store/roles.h"

namespace gatehouse::domain {

struct AppointOwnerInput {
  store::OrganizationId organization;
  base::EmailAddress email;
  std::string reason;

  static constexpr auto fields() {
    return wire::fields(wire::field("organization", &AppointOwnerInput::organization),
                        wire::field("email", &AppointOwnerInput::email)
                            .says("A member becomes owner; anybody else is invited to be.")
                            .example("ada@acme.example"),
                        wire::field("reason", &AppointOwnerInput::reason)
                            .length(1, 200)
                            .says("Why; it is kept in the organization's audit log.")
                            .example("The only owner has left the company, ticket 4711"));
  }
};

struct AppointOwnerOutput {
  std::optional<MemberView> member;
  std::optional<InvitationView> invitation;

  static constexpr std::string_view kSchemaName = "AppointedOwner";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("member", &AppointOwnerOutput::member).says("Who became owner, being a member already."),
        wire::field("invitation", &AppointOwnerOutput::invitation).says("Of the one who will be owner on accepting."));
  }
};

/// Gives an orphaned organization an owner; its active members are told. Refuses: kInvalidRequest, kNotFound,
/// kWrongState (not active, has an active owner, or that member is suspended), kRateLimited.
base::Result<AppointOwnerOutput> appoint_owner(const Services& services, const Steward& steward,
                                               const AppointOwnerInput& input);

/// Somebody whom a steward invites to own an organization.
struct OwnerToInvite {
  const store::Organization& organization;
  const store::Role& role;  // owner
  base::EmailAddress email;
  /// Unless the address has a pending invitation there, which then is given this role and a fresh link.
  store::InvitationId fresh_id;
  store::AuditId audit;
};

/// Writes the invitation, its letter and the audit entry. The organization's fence must be held, or nobody else know
/// the organization yet. Refuses: kRateLimited (the address had enough letters).
base::Result<store::Invitation> invite_owner(db::Transaction& tx, const Services& services, const Steward& steward,
                                             const OwnerToInvite& owner, base::Time now);

}  // namespace gatehouse::domain
