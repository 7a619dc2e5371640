#include "domain/my_invitations.h"

#include "domain/audit.h"
#include "domain/invitation_changes.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

base::Result<store::ReceivedInvitation> find_mine(db::Transaction& tx, const SignedIn& caller, store::InvitationId id,
                                                  base::Time now) {
  auto invitation = store::find_received_invitation(tx, caller.account().directory, caller.email(), now, id);
  if (!invitation) return refuse(base::kNotFound);
  return std::move(*invitation);
}

}  // namespace

MyInvitationView invitation_view(const store::ReceivedInvitation& invitation) {
  std::optional<base::EmailAddress> inviter;
  if (invitation.inviter) inviter = base::EmailAddress{*invitation.inviter};
  return {invitation.id,
          {invitation.organization, invitation.organization_name, invitation.organization_slug},
          {invitation.role, invitation.role_key, invitation.role_name},
          std::move(inviter),
          invitation.message,
          invitation.created_at,
          invitation.expires_at};
}

base::Result<Page<MyInvitationView>> list_my_invitations(const Services& services, const SignedIn& caller,
                                                         const MyPageInput& input) {
  const std::string list = "my-invitations " + caller.account().user.to_string();
  const Position position = TRY(from_cursor(services, list, store::kPlatformOrganization, input.after));
  const std::int64_t limit = input.limit.value_or(kPageDefault);
  std::vector<store::ReceivedInvitation> rows;
  if (caller.email_verified()) {
    rows = services.database.read([&](db::Transaction& tx) {
      return store::list_received_invitations(tx, caller.account().directory, caller.email(), services.clock.now(),
                                              position.time, {position.id}, limit + 1);
    });
  }
  return make_page<MyInvitationView>(services, list, store::kPlatformOrganization, std::move(rows), limit,
                                     invitation_view, [](const store::ReceivedInvitation& row) {
                                       return Position{row.created_at, row.id.uuid};
                                     });
}

base::Result<AcceptInvitationOutput> accept_my_invitation(const Services& services, const SignedIn& caller,
                                                          const MyInvitationInput& input) {
  if (!caller.email_verified()) return refuse(base::kUnverifiedAddress);
  const auto invitation = TRY(services.database.read(
      [&](db::Transaction& tx) { return find_mine(tx, caller, input.invitation, services.clock.now()); }));
  return accept_received_invitation(services, caller, invitation.organization, invitation.id);
}

base::Result<void> decline_my_invitation(const Services& services, const SignedIn& caller,
                                         const MyInvitationInput& input) {
  if (!caller.email_verified()) return refuse(base::kUnverifiedAddress);
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    const auto organization = TRY(find_mine(tx, caller, input.invitation, now)).organization;
    store::fence_organization(tx, organization);
    TRY(find_mine(tx, caller, input.invitation, now));
    const auto invitation = store::find_invitation(tx, organization, input.invitation);
    end_invitation(tx, *invitation, event::kDeclined, now);
    record(tx, now, caller.origin(),
           {audit, organization, action::kInvitationDeclined, caller.actor(), input.invitation.to_string(), {}});
    return {};
  });
}

}  // namespace gatehouse::domain
