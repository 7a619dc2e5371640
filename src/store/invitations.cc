#include "store/invitations.h"

#include "store/ledger.h"

#include <algorithm>

namespace gatehouse::store {

namespace {

#define INVITATION_COLUMNS                                                                                     \
  "SELECT i.organization_id, i.id, i.email, i.role_id, r.key, r.name, i.status, i.secret_hash, i.inviter_id, " \
  "i.letter_id, i.created_at, i.expires_at, l.status, l.reply, r.permissions, i.message, i.inviter_kind, "     \
  "i.opened_at, i.finished_at, i.api_key_id, i.language FROM invitations i "                                   \
  "JOIN roles r ON r.organization_id = i.organization_id AND r.id = i.role_id "                                \
  "LEFT JOIN letters l ON l.id = i.letter_id AND l.organization_id = i.organization_id "

constexpr db::Statement kInsert{
    "insert_invitation",
    "INSERT INTO invitations (organization_id, id, email, role_id, status, secret_hash, inviter_id, letter_id, "
    "created_at, expires_at, message, inviter_kind, api_key_id, language) "
    "VALUES ($1, $2, $3, $4, 'pending', $5, $6, $7, $8, $9, $10, $11, $12, $13)"};

constexpr db::Statement kRenew{
    "renew_invitation",
    "UPDATE invitations SET role_id = $3, secret_hash = $4, inviter_id = $5, letter_id = $6, expires_at = $7, "
    "message = $8, inviter_kind = $9, api_key_id = $10, opened_at = NULL, renewals = renewals + 1, "
    "language = $11 "
    "WHERE organization_id = $1 AND id = $2 AND status = 'pending'"};

constexpr db::Statement kFind{"find_invitation", INVITATION_COLUMNS "WHERE i.organization_id = $1 AND i.id = $2"};
constexpr db::Statement kFindPending{"find_pending_invitation", INVITATION_COLUMNS
                                     "WHERE i.organization_id = $1 AND i.email = $2 AND i.status = 'pending'"};

constexpr db::Statement kAccept{
    "accept_invitation",
    "UPDATE invitations SET status = 'accepted', finished_at = $4 WHERE organization_id = $1 AND id = $2 "
    "AND status = 'pending' AND secret_hash = $3 AND expires_at > $4 "
    "RETURNING created_at, expires_at, renewals"};

constexpr db::Statement kRevoke{
    "revoke_invitation",
    "UPDATE invitations SET status = 'revoked', finished_at = $3 WHERE organization_id = $1 AND id = $2 "
    "AND status = 'pending'"};

constexpr db::Statement kListIds{
    "list_invitation_ids", "SELECT id FROM invitations WHERE organization_id = $1 ORDER BY created_at, id LIMIT $2"};
constexpr db::Statement kDeleteEvents{
    "delete_events_of_invitation", "DELETE FROM invitation_events WHERE organization_id = $1 AND invitation_id = $2"};
constexpr db::Statement kDelete{"delete_invitation", "DELETE FROM invitations WHERE organization_id = $1 AND id = $2"};

// Of an invitation the ledger has: step 0 that it was sent, 1 that it was accepted and 2 after what time, and for each
// time that it was sent an odd step for its expiry, written ahead, and the even one behind it if that does not come.
#define EXPIRY_DELTA(step, change)                                                                             \
  "INSERT INTO stats_deltas (organization_id, subject_id, step, kind, detail, role_id, role_key, at, change) " \
  "SELECT organization_id, id, 2 * renewals + " step ", 'invitation', 'expired', $2, '', expires_at, " change  \
  " "                                                                                                          \
  "FROM invitations WHERE organization_id = $1 AND status = 'pending' "
constexpr db::Statement kExpect{"expect_expiry", EXPIRY_DELTA("3", "1") "AND id = $3"};
// What has expired has expired, whatever becomes of it later.
constexpr db::Statement kForestall{"forestall_expiry", EXPIRY_DELTA("4", "-1") "AND expires_at > $3 AND id = $4"};

constexpr db::Statement kMarkOpened{
    "mark_invitation_opened",
    "UPDATE invitations SET opened_at = $4 WHERE organization_id = $1 AND id = $2 AND secret_hash = $3 "
    "AND status = 'pending' AND opened_at IS NULL RETURNING id"};

constexpr db::Statement kListPendingOf{"list_pending_invitations_of", INVITATION_COLUMNS
                                       "WHERE i.organization_id = $1 AND i.inviter_id = $2 "
                                       "AND i.inviter_kind = 'user' AND i.status = 'pending' "
                                       "ORDER BY i.created_at, i.id"};

constexpr db::Statement kListInviters{
    "list_inviters_with_role",
    "SELECT DISTINCT m.user_id FROM invitations i "
    "JOIN members m ON m.organization_id = i.organization_id AND m.user_id = i.inviter_id "
    "WHERE i.organization_id = $1 AND i.status = 'pending' AND m.role_id = $2"};

constexpr db::Statement kHasOpenWithRole{
    "has_open_invitations_with_role",
    "SELECT 1 FROM invitations WHERE organization_id = $1 AND role_id = $2 AND status = 'pending' AND expires_at > $3 "
    "LIMIT 1"};

constexpr db::Statement kMoveToRole{"move_invitations_to_role",
                                    "UPDATE invitations SET role_id = $3 WHERE organization_id = $1 AND role_id = $2"};

constexpr db::Statement kListPendingInviters{
    "list_pending_inviters",
    "SELECT DISTINCT inviter_id FROM invitations WHERE organization_id = $1 AND status = 'pending' "
    "AND inviter_kind = 'user' ORDER BY inviter_id"};

constexpr db::Statement kListPendingKeys{
    "list_pending_inviting_keys",
    "SELECT DISTINCT api_key_id FROM invitations WHERE organization_id = $1 AND status = 'pending' "
    "AND inviter_kind = 'api_key' AND api_key_id IS NOT NULL ORDER BY api_key_id"};

constexpr db::Statement kListPendingByKey{"list_pending_invitations_by_key", INVITATION_COLUMNS
                                          "WHERE i.organization_id = $1 AND i.api_key_id = $2 "
                                          "AND i.inviter_kind = 'api_key' AND i.status = 'pending' "
                                          "ORDER BY i.created_at, i.id"};

constexpr db::Statement kList{"list_invitations", INVITATION_COLUMNS
                              "WHERE i.organization_id = $1 AND (i.created_at, i.id) > ($2, $3) "
                              "ORDER BY i.created_at, i.id LIMIT $4"};

constexpr db::Statement kListIn{"list_invitations_in", INVITATION_COLUMNS
                                "WHERE i.organization_id = $1 AND i.status = $2 AND i.expires_at > $3 "
                                "AND i.expires_at <= $4 AND (i.created_at, i.id) > ($5, $6) "
                                "ORDER BY i.created_at, i.id LIMIT $7"};

Invitation to_invitation(const db::Row& row) {
  return Invitation{row.get<OrganizationId>(0),
                    row.get<InvitationId>(1),
                    base::EmailAddress{row.get<std::string>(2)},
                    row.get<RoleId>(3),
                    row.get<std::string>(4),
                    row.get<std::string>(5),
                    row.get<std::string>(6),
                    row.get<db::Bytes>(7),
                    row.get<UserId>(8),
                    row.get<std::optional<LetterId>>(9),
                    row.get<base::Time>(10),
                    row.get<base::Time>(11),
                    row.get<std::optional<std::string>>(12),
                    row.get<std::optional<std::string>>(13),
                    row.get<std::string>(14),
                    row.get<std::optional<std::string>>(15),
                    row.get<std::string>(16),
                    row.get<std::optional<base::Time>>(17),
                    row.get<std::optional<base::Time>>(18),
                    row.get<std::optional<ApiKeyId>>(19),
                    row.get<std::optional<std::string>>(20)};
}

std::optional<Invitation> to_invitation(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return to_invitation(*row);
}

/// Whole ones, rounded up to two significant digits, so that there are few different ones.
std::string rounded_seconds(base::Duration time) {
  const std::int64_t seconds = std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::seconds>(time).count());
  std::int64_t unit = 1;
  while (seconds >= 100 * unit) unit *= 10;
  return std::to_string((seconds + unit - 1) / unit * unit);
}

std::vector<Invitation> to_invitations(const db::Rows& rows) {
  std::vector<Invitation> invitations;
  for (const db::Row& row : rows) invitations.push_back(to_invitation(row));
  return invitations;
}

}  // namespace

