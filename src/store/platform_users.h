#pragma once

#include "base/email.h"
#include "db/database.h"
#include "store/ids.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What operators do with accounts, over all directories but their own. For the operators' part of the API and the
/// command line only. No password hash leaves by these.
namespace gatehouse::store {

/// The first text, in the order of bytes, behind all that begin with `prefix`: a search by prefix is a range.
std::string end_of_prefix(std::string_view prefix);

/// The directory that a user's account is in, and nothing else; nothing for an operator's.
std::optional<DirectoryId> locate_user(db::Transaction& tx, UserId id);

struct FoundUser {
  DirectoryId directory;
  UserId id;
  base::EmailAddress email;
  std::optional<base::Time> email_verified_at;
  std::string status;  // "active" or "disabled"
  base::Time created_at;
  std::optional<std::string> name;
};
struct UserSearch {
  /// How the address begins; empty: any.
  std::string prefix;
  /// "active" or "disabled"; empty: any.
  std::string status;
  /// "shared" or "isolated"; empty: any.
  std::string directory;
  base::Time after_created_at;
  UserId after_id;
  std::int64_t limit;
};
/// A page in the order in which they were made.
std::vector<FoundUser> search_users(db::Transaction& tx, const UserSearch& search);

/// The accounts that an address has, at most `limit`: one in the shared directory, one in each isolated one.
std::vector<Account> list_accounts_at(db::Transaction& tx, const base::EmailAddress& email, std::int64_t limit);

/// The account must be locked. "active" or "disabled".
void set_user_status(db::Transaction& tx, const Account& account, const std::string& status);
/// Makes the account's unused mailed links dead, whatever they are for.
void void_all_one_time_tokens(db::Transaction& tx, const Account& account, base::Time now);

/// A membership in any state, in an organization in any state.
struct AnyMembership {
  OrganizationId organization;
  std::string organization_name;
  std::string organization_slug;
  std::string organization_status;
  std::optional<base::Time> purge_at;
  MemberId member;
  RoleId role;
  std::string role_key;
  std::string role_name;
  std::string status;
  base::Time joined_at;
};
/// In the order of the organizations' ids, which is the order in which their fences are taken.
std::vector<AnyMembership> list_all_memberships(db::Transaction& tx, const Account& account);

struct OpenSession {
  SessionId id;
  std::optional<OrganizationId> organization;
  std::string address;
  std::string user_agent;
  base::Time created_at;
  base::Time last_seen_at;
  base::Time expires_at;
};
/// The account's sessions that are not over, oldest first.
std::vector<OpenSession> list_open_sessions(db::Transaction& tx, const Account& account, base::Time now);

}  // namespace gatehouse::store
