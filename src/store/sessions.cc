#include "store/sessions.h"

#include "store/announcements.h"
#include "store/membership_row.h"

namespace gatehouse::store {

constexpr db::Statement kFindWholeSession{
    "find_whole_session",
    "SELECT " MEMBERSHIP_FIELDS
    ", s.user_id, s.generation, s.organization_id, s.created_at, s.rotated_at, o.session_idle_seconds, "
    "o.session_absolute_seconds, s.expires_at, u.email, u.email_verified_at, u.name, u.created_at "
    "FROM sessions s JOIN users u ON u.directory_id = s.directory_id AND u.id = s.user_id "
    "LEFT JOIN organizations o ON o.id = s.organization_id AND o.status = 'active' "
    "LEFT JOIN members m ON m.organization_id = o.id AND m.user_id = s.user_id AND m.status = 'active' "
    "LEFT JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id "
    "WHERE s.directory_id = $1 AND s.id = $2 AND s.revoked_at IS NULL AND s.expires_at > $3 AND u.status = 'active' "
    "AND (s.organization_id IS NULL OR m.id IS NOT NULL)"};

constexpr db::Statement kRotateSession{
    "rotate_session",
    "UPDATE sessions SET generation = generation + 1, rotated_at = $4, "
    "expires_at = CASE WHEN $5 < absolute_expires_at THEN $5 ELSE absolute_expires_at END "
    "WHERE directory_id = $1 AND id = $2 AND generation = $3 AND revoked_at IS NULL"};

namespace {

constexpr db::Statement kInsert{
    "insert_session",
    "INSERT INTO sessions (directory_id, id, user_id, organization_id, generation, address, user_agent, created_at, "
    "rotated_at, expires_at, absolute_expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10)"};

#define SESSION_COLUMNS                                                                                          \
  "SELECT directory_id, id, user_id, organization_id, generation, address, user_agent, created_at, expires_at, " \
  "absolute_expires_at, revoked_at, rotated_at FROM sessions "

constexpr db::Statement kFind{"find_session", SESSION_COLUMNS "WHERE directory_id = $1 AND id = $2"};
constexpr db::Statement kListLive{"list_live_sessions", SESSION_COLUMNS
                                  "WHERE directory_id = $1 AND user_id = $2 AND revoked_at IS NULL AND expires_at > $3 "
                                  "AND (created_at, id) < ($4, $5) "
                                  "ORDER BY created_at DESC, id DESC LIMIT $6"};
constexpr db::Statement kList{"list_sessions", SESSION_COLUMNS
                              "WHERE directory_id = $1 AND user_id = $2 ORDER BY created_at DESC, id DESC LIMIT $3"};

constexpr db::Statement kFindTerms{
    "find_session_terms",
    "SELECT s.organization_id, s.created_at, s.rotated_at, o.session_idle_seconds, o.session_absolute_seconds "
    "FROM sessions s LEFT JOIN organizations o ON o.id = s.organization_id "
    "WHERE s.directory_id = $1 AND s.id = $2 AND s.revoked_at IS NULL AND s.expires_at > $3"};

constexpr db::Statement kSwitch{
    "switch_session",
    "UPDATE sessions SET organization_id = $3, generation = generation + 1, rotated_at = $4, "
    "expires_at = CASE WHEN $5 < absolute_expires_at THEN $5 ELSE absolute_expires_at END "
    "WHERE directory_id = $1 AND id = $2 AND revoked_at IS NULL AND expires_at > $4 RETURNING generation"};

constexpr db::Statement kNoteUse{
    "note_session_use",
    "UPDATE sessions SET rotated_at = $3, "
    "expires_at = CASE WHEN $4 < absolute_expires_at THEN $4 ELSE absolute_expires_at END "
    "WHERE directory_id = $1 AND id = $2 AND revoked_at IS NULL AND expires_at > $3 AND rotated_at < $3 RETURNING id"};

constexpr db::Statement kRevoke{
    "revoke_session", "UPDATE sessions SET revoked_at = $3 WHERE directory_id = $1 AND id = $2 AND revoked_at IS NULL"};

constexpr db::Statement kRevokeOf{
    "revoke_sessions_of",
    "UPDATE sessions SET revoked_at = $3 WHERE directory_id = $1 AND user_id = $2 AND revoked_at IS NULL"};

constexpr db::Statement kRevokeOthers{
    "revoke_other_sessions",
    "UPDATE sessions SET revoked_at = $3 WHERE directory_id = $1 AND user_id = $2 AND id <> $4 AND revoked_at IS NULL"};

constexpr db::Statement kRevokeIn{
    "revoke_sessions_in",
    "UPDATE sessions SET revoked_at = $4 WHERE organization_id = $1 AND directory_id = $2 AND user_id = $3 "
    "AND revoked_at IS NULL"};

#define SESSIONS_IN_ORGANIZATION "organization_id = $1 AND revoked_at IS NULL "

constexpr db::Statement kRevokeInOrganization{"revoke_sessions_in_organization",
                                              "UPDATE sessions SET revoked_at = $2 WHERE " SESSIONS_IN_ORGANIZATION};
constexpr db::Statement kRevokeOlder{"revoke_older_sessions_in_organization",
                                     "UPDATE sessions SET revoked_at = $4 WHERE " SESSIONS_IN_ORGANIZATION
                                     "AND (created_at <= $2 OR rotated_at <= $3)"};
constexpr db::Statement kShorten{"shorten_sessions_in_organization",
                                 "UPDATE sessions SET expires_at = $2 WHERE " SESSIONS_IN_ORGANIZATION
                                 "AND expires_at > $2"};

constexpr db::Statement kForgetInSessions{
    "forget_organization_in_sessions",
    "UPDATE sessions SET organization_id = NULL, revoked_at = CASE WHEN revoked_at IS NULL THEN $4 ELSE revoked_at END "
    "WHERE organization_id = $1 AND directory_id = $2 AND user_id = $3"};
constexpr db::Statement kForgetInUser{
    "forget_organization_in_user",
    "UPDATE users SET last_organization_id = NULL WHERE last_organization_id = $1 AND directory_id = $2 AND id = $3"};

constexpr db::Statement kForgetActivity{
    "forget_activity", "DELETE FROM member_activity WHERE organization_id = $1 AND directory_id = $2 AND user_id = $3"};

// Two, each with an index of its own: of one with OR, PostgreSQL reads the whole table when it believes that many are
// dead. A session that is over for so long does not live again.
#define DELETE_DEAD_SESSIONS(since)                                                          \
  "DELETE FROM sessions WHERE (directory_id, id) IN (SELECT directory_id, id FROM sessions " \
  "WHERE " since " < $1 ORDER BY " since " LIMIT $2) RETURNING id"
constexpr db::Statement kDeleteExpired{"delete_expired_sessions", DELETE_DEAD_SESSIONS("expires_at")};
constexpr db::Statement kDeleteRevoked{"delete_revoked_sessions", DELETE_DEAD_SESSIONS("revoked_at")};

constexpr db::Statement kFindLive{
    "find_live_session",
    "SELECT s.user_id, u.email, u.email_verified_at, s.organization_id, m.id, m.rights_version, s.created_at, "
    "s.rotated_at, o.session_idle_seconds, o.session_absolute_seconds "
    "FROM sessions s "
    "JOIN users u ON u.directory_id = s.directory_id AND u.id = s.user_id "
    "LEFT JOIN organizations o ON o.id = s.organization_id AND o.status = 'active' "
    "LEFT JOIN members m ON m.organization_id = o.id AND m.user_id = s.user_id AND m.status = 'active' "
    "WHERE s.directory_id = $1 AND s.id = $2 AND s.revoked_at IS NULL AND s.expires_at > $3 AND u.status = 'active'"};

Session to_session(const db::Row& row) {
  return row.as<Session, DirectoryId, SessionId, UserId, std::optional<OrganizationId>, std::int64_t, std::string,
                std::string, base::Time, base::Time, base::Time, std::optional<base::Time>, base::Time>();
}

std::vector<Session> to_sessions(const db::Rows& rows) {
  std::vector<Session> sessions;
  for (const db::Row& row : rows) sessions.push_back(to_session(row));
  return sessions;
}

}  // namespace

void insert_session(db::Transaction& tx, const Session& session) {
  tx.execute(kInsert,
             {session.directory, session.id, session.user, session.organization, session.generation, session.address,
              session.user_agent, session.created_at, session.expires_at, session.absolute_expires_at});
}

std::optional<Session> find_session(db::Transaction& tx, DirectoryId directory, SessionId id) {
  const auto row = tx.query_one(kFind, {directory, id});
  if (!row) return std::nullopt;
  return to_session(*row);
}

std::vector<Session> list_live_sessions(db::Transaction& tx, const Account& account, base::Time now,
                                        base::Time before_created_at, SessionId before_id, std::int64_t limit) {
  return to_sessions(tx.query(kListLive, {account.directory, account.user, now, before_created_at, before_id, limit}));
}

std::vector<Session> list_sessions(db::Transaction& tx, const Account& account, std::int64_t limit) {
  return to_sessions(tx.query(kList, {account.directory, account.user, limit}));
}

std::optional<SessionTerms> find_session_terms(db::Transaction& tx, DirectoryId directory, SessionId id,
                                               base::Time now) {
  const auto row = tx.query_one(kFindTerms, {directory, id, now});
  if (!row) return std::nullopt;
  return row->as<SessionTerms, std::optional<OrganizationId>, base::Time, base::Time, std::optional<std::int64_t>,
                 std::optional<std::int64_t>>();
}

std::optional<WholeSession> find_whole_session(db::Transaction& tx, DirectoryId directory, SessionId id,
                                               base::Time now) {
  const auto rows = tx.query_together({{kFindWholeSession, {directory, id, now}}, {kListApplicationPermissions, {}}});
  if (rows[0].empty()) return std::nullopt;
  const db::Row& row = rows[0].front();
  constexpr std::size_t kFirst = kMembershipFields;
  WholeSession found{row.get<UserId>(kFirst),
                     row.get<std::int64_t>(kFirst + 1),
                     {row.get<std::optional<OrganizationId>>(kFirst + 2), row.get<base::Time>(kFirst + 3),
                      row.get<base::Time>(kFirst + 4), row.get<std::optional<std::int64_t>>(kFirst + 5),
                      row.get<std::optional<std::int64_t>>(kFirst + 6)},
                     std::nullopt,
                     to_application_permissions(rows[1]),
                     row.get<base::Time>(kFirst + 7),
                     {row.get<std::string>(kFirst + 8)},
                     row.get<std::optional<base::Time>>(kFirst + 9),
                     row.get<std::optional<std::string>>(kFirst + 10),
                     row.get<base::Time>(kFirst + 11)};
  if (found.terms.organization) found.membership = to_membership(row);
  return found;
}

std::optional<std::int64_t> rotate_session(db::Transaction& tx, DirectoryId directory, SessionId id,
                                           const WholeSession& found, std::int64_t held, base::Time now,
                                           base::Time repeat_since, base::Time idle_until) {
  if (found.generation == held + 1 && found.terms.rotated_at > repeat_since) return found.generation;
  if (found.generation != held) return std::nullopt;
  tx.execute(kRotateSession, {directory, id, held, now, idle_until});
  return held + 1;
}

std::optional<std::int64_t> switch_session(db::Transaction& tx, DirectoryId directory, SessionId id,
                                           OrganizationId organization, base::Time now, base::Time expires_at) {
  announce(tx, id.uuid);
  const auto row = tx.query_one(kSwitch, {directory, id, organization, now, expires_at});
  if (!row) return std::nullopt;
  return row->get<std::int64_t>(0);
}

bool note_session_use(db::Transaction& tx, DirectoryId directory, SessionId id, base::Time now, base::Time idle_until) {
  return tx.query_one(kNoteUse, {directory, id, now, idle_until}).has_value();
}

void revoke_session(db::Transaction& tx, DirectoryId directory, SessionId id, base::Time now) {
  announce(tx, id.uuid);
  tx.execute(kRevoke, {directory, id, now});
}

void revoke_sessions_of(db::Transaction& tx, const Account& account, std::optional<SessionId> keep, base::Time now) {
  announce(tx, account.user.uuid);
  if (keep) {
    tx.execute(kRevokeOthers, {account.directory, account.user, now, *keep});
  } else {
    tx.execute(kRevokeOf, {account.directory, account.user, now});
  }
}

void revoke_sessions_in(db::Transaction& tx, OrganizationId organization, const Account& account, base::Time now) {
  announce(tx, account.user.uuid);
  tx.execute(kRevokeIn, {organization, account.directory, account.user, now});
}

void revoke_sessions_in_organization(db::Transaction& tx, OrganizationId organization, base::Time now) {
  announce(tx, organization.uuid);
  tx.execute(kRevokeInOrganization, {organization, now});
}

void tighten_sessions_in_organization(db::Transaction& tx, OrganizationId organization, base::Time created_since,
                                      base::Time rotated_since, base::Time expires_at_most, base::Time now) {
  announce(tx, organization.uuid);
  tx.execute(kRevokeOlder, {organization, created_since, rotated_since, now});
  tx.execute(kShorten, {organization, expires_at_most});
}

void forget_organization(db::Transaction& tx, OrganizationId organization, const Account& account, base::Time now) {
  announce(tx, account.user.uuid);
  tx.execute(kForgetInSessions, {organization, account.directory, account.user, now});
  tx.execute(kForgetInUser, {organization, account.directory, account.user});
  tx.execute(kForgetActivity, {organization, account.directory, account.user});
}

bool delete_dead_sessions(db::Transaction& tx, base::Time before, std::int64_t limit) {
  const auto expired = std::int64_t(tx.query(kDeleteExpired, {before, limit}).size());
  const auto revoked = std::int64_t(tx.query(kDeleteRevoked, {before, limit}).size());
  return expired == limit || revoked == limit;
}

std::optional<LiveSession> find_live_session(db::Transaction& tx, DirectoryId directory, SessionId id, base::Time now) {
  const auto row = tx.query_one(kFindLive, {directory, id, now});
  if (!row) return std::nullopt;
  return row->as<LiveSession, UserId, std::string, std::optional<base::Time>, std::optional<OrganizationId>,
                 std::optional<MemberId>, std::optional<std::int64_t>, base::Time, base::Time,
                 std::optional<std::int64_t>, std::optional<std::int64_t>>();
}

}  // namespace gatehouse::store