void insert_invitation(db::Transaction& tx, const NewInvitation& invitation) {
  tx.execute(kInsert,
             {invitation.organization, invitation.id, invitation.email.text, invitation.role, invitation.secret_hash,
              invitation.inviter, invitation.letter, invitation.created_at, invitation.expires_at, invitation.message,
              invitation.inviter_kind, invitation.api_key, invitation.language});
  insert_event(tx, {invitation.organization, invitation.id.uuid, 0, "invitation", "sent", invitation.created_at});
  tx.execute(kExpect, {invitation.organization, RoleId{}, invitation.id});
}

void renew_invitation(db::Transaction& tx, const NewInvitation& invitation) {
  tx.execute(kForestall, {invitation.organization, RoleId{}, invitation.created_at, invitation.id});
  tx.execute(kRenew, {invitation.organization, invitation.id, invitation.role, invitation.secret_hash,
                      invitation.inviter, invitation.letter, invitation.expires_at, invitation.message,
                      invitation.inviter_kind, invitation.api_key, invitation.language});
  tx.execute(kExpect, {invitation.organization, RoleId{}, invitation.id});
}

std::optional<Invitation> find_invitation(db::Transaction& tx, OrganizationId organization, InvitationId id) {
  return to_invitation(tx.query_one(kFind, {organization, id}));
}

