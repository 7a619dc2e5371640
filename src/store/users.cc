#include "store/users.h"

#include "base/text.h"
#include "store/announcements.h"

namespace gatehouse::store {

namespace {

constexpr db::Statement kInsert{
    "insert_user",
    "INSERT INTO users (directory_id, id, email, email_verified_at, password_hash, status, last_organization_id, "
    "created_at, name, given_name, family_name, locale, zoneinfo, name_folded, language) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"};

#define USER_COLUMNS                                                                                      \
  "directory_id, id, email, email_verified_at, password_hash, status, last_organization_id, created_at, " \
  "name, given_name, family_name, locale, zoneinfo, language "

constexpr db::Statement kFind{"find_user", "SELECT " USER_COLUMNS "FROM users WHERE directory_id = $1 AND id = $2"};

constexpr db::Statement kLock{
    "lock_user", "UPDATE users SET status = status WHERE directory_id = $1 AND id = $2 RETURNING " USER_COLUMNS};

constexpr db::Statement kFindReading{
    "find_reading", "SELECT language, zoneinfo, last_organization_id FROM users WHERE directory_id = $1 AND id = $2"};

constexpr db::Statement kFindByEmail{"find_user_by_email",
                                     "SELECT " USER_COLUMNS "FROM users WHERE directory_id = $1 AND email = $2"};

constexpr db::Statement kHasUsers{"has_users", "SELECT 1 FROM users WHERE directory_id = $1 LIMIT 1"};

constexpr db::Statement kSetPasswordHash{"set_password_hash",
                                         "UPDATE users SET password_hash = $3 WHERE directory_id = $1 AND id = $2"};

constexpr db::Statement kReplacePasswordHash{
    "replace_password_hash",
    "UPDATE users SET password_hash = $4 WHERE directory_id = $1 AND id = $2 AND password_hash = $3"};

constexpr db::Statement kMarkEmailVerified{
    "mark_email_verified",
    "UPDATE users SET email_verified_at = $3 WHERE directory_id = $1 AND id = $2 AND email_verified_at IS NULL"};

constexpr db::Statement kSetProfile{
    "set_profile",
    "UPDATE users SET name = $3, given_name = $4, family_name = $5, locale = $6, zoneinfo = $7, name_folded = $8, "
    "language = $9 "
    "WHERE directory_id = $1 AND id = $2"};

constexpr db::Statement kSetEmail{
    "set_email", "UPDATE users SET email = $3, email_verified_at = $4 WHERE directory_id = $1 AND id = $2"};

constexpr db::Statement kSetLastOrganization{
    "set_last_organization", "UPDATE users SET last_organization_id = $3 WHERE directory_id = $1 AND id = $2"};

constexpr db::Statement kDeleteSessions{"delete_user_sessions",
                                        "DELETE FROM sessions WHERE directory_id = $1 AND user_id = $2"};
constexpr db::Statement kDeleteTokens{"delete_user_tokens",
                                      "DELETE FROM one_time_tokens WHERE directory_id = $1 AND user_id = $2"};
constexpr db::Statement kDeleteOrigins{"delete_user_origins",
                                       "DELETE FROM sign_in_origins WHERE directory_id = $1 AND user_id = $2"};
constexpr db::Statement kDeleteActivity{"delete_user_activity",
                                        "DELETE FROM member_activity WHERE directory_id = $1 AND user_id = $2"};
constexpr db::Statement kDelete{"delete_user", "DELETE FROM users WHERE directory_id = $1 AND id = $2"};

constexpr db::Statement kListPasswordHashes{
    "list_password_hashes",
    "SELECT directory_id, id, password_hash FROM users WHERE (directory_id, id) > ($1, $2) "
    "ORDER BY directory_id, id LIMIT $3"};

constexpr db::Statement kFindOrigin{
    "find_sign_in_origin",
    "SELECT seen_at FROM sign_in_origins WHERE directory_id = $1 AND user_id = $2 AND network = $3 AND device = $4"};

constexpr db::Statement kNoteOrigin{
    "note_sign_in_origin",
    "INSERT INTO sign_in_origins (directory_id, user_id, network, device, seen_at) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (directory_id, user_id, network, device) DO UPDATE SET seen_at = $5"};

constexpr db::Statement kIsKnownNetwork{
    "is_known_network",
    "SELECT 1 FROM sign_in_origins WHERE directory_id = $1 AND user_id = $2 AND network = $3 AND seen_at > $4 LIMIT 1"};

std::optional<User> to_user(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return User{row->get<DirectoryId>(0),
              row->get<UserId>(1),
              base::EmailAddress{row->get<std::string>(2)},
              row->get<std::optional<base::Time>>(3),
              row->get<db::Bytes>(4),
              row->get<std::string>(5),
              row->get<std::optional<OrganizationId>>(6),
              row->get<base::Time>(7),
              {row->get<std::optional<std::string>>(8), row->get<std::optional<std::string>>(9),
               row->get<std::optional<std::string>>(10), row->get<std::optional<std::string>>(11),
               row->get<std::optional<std::string>>(12), row->get<std::optional<std::string>>(13)}};
}

}  // namespace

void insert_user(db::Transaction& tx, const User& user) {
  tx.execute(kInsert, {user.directory, user.id, user.email.text, user.email_verified_at, user.password_hash,
                       user.status, user.last_organization, user.created_at, user.profile.name, user.profile.given_name,
                       user.profile.family_name, user.profile.locale, user.profile.zoneinfo,
                       base::to_folded(user.profile.name.value_or(std::string())), user.profile.language});
}

std::optional<User> find_user(db::Transaction& tx, const Account& account) {
  return to_user(tx.query_one(kFind, {account.directory, account.user}));
}

std::optional<User> lock_user(db::Transaction& tx, const Account& account) {
  return to_user(tx.query_one(kLock, {account.directory, account.user}));
}

std::optional<Reading> find_reading(db::Transaction& tx, const Account& account) {
  const auto row = tx.query_one(kFindReading, {account.directory, account.user});
  if (!row) return std::nullopt;
  return Reading{row->get<std::optional<std::string>>(0), row->get<std::optional<std::string>>(1),
                 row->get<std::optional<OrganizationId>>(2)};
}

std::optional<User> find_user_by_email(db::Transaction& tx, DirectoryId directory, const base::EmailAddress& email) {
  return to_user(tx.query_one(kFindByEmail, {directory, email.text}));
}

bool has_users(db::Transaction& tx, DirectoryId directory) { return tx.query_one(kHasUsers, {directory}).has_value(); }

void set_password_hash(db::Transaction& tx, const Account& account, const db::Bytes& sealed) {
  tx.execute(kSetPasswordHash, {account.directory, account.user, sealed});
}

void replace_password_hash(db::Transaction& tx, const Account& account, const db::Bytes& before,
                           const db::Bytes& sealed) {
  tx.execute(kReplacePasswordHash, {account.directory, account.user, before, sealed});
}

void mark_email_verified(db::Transaction& tx, const Account& account, base::Time now) {
  announce(tx, account.user.uuid);
  tx.execute(kMarkEmailVerified, {account.directory, account.user, now});
}

void set_profile(db::Transaction& tx, const Account& account, const Profile& profile) {
  announce(tx, account.user.uuid);
  tx.execute(kSetProfile,
             {account.directory, account.user, profile.name, profile.given_name, profile.family_name, profile.locale,
              profile.zoneinfo, base::to_folded(profile.name.value_or(std::string())), profile.language});
}

void set_email(db::Transaction& tx, const Account& account, const base::EmailAddress& email, base::Time verified_at) {
  announce(tx, account.user.uuid);
  tx.execute(kSetEmail, {account.directory, account.user, email.text, verified_at});
}

void set_last_organization(db::Transaction& tx, const Account& account, OrganizationId organization) {
  tx.execute(kSetLastOrganization, {account.directory, account.user, organization});
}

void delete_user(db::Transaction& tx, const Account& account) {
  announce(tx, account.user.uuid);
  tx.execute(kDeleteSessions, {account.directory, account.user});
  tx.execute(kDeleteTokens, {account.directory, account.user});
  tx.execute(kDeleteOrigins, {account.directory, account.user});
  tx.execute(kDeleteActivity, {account.directory, account.user});
  tx.execute(kDelete, {account.directory, account.user});
}

db::Rows list_password_hashes(db::Transaction& tx, const Account& after, std::int64_t limit) {
  return tx.query(kListPasswordHashes, {after.directory, after.user, limit});
}

bool note_sign_in_origin(db::Transaction& tx, const Account& account, const std::string& network,
                         const db::Bytes& device, base::Time now, base::Time known_since) {
  const auto row = tx.query_one(kFindOrigin, {account.directory, account.user, network, device});
  tx.execute(kNoteOrigin, {account.directory, account.user, network, device, now});
  return !row || row->get<base::Time>(0) < known_since;
}

bool is_known_network(db::Transaction& tx, const Account& account, const std::string& network, base::Time since) {
  return tx.query_one(kIsKnownNetwork, {account.directory, account.user, network, since}).has_value();
}

}  // namespace gatehouse::store
