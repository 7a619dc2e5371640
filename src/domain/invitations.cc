#include "domain/invitations.h"

#include "domain/admit.h"
#include "domain/audit.h"
#include "domain/limits.h"
#include "domain/links.h"
#include "domain/outbox.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

constexpr const Limit& kLettersPerMinute = kInvitationLettersPerMinute;
constexpr const Limit& kLettersPerHour = kInvitationLettersPerHour;

base::Result<store::Role> find_wanted_role(db::Transaction& tx, const InOrganization& caller,
                                           const InviteInput& input) {
  const auto role = input.role_id ? store::find_role(tx, caller.organization(), *input.role_id)
                                  : store::find_role_by_key(tx, caller.organization(), *input.role);
  if (!role) return refuse(base::kNotFound, "There is no such role in this organization.");
  return *role;
}

base::Result<void> take_letter_budget(db::Transaction& tx, const Services& services, const InOrganization& caller,
                                      const base::EmailAddress& recipient, base::Time now) {
  const SignedIn* const person = caller.person();
  if (person != nullptr && !person->email_verified() &&
      !take_within(tx, services, {kInviteUnverified, person->account().user.to_string()}, now)) {
    return refuse(base::kUnverifiedLimit);
  }
  if (!take_within(tx, services, {kLettersPerMinute, recipient.text}, now)) {
    return tl::unexpected(base::Refusal{&base::kRateLimited,
                                        "This person has had enough letters for the moment.",
                                        {},
                                        kLettersPerMinute.window.count()});
  }
  if (!take_within(tx, services, {kLettersPerHour, recipient.text}, now)) {
    return tl::unexpected(base::Refusal{
        &base::kRateLimited, "This person has had enough letters for the moment.", {}, kLettersPerHour.window.count()});
  }
  return {};
}

/// Takes the place of the pending invitation of that address, whose link dies and whose waiting letter is not sent.
void replace_or_insert(db::Transaction& tx, const store::NewInvitation& invitation,
                       const std::optional<store::Invitation>& pending, base::Time now) {
  if (!pending) {
    store::insert_invitation(tx, invitation);
    return;
  }
  if (pending->letter) store::withdraw_letter(tx, *pending->letter, now);
  store::renew_invitation(tx, invitation);
}

}  // namespace

base::Result<InviteOutput> invite_member(const Services& services, const InOrganization& caller,
                                         const InviteInput& input) {
  if (input.role_id.has_value() == input.role.has_value()) {
    return base::refuse_field("/role_id", "Give either role_id or role.");
  }
  if (caller.person() == nullptr) return refuse(base::kPersonNeeded);
  const std::string person = base::to_base32(*caller.actor().id);
  TRY(take_limits(services, caller.origin(),
                  {{kInvitePerPersonAndNetwork, person + " " + base::network_of(caller.origin().address)},
                   {kInvitePerPerson, person}}));
  const base::Time now = services.clock.now();
  const auto fresh_id = store::InvitationId::make(now);
  const auto audit = store::AuditId::make(now);
  auto invitation = TRY(services.database.write([&](db::Transaction& tx) -> base::Result<store::Invitation> {
    const Fenced fenced = TRY(enter_fence(tx, caller, now));
    const store::Role role = TRY(find_wanted_role(tx, caller, input));
    if (outranks(fenced.of(role), fenced.permissions)) return refuse(base::kOutranked);
    TRY(check_domain(fenced.organization.policies, input.recipient));
    if (store::find_member_by_email(tx, caller.organization(), input.recipient)) return refuse(base::kAlreadyMember);
    TRY(take_letter_budget(tx, services, caller, input.recipient, now));

    const auto pending = store::find_pending_invitation(tx, caller.organization(), input.recipient);
    const auto id = pending ? pending->id : fresh_id;
    const auto token = crypto::make_one_time_token(kInvitationToken, caller.organization().uuid, id.uuid);
    const base::Time expires_at = now + kInvitationLife;
    const auto letter = enqueue(tx, services, {input.recipient, caller.organization(), now, expires_at},
                                mail::Invitation{{fenced.organization.name},
                                                 caller.person()->email(),
                                                 {role.name},
                                                 {link_to(services, "/accept-invite", token.text)}});
    replace_or_insert(tx,
                      {caller.organization(), id, input.recipient, role.id, db::Bytes{token.secret_hash},
                       caller.person()->account().user, letter, now, expires_at},
                      pending, now);
    record(tx, now, caller.origin(),
           {audit,
            caller.organization(),
            action::kInvited,
            caller.actor(),
            id.to_string(),
            {{"role_id", role.id.to_string()}}});
    return *store::find_invitation(tx, caller.organization(), id);
  }));
  services.wake_jobs();
  const bool sent = invitation.letter.has_value();
  return InviteOutput{sent ? "The invitation is on its way." : "The invitation is made, but mail is switched off here.",
                      view(invitation, now)};
}

void revoke_unsendable_invitations(db::Transaction& tx, store::OrganizationId organization, store::UserId inviter,
                                   const Permissions& left, const Catalogue& catalogue, base::Time now,
                                   WhoMayInvite who_may_invite) {
  const bool may_invite = effective_permissions(left, who_may_invite).contains(kMembersInvite);
  for (const store::Invitation& invitation : store::list_pending_invitations_of(tx, organization, inviter)) {
    const Permissions offered = permissions_of(invitation.role_key, invitation.role_permissions, catalogue);
    const bool may_still_send = may_invite && !outranks(offered, left);
    if (may_still_send) continue;
    store::revoke_invitation(tx, organization, invitation.id, now);
    if (invitation.letter) store::withdraw_letter(tx, *invitation.letter, now);
  }
}

base::Result<Page<InvitationView>> list_invitations(const Services& services, const InOrganization& caller,
                                                    const OrganizationPageInput& input) {
  const base::Time now = services.clock.now();
  const std::int64_t limit = input.limit.value_or(kPageDefault);
  const Position position = TRY(from_cursor(services, "invitations", caller.organization(), input.after));
  auto rows = services.database.read([&](db::Transaction& tx) {
    return store::list_invitations(tx, caller.organization(), position.time, {position.id}, limit + 1);
  });
  return make_page<InvitationView>(
      services, "invitations", caller.organization(), std::move(rows), limit,
      [&](const store::Invitation& row) { return view(row, now); },
      [](const store::Invitation& row) {
        return Position{row.created_at, row.id.uuid};
      });
}

}  // namespace gatehouse::domain
