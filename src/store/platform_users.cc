#include "store/platform_users.h"

#include "store/announcements.h"

namespace gatehouse::store {

namespace {

constexpr db::Statement kLocate{"locate_user", "SELECT directory_id FROM users WHERE id = $1 AND directory_id <> $2"};

#define SEARCH_USERS                                                                        \
  "SELECT directory_id, id, email, email_verified_at, status, created_at, name FROM users " \
  "WHERE (created_at, id) > ($1, $2) AND directory_id <> $3 AND ($4 = '' OR status = $4) "  \
  "AND ($5 = '' OR ($5 = 'shared' AND directory_id = $6) OR ($5 = 'isolated' AND directory_id <> $6)) "

constexpr db::Statement kSearch{"search_users", SEARCH_USERS "ORDER BY created_at, id LIMIT $7"};
constexpr db::Statement kSearchByPrefix{"search_users_by_prefix",
                                        SEARCH_USERS "AND email >= $8 AND email < $9 ORDER BY created_at, id LIMIT $7"};

constexpr db::Statement kListAccountsAt{"list_accounts_at",
                                        "SELECT directory_id, id FROM users WHERE email = $1 AND directory_id <> $2 "
                                        "ORDER BY directory_id, id LIMIT $3"};

constexpr db::Statement kSetStatus{"set_user_status",
                                   "UPDATE users SET status = $3 WHERE directory_id = $1 AND id = $2"};

constexpr db::Statement kVoidTokens{
    "void_all_one_time_tokens",
    "UPDATE one_time_tokens SET used_at = $3 WHERE directory_id = $1 AND user_id = $2 AND used_at IS NULL"};

constexpr db::Statement kListMemberships{
    "list_all_memberships",
    "SELECT o.id, o.name, o.slug, o.status, o.purge_at, m.id, r.id, r.key, r.name, m.status, m.joined_at "
    "FROM members m JOIN organizations o ON o.id = m.organization_id "
    "JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id "
    "WHERE m.directory_id = $1 AND m.user_id = $2 ORDER BY o.id"};

constexpr db::Statement kListSessions{
    "list_open_sessions",
    "SELECT id, organization_id, address, user_agent, created_at, rotated_at, expires_at FROM sessions "
    "WHERE directory_id = $1 AND user_id = $2 AND revoked_at IS NULL AND expires_at > $3 ORDER BY created_at, id"};

}  // namespace

std::string end_of_prefix(std::string_view prefix) {
  // The last code point that there is.
  return std::string(prefix) + "\xf4\x8f\xbf\xbf";
}

std::optional<DirectoryId> locate_user(db::Transaction& tx, UserId id) {
  const auto row = tx.query_one(kLocate, {id, kPlatformDirectory});
  if (!row) return std::nullopt;
  return row->get<DirectoryId>(0);
}

std::vector<FoundUser> search_users(db::Transaction& tx, const UserSearch& search) {
  const std::string end = end_of_prefix(search.prefix);
  const db::Rows rows =
      search.prefix.empty()
          ? tx.query(kSearch, {search.after_created_at, search.after_id, kPlatformDirectory, search.status,
                               search.directory, kSharedDirectory, search.limit})
          : tx.query(kSearchByPrefix, {search.after_created_at, search.after_id, kPlatformDirectory, search.status,
                                       search.directory, kSharedDirectory, search.limit, search.prefix, end});
  std::vector<FoundUser> users;
  for (const db::Row& row : rows) {
    users.push_back({row.get<DirectoryId>(0), row.get<UserId>(1), base::EmailAddress{row.get<std::string>(2)},
                     row.get<std::optional<base::Time>>(3), row.get<std::string>(4), row.get<base::Time>(5),
                     row.get<std::optional<std::string>>(6)});
  }
  return users;
}

std::vector<Account> list_accounts_at(db::Transaction& tx, const base::EmailAddress& email, std::int64_t limit) {
  std::vector<Account> accounts;
  for (const db::Row& row : tx.query(kListAccountsAt, {email.text, kPlatformDirectory, limit})) {
    accounts.push_back({row.get<DirectoryId>(0), row.get<UserId>(1)});
  }
  return accounts;
}

void set_user_status(db::Transaction& tx, const Account& account, const std::string& status) {
  announce(tx, account.user.uuid);
  tx.execute(kSetStatus, {account.directory, account.user, status});
}

void void_all_one_time_tokens(db::Transaction& tx, const Account& account, base::Time now) {
  tx.execute(kVoidTokens, {account.directory, account.user, now});
}

std::vector<AnyMembership> list_all_memberships(db::Transaction& tx, const Account& account) {
  std::vector<AnyMembership> memberships;
  for (const db::Row& row : tx.query(kListMemberships, {account.directory, account.user})) {
    memberships.push_back(
        row.as<AnyMembership, OrganizationId, std::string, std::string, std::string, std::optional<base::Time>,
               MemberId, RoleId, std::string, std::string, std::string, base::Time>());
  }
  return memberships;
}

std::vector<OpenSession> list_open_sessions(db::Transaction& tx, const Account& account, base::Time now) {
  std::vector<OpenSession> sessions;
  for (const db::Row& row : tx.query(kListSessions, {account.directory, account.user, now})) {
    sessions.push_back(row.as<OpenSession, SessionId, std::optional<OrganizationId>, std::string, std::string,
                              base::Time, base::Time, base::Time>());
  }
  return sessions;
}

}  // namespace gatehouse::store
