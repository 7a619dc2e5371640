#pragma once

#include "store/invitations.h"
#include "store/letters.h"

#include <string_view>

/// What happens to an invitation, each with its entry in the timeline, in the caller's transaction.
namespace gatehouse::domain {

/// What the timeline says happened.
namespace event {
inline constexpr std::string_view kQueued = "queued";
inline constexpr std::string_view kSent = "sent";
inline constexpr std::string_view kRefused = "refused";
inline constexpr std::string_view kWithdrawn = "withdrawn";
inline constexpr std::string_view kResent = "resent";
inline constexpr std::string_view kOpened = "opened";
inline constexpr std::string_view kAccepted = "accepted";
inline constexpr std::string_view kRevoked = "revoked";
inline constexpr std::string_view kDeclined = "declined";
inline constexpr std::string_view kExpired = "expired";
}  // namespace event

/// Enters what happened. `reply`: the mail server's word.
void enter_event(db::Transaction& tx, store::OrganizationId organization, store::InvitationId invitation,
                 std::string_view what, base::Time at, std::optional<std::string> reply = std::nullopt);
/// The same for a letter that was tried; nothing when it belongs to no invitation.
void enter_try(db::Transaction& tx, const store::ClaimedLetter& letter, std::string_view what, base::Time at,
               const std::string& reply);

/// Stores an invitation whose letter was just written, and returns it as it stands. The link of an `earlier` one is
/// dead then, and its waiting letter is not sent.
store::Invitation keep_invitation(db::Transaction& tx, const store::NewInvitation& invitation,
                                  const std::optional<store::Invitation>& earlier);

/// None of the organization's letters with an invitation that wait is sent: it is about to be closed. Their links stay
/// as they are, for it may be restored.
void withdraw_waiting_letters(db::Transaction& tx, store::OrganizationId organization, base::Time now);

/// Ends a pending one: its link is dead, and its waiting letter is not sent. `how`: event::kRevoked, or
/// event::kDeclined by whom it was for.
void end_invitation(db::Transaction& tx, const store::Invitation& invitation, std::string_view how, base::Time now);

}  // namespace gatehouse::domain
