#include "store/application_permissions.h"

#include "store/announcements.h"

namespace gatehouse::store {

namespace {

constexpr db::Statement kInsert{
    "insert_application_permission",
    "INSERT INTO application_permissions (key, description, roles, created_at) VALUES ($1, $2, $3, $4)"};
constexpr db::Statement kLock{"lock_application_permission",
                              "UPDATE application_permissions SET roles = roles WHERE key = $1 "
                              "RETURNING key, description, roles, created_at"};
constexpr db::Statement kUpdate{"update_application_permission",
                                "UPDATE application_permissions SET description = $2, roles = $3 WHERE key = $1"};
constexpr db::Statement kDelete{"delete_application_permission", "DELETE FROM application_permissions WHERE key = $1"};

ApplicationPermission to_permission(const db::Row& row) {
  return row.as<ApplicationPermission, std::string, std::string, std::string, base::Time>();
}

}  // namespace

void insert_application_permission(db::Transaction& tx, const ApplicationPermission& permission) {
  announce(tx, {});
  tx.execute(kInsert, {permission.key, permission.description, permission.roles, permission.created_at});
}

std::vector<ApplicationPermission> list_application_permissions(db::Transaction& tx) {
  return to_application_permissions(tx.query(kListApplicationPermissions));
}

std::vector<ApplicationPermission> to_application_permissions(const db::Rows& rows) {
  std::vector<ApplicationPermission> permissions;
  for (const db::Row& row : rows) permissions.push_back(to_permission(row));
  return permissions;
}

std::optional<ApplicationPermission> lock_application_permission(db::Transaction& tx, const std::string& key) {
  const auto row = tx.query_one(kLock, {key});
  if (!row) return std::nullopt;
  return to_permission(*row);
}

void update_application_permission(db::Transaction& tx, const std::string& key, const std::string& description,
                                   const std::string& roles) {
  announce(tx, {});
  tx.execute(kUpdate, {key, description, roles});
}

void delete_application_permission(db::Transaction& tx, const std::string& key) {
  announce(tx, {});
  tx.execute(kDelete, {key});
}

}  // namespace gatehouse::store