std::optional<Invitation> find_pending_invitation(db::Transaction& tx, OrganizationId organization,
                                                  const base::EmailAddress& email) {
  return to_invitation(tx.query_one(kFindPending, {organization, email.text}));
}

bool accept_invitation(db::Transaction& tx, OrganizationId organization, InvitationId id, const db::Bytes& secret_hash,
                       base::Time now) {
  const auto row = tx.query_one(kAccept, {organization, id, secret_hash, now});
  if (!row) return false;
  const std::string seconds = rounded_seconds(now - row->get<base::Time>(0));
  insert_event(tx, {organization, id.uuid, 1, "invitation", "accepted", now});
  insert_event(tx, {organization, id.uuid, 2, "accepted_after", seconds, now});
  insert_event(tx, {organization, id.uuid, 2 * row->get<std::int64_t>(2) + 4, "invitation", "expired",
                    row->get<base::Time>(1), -1});
  return true;
}

void revoke_invitation(db::Transaction& tx, OrganizationId organization, InvitationId id, base::Time now) {
  tx.execute(kForestall, {organization, RoleId{}, now, id});
  tx.execute(kRevoke, {organization, id, now});
}

bool delete_invitations(db::Transaction& tx, OrganizationId organization, base::Time at, std::int64_t limit) {
  const db::Rows rows = tx.query(kListIds, {organization, limit});
  for (const db::Row& row : rows) {
    const auto id = row.get<InvitationId>(0);
    tx.execute(kForestall, {organization, RoleId{}, at, id});
    tx.execute(kDeleteEvents, {organization, id});
    tx.execute(kDelete, {organization, id});
  }
  return std::int64_t(rows.size()) == limit;
}

bool mark_invitation_opened(db::Transaction& tx, OrganizationId organization, InvitationId id,
                            const db::Bytes& secret_hash, base::Time now) {
  return tx.query_one(kMarkOpened, {organization, id, secret_hash, now}).has_value();
}

std::vector<Invitation> list_pending_invitations_by_key(db::Transaction& tx, OrganizationId organization,
                                                        ApiKeyId key) {
  return to_invitations(tx.query(kListPendingByKey, {organization, key}));
}

std::vector<Invitation> list_pending_invitations_of(db::Transaction& tx, OrganizationId organization, UserId inviter) {
  return to_invitations(tx.query(kListPendingOf, {organization, inviter}));
}

std::vector<UserId> list_inviters_with_role(db::Transaction& tx, OrganizationId organization, RoleId role) {
  std::vector<UserId> users;
  for (const db::Row& row : tx.query(kListInviters, {organization, role})) users.push_back(row.get<UserId>(0));
  return users;
}

bool has_open_invitations_with_role(db::Transaction& tx, OrganizationId organization, RoleId role, base::Time now) {
  return tx.query_one(kHasOpenWithRole, {organization, role, now}).has_value();
}

void move_invitations_to_role(db::Transaction& tx, OrganizationId organization, RoleId from, RoleId to) {
  tx.execute(kMoveToRole, {organization, from, to});
}

std::vector<UserId> list_pending_inviters(db::Transaction& tx, OrganizationId organization) {
  std::vector<UserId> inviters;
  for (const db::Row& row : tx.query(kListPendingInviters, {organization})) inviters.push_back(row.get<UserId>(0));
  return inviters;
}

std::vector<ApiKeyId> list_pending_inviting_keys(db::Transaction& tx, OrganizationId organization) {
  std::vector<ApiKeyId> keys;
  for (const db::Row& row : tx.query(kListPendingKeys, {organization})) keys.push_back(row.get<ApiKeyId>(0));
  return keys;
}

std::vector<Invitation> list_invitations(db::Transaction& tx, OrganizationId organization, base::Time after_created_at,
                                         InvitationId after_id, std::int64_t limit) {
  return to_invitations(tx.query(kList, {organization, after_created_at, after_id, limit}));
}

std::vector<Invitation> list_invitations_in(db::Transaction& tx, OrganizationId organization,
                                            const InvitationState& state, base::Time after_created_at,
                                            InvitationId after_id, std::int64_t limit) {
  return to_invitations(tx.query(kListIn, {organization, state.status, state.expires_after, state.expires_until,
                                           after_created_at, after_id, limit}));
}

}  // namespace gatehouse::store
