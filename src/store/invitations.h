#pragma once

#include "base/email.h"
#include "db/database.h"
#include "store/ids.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::store {

struct Invitation {
  OrganizationId organization;
  InvitationId id;
  base::EmailAddress email;
  RoleId role;
  std::string role_key;
  std::string role_name;
  std::string status;  // "pending", "accepted" or "revoked"; a pending one whose time is over has expired
  db::Bytes secret_hash;
  UserId inviter;
  std::optional<LetterId> letter;
  base::Time created_at;
  base::Time expires_at;
  /// What became of the letter; nothing when mail is off.
  std::optional<std::string> letter_status;
  std::optional<std::string> letter_reply;
  std::string role_permissions = {};
  std::optional<std::string> message = {};
  /// Whose `inviter` is: "user", "api_key" (its maker) or "operator".
  std::string inviter_kind = "user";
  /// When the page behind the link was first shown.
  std::optional<base::Time> opened_at = {};
  /// When it was accepted or revoked.
  std::optional<base::Time> finished_at = {};
  /// With which it was sent, when `inviter_kind` is "api_key".
  std::optional<ApiKeyId> api_key = {};
  /// In which the letter is written when the invited has not chosen one.
  std::optional<std::string> language = {};
};

struct NewInvitation {
  OrganizationId organization;
  InvitationId id;
  base::EmailAddress email;
  RoleId role;
  db::Bytes secret_hash;
  UserId inviter;
  std::optional<LetterId> letter;
  base::Time created_at;
  base::Time expires_at;
  std::optional<std::string> message = {};
  std::string inviter_kind = "user";
  std::optional<ApiKeyId> api_key = {};
  std::optional<std::string> language = {};
};

// What changes an invitation changes the statistics with it (series `events` of store/ledger.h), under the
// organization's fence: kind "invitation", detail "sent" once, "accepted", and "expired", which is written ahead and
// taken back by whatever ends or renews it in time. One that is renewed after it expired has expired, and may again.
// Kind "accepted_after", detail the seconds from the first sending on, rounded up to two significant digits.

/// Violates invitations_organization_id_email_key when one is pending for the address; the fence keeps that away.
void insert_invitation(db::Transaction& tx, const NewInvitation& invitation);
/// Gives a pending invitation a new secret, role, inviter, letter and time of expiry: its old link is dead. This
/// happens at the `created_at` that is given; the invitation keeps its own.
void renew_invitation(db::Transaction& tx, const NewInvitation& invitation);
std::optional<Invitation> find_invitation(db::Transaction& tx, OrganizationId organization, InvitationId id);
std::optional<Invitation> find_pending_invitation(db::Transaction& tx, OrganizationId organization,
                                                  const base::EmailAddress& email);
/// Marks a pending, unexpired invitation with that secret as accepted. False when somebody was faster, or it is dead.
bool accept_invitation(db::Transaction& tx, OrganizationId organization, InvitationId id, const db::Bytes& secret_hash,
                       base::Time now);
void revoke_invitation(db::Transaction& tx, OrganizationId organization, InvitationId id, base::Time now);
/// At most `limit` of an organization that is about to vanish, with what happened to them. True when there may be more.
bool delete_invitations(db::Transaction& tx, OrganizationId organization, base::Time at, std::int64_t limit);
/// Notes when the page behind the link was first shown. False when it was noted before, for another secret, or when it
/// is not pending.
bool mark_invitation_opened(db::Transaction& tx, OrganizationId organization, InvitationId id,
                            const db::Bytes& secret_hash, base::Time now);
/// The pending invitations that a user has sent in person.
std::vector<Invitation> list_pending_invitations_of(db::Transaction& tx, OrganizationId organization, UserId inviter);
/// The members with that role who have sent invitations that are pending.
std::vector<UserId> list_inviters_with_role(db::Transaction& tx, OrganizationId organization, RoleId role);
/// Whether an invitation with that role can still be accepted.
bool has_open_invitations_with_role(db::Transaction& tx, OrganizationId organization, RoleId role, base::Time now);
/// All invitations with the role `from`, the finished ones too, have `to` then.
void move_invitations_to_role(db::Transaction& tx, OrganizationId organization, RoleId from, RoleId to);
/// The people who have sent pending ones.
std::vector<UserId> list_pending_inviters(db::Transaction& tx, OrganizationId organization);
/// The API keys that have sent pending ones.
std::vector<ApiKeyId> list_pending_inviting_keys(db::Transaction& tx, OrganizationId organization);
/// The pending invitations that were sent with an API key.
std::vector<Invitation> list_pending_invitations_by_key(db::Transaction& tx, OrganizationId organization, ApiKeyId key);
/// A page of all invitations in the order in which they were made, behind (`after_created_at`, `after_id`).
std::vector<Invitation> list_invitations(db::Transaction& tx, OrganizationId organization, base::Time after_created_at,
                                         InvitationId after_id, std::int64_t limit);

/// Those of one stored status that expire later than `expires_after` and not later than `expires_until`.
struct InvitationState {
  std::string status;
  base::Time expires_after;
  base::Time expires_until;
};
/// The same of one state.
std::vector<Invitation> list_invitations_in(db::Transaction& tx, OrganizationId organization,
                                            const InvitationState& state, base::Time after_created_at,
                                            InvitationId after_id, std::int64_t limit);

}  // namespace gatehouse::store
