#include "domain/invitation_changes.h"

#include "store/invitation_events.h"

namespace gatehouse::domain {

namespace {

void withdraw_waiting_letter(db::Transaction& tx, const store::Invitation& invitation, base::Time now) {
  if (!invitation.letter || !store::withdraw_letter(tx, *invitation.letter, now)) return;
  enter_event(tx, invitation.organization, invitation.id, event::kWithdrawn, now);
}

/// Nothing happens when the time of an invitation is over, so it is entered when something happens after that.
void enter_expiry(db::Transaction& tx, const store::Invitation& invitation, base::Time now) {
  if (invitation.expires_at > now) return;
  enter_event(tx, invitation.organization, invitation.id, event::kExpired, invitation.expires_at);
}

}  // namespace

void enter_event(db::Transaction& tx, store::OrganizationId organization, store::InvitationId invitation,
                 std::string_view what, base::Time at, std::optional<std::string> reply) {
  store::insert_invitation_event(
      tx, {organization, invitation, base::make_uuid_v7(at), at, std::string(what), std::move(reply)});
}

void enter_try(db::Transaction& tx, const store::ClaimedLetter& letter, std::string_view what, base::Time at,
               const std::string& reply) {
  if (!letter.organization || !letter.invitation) return;
  enter_event(tx, *letter.organization, *letter.invitation, what, at, reply);
}

store::Invitation keep_invitation(db::Transaction& tx, const store::NewInvitation& invitation,
                                  const std::optional<store::Invitation>& earlier) {
  const base::Time now = invitation.created_at;
  if (earlier) {
    enter_expiry(tx, *earlier, now);
    withdraw_waiting_letter(tx, *earlier, now);
    store::renew_invitation(tx, invitation);
    enter_event(tx, invitation.organization, invitation.id, event::kResent, now);
  } else {
    store::insert_invitation(tx, invitation);
  }
  if (invitation.letter) enter_event(tx, invitation.organization, invitation.id, event::kQueued, now);
  return *store::find_invitation(tx, invitation.organization, invitation.id);
}

void withdraw_waiting_letters(db::Transaction& tx, store::OrganizationId organization, base::Time now) {
  for (const store::InvitationId invitation : store::withdraw_invitation_letters(tx, organization, now)) {
    enter_event(tx, organization, invitation, event::kWithdrawn, now);
  }
}

void end_invitation(db::Transaction& tx, const store::Invitation& invitation, std::string_view how, base::Time now) {
  enter_expiry(tx, invitation, now);
  store::revoke_invitation(tx, invitation.organization, invitation.id, now);
  withdraw_waiting_letter(tx, invitation, now);
  enter_event(tx, invitation.organization, invitation.id, how, now);
}

}  // namespace gatehouse::domain
