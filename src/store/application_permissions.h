#pragma once

#include "db/database.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::store {

/// A permission of the application that Gatehouse guards, registered by operators for all organizations.
struct ApplicationPermission {
  std::string key;  // "invoices:read"
  std::string description;
  /// The fixed roles that hold it, separated by spaces: "owner admin".
  std::string roles;
  base::Time created_at;
};

/// Violates application_permissions_pkey when the key is registered.
void insert_application_permission(db::Transaction& tx, const ApplicationPermission& permission);
/// All, by key: there are few.
std::vector<ApplicationPermission> list_application_permissions(db::Transaction& tx);
/// The same where it goes together with other statements.
inline constexpr db::Statement kListApplicationPermissions{
    "list_application_permissions",
    "SELECT key, description, roles, created_at FROM application_permissions ORDER BY key"};
std::vector<ApplicationPermission> to_application_permissions(const db::Rows& rows);
/// Nobody else changes or removes it until the end of the transaction, so what is granted now is taken away by whoever
/// removes it later.
std::optional<ApplicationPermission> lock_application_permission(db::Transaction& tx, const std::string& key);
void update_application_permission(db::Transaction& tx, const std::string& key, const std::string& description,
                                   const std::string& roles);
void delete_application_permission(db::Transaction& tx, const std::string& key);

}  // namespace gatehouse::store
