#pragma once

#include "db/database.h"

#include <optional>
#include <string>
#include <vector>

/// The tables of the original Flask service, for the import. They lie in a foreign database (db/foreign.h) and are only
/// read. Lists are in the order of their ids, a page of `limit` rows behind `after`. Times are naive UTC as the
/// database writes them, or Unix seconds; nothing is promised of any value but that an id is an integer.
namespace gatehouse::store {

namespace original {

struct Organization {
  std::int64_t id;
  std::optional<std::string> name;
  std::optional<std::int64_t> status;
  std::optional<std::string> created_at;
  std::optional<std::string> settings;
};

struct User {
  std::int64_t id;
  std::optional<std::string> email;
  std::optional<std::string> password;
  std::optional<std::int64_t> status;
  std::optional<std::string> created_at;
};

struct Role {
  std::int64_t id;
  std::optional<std::string> name;
  std::optional<std::int64_t> organization;
};

struct Member {
  std::int64_t id;
  std::optional<std::int64_t> organization;
  std::optional<std::int64_t> user;
  std::optional<std::int64_t> role;
  std::optional<std::int64_t> status;
  std::optional<std::string> created_at;
};

}  // namespace original

std::vector<original::Organization> list_original_organizations(db::Transaction& tx, std::int64_t after,
                                                                std::int64_t limit);
std::vector<original::User> list_original_users(db::Transaction& tx, std::int64_t after, std::int64_t limit);
std::vector<original::Role> list_original_roles(db::Transaction& tx, std::int64_t after, std::int64_t limit);
std::vector<original::Member> list_original_members(db::Transaction& tx, std::int64_t after, std::int64_t limit);
std::int64_t count_original_invites(db::Transaction& tx);

}  // namespace gatehouse::store
