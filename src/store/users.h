#pragma once

#include "base/email.h"
#include "db/database.h"
#include "store/ids.h"

#include <optional>
#include <string>

namespace gatehouse::store {

/// What people tell of themselves, in the words of OpenID Connect Core 5.1.
struct Profile {
  std::optional<std::string> name;
  std::optional<std::string> given_name;
  std::optional<std::string> family_name;
  std::optional<std::string> locale;
  std::optional<std::string> zoneinfo;
  /// Of pages and letters: a tag of ours. `locale` is what applications are told.
  std::optional<std::string> language = {};
};

struct User {
  DirectoryId directory;
  UserId id;
  base::EmailAddress email;
  std::optional<base::Time> email_verified_at;
  db::Bytes password_hash;  // sealed
  std::string status;       // "active" or "disabled"
  std::optional<OrganizationId> last_organization;
  base::Time created_at;
  Profile profile = {};

  Account account() const { return {directory, id}; }
  bool is_active() const { return status == "active"; }
};

/// Violates users_directory_id_email_key when the address has an account in that directory.
void insert_user(db::Transaction& tx, const User& user);
std::optional<User> find_user(db::Transaction& tx, const Account& account);
/// The same, and nobody else changes or deletes the account until the end of the transaction.
std::optional<User> lock_user(db::Transaction& tx, const Account& account);
/// What letters to somebody are written by.
struct Reading {
  std::optional<std::string> language;
  std::optional<std::string> zoneinfo;
  std::optional<OrganizationId> last_organization;
};
/// Nothing when there is no such account.
std::optional<Reading> find_reading(db::Transaction& tx, const Account& account);
std::optional<User> find_user_by_email(db::Transaction& tx, DirectoryId directory, const base::EmailAddress& email);
bool has_users(db::Transaction& tx, DirectoryId directory);
void set_password_hash(db::Transaction& tx, const Account& account, const db::Bytes& sealed);
/// The same, unless it was changed since `before` was read.
void replace_password_hash(db::Transaction& tx, const Account& account, const db::Bytes& before,
                           const db::Bytes& sealed);
/// Keeps the first time when the address is verified already.
void mark_email_verified(db::Transaction& tx, const Account& account, base::Time now);
void set_profile(db::Transaction& tx, const Account& account, const Profile& profile);
/// Gives the account another address, which is verified. Violates users_directory_id_email_key when it is taken.
void set_email(db::Transaction& tx, const Account& account, const base::EmailAddress& email, base::Time verified_at);
void set_last_organization(db::Transaction& tx, const Account& account, OrganizationId organization);
/// Removes the account with its sessions, tokens, known origins and the days of its activity, which stay counted. Its
/// memberships must be gone.
void delete_user(db::Transaction& tx, const Account& account);
/// Every account, in the order of its key, for `keys reseal`.
db::Rows list_password_hashes(db::Transaction& tx, const Account& after, std::int64_t limit);

/// Notes a successful sign-in from a network by a device; true when the pair was not known since `known_since`.
bool note_sign_in_origin(db::Transaction& tx, const Account& account, const std::string& network,
                         const db::Bytes& device, base::Time now, base::Time known_since);
/// True when the account signed in from that network since `since`.
bool is_known_network(db::Transaction& tx, const Account& account, const std::string& network, base::Time since);

}  // namespace gatehouse::store
