#include "domain/operator_ownership.h"

#include "domain/audit.h"
#include "domain/invitation_changes.h"
#include "domain/links.h"
#include "domain/outbox.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

constexpr std::string_view kInviter = "Whoever runs this service";

/// The fence is held.
base::Result<store::Member> promote(db::Transaction& tx, const store::Member& member, store::RoleId owner_role,
                                    base::Time now) {
  const auto user = store::lock_user(tx, member.account());
  if (!member.is_active() || !user || !user->is_active()) {
    return refuse(base::kWrongState, "This member is suspended; reinstate them first.");
  }
  store::set_member_role(tx, member.organization, member.id, owner_role, now);
  return *store::find_member(tx, member.organization, member.id);
}

}  // namespace

base::Result<store::Invitation> invite_owner(db::Transaction& tx, const Services& services, const Steward& steward,
                                             const OwnerToInvite& owner, base::Time now) {
  TRY(take_invitation_budget(tx, services, owner.email, now));
  const auto organization = owner.organization.id;
  const auto pending = store::find_pending_invitation(tx, organization, owner.email);
  const auto id = pending ? pending->id : owner.fresh_id;
  const auto token = crypto::make_one_time_token(kInvitationToken, organization.uuid, id.uuid);
  const base::Time expires_at = now + kInvitationLife;
  const auto account = account_at(tx, owner.organization.directory, owner.email);
  const auto letter = enqueue(tx, services, {owner.email, account, organization, now, expires_at, id},
                              mail::Invitation{{owner.organization.name},
                                               {std::string(kInviter)},
                                               {owner.role.name},
                                               {},
                                               expires_at,
                                               {link_to(services, "/accept-invite", token.text)}});
  const store::NewInvitation invitation{
      organization, id,         owner.email,  owner.role.id, db::Bytes{token.secret_hash}, steward.user(), letter,
      now,          expires_at, std::nullopt, "operator"};
  const store::Invitation kept = keep_invitation(tx, invitation, pending);
  record(tx, now, steward.origin(),
         {owner.audit,
          organization,
          action::kInvited,
          steward.actor(),
          id.to_string(),
          {{"role_id", owner.role.id.to_string()}}});
  return kept;
}

base::Result<AppointOwnerOutput> appoint_owner(const Services& services, const Steward& steward,
                                               const AppointOwnerInput& input) {
  const std::string reason = TRY(clean_reason(input.reason));
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  const auto invitation_audit = store::AuditId::make(now);
  const auto invitation_id = store::InvitationId::make(now);
  auto output = TRY(services.database.write([&](db::Transaction& tx) -> base::Result<AppointOwnerOutput> {
    const auto organization = store::fence_organization(tx, input.organization);
    if (!organization) return refuse(base::kNotFound);
    if (!organization->is_active()) return refuse(base::kWrongState, "The organization is not active.");
    if (store::count_active_members_with_role(tx, organization->id, std::string(kOwnerRole)) > 0) {
      return refuse(base::kWrongState, "The organization has an active owner.");
    }
    const auto role = store::find_role_by_key(tx, organization->id, std::string(kOwnerRole));
    const auto member = store::find_member_by_email(tx, organization->id, input.email);
    AppointOwnerOutput appointed;
    std::map<std::string, std::string> details{{"reason", reason}};
    if (member) {
      appointed.member = view(TRY(promote(tx, *member, role->id, now)));
      details["member_id"] = member->id.to_string();
    } else {
      const store::Invitation invitation = TRY(invite_owner(
          tx, services, steward, {*organization, *role, input.email, invitation_id, invitation_audit}, now));
      appointed.invitation = view(invitation, now);
      details["invitation_id"] = invitation.id.to_string();
    }
    tell_members(tx, services, organization->id, mail::OwnerAppointed{{organization->name}, now}, now);
    record(tx, now, steward.origin(),
           {audit, organization->id, action::kOwnerAppointed, steward.actor(), organization->id.to_string(), details});
    return appointed;
  }));
  services.wake_jobs();
  return output;
}

}  // namespace gatehouse::domain
