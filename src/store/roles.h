#pragma once

#include "db/database.h"
#include "store/ids.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::store {

struct Role {
  OrganizationId organization;
  RoleId id;
  std::string key;   // "owner", "admin", "member", or that of a custom role
  std::string name;  // what people see
  base::Time created_at;
  std::string description = {};
  /// Of a custom role, see domain/permissions.h; the fixed ones have theirs by what they are.
  std::string permissions = {};
};

void insert_role(db::Transaction& tx, const Role& role);
std::optional<Role> find_role(db::Transaction& tx, OrganizationId organization, RoleId id);
std::optional<Role> find_role_by_key(db::Transaction& tx, OrganizationId organization, const std::string& key);
/// Oldest first; owner, admin and member in this order, for they are made in one instant.
std::vector<Role> list_roles(db::Transaction& tx, OrganizationId organization);
/// Name, description and permissions become those of `role`.
void update_role(db::Transaction& tx, const Role& role);
/// Nobody may have it any more, and no invitation. The statistics keep what it was called.
void delete_role(db::Transaction& tx, OrganizationId organization, RoleId id, base::Time at);
/// A page of the roles of all organizations with which permissions are stored, in the order of their keys.
std::vector<Role> list_granting_roles(db::Transaction& tx, OrganizationId after_organization, RoleId after,
                                      std::int64_t limit);

}  // namespace gatehouse::store
