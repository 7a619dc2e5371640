#include "store/roles.h"

#include "store/announcements.h"

namespace gatehouse::store {

namespace {

#define ROLE_COLUMNS "organization_id, id, key, name, created_at, description, permissions "

constexpr db::Statement kInsert{"insert_role",
                                "INSERT INTO roles (" ROLE_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7)"};
constexpr db::Statement kFind{"find_role", "SELECT " ROLE_COLUMNS "FROM roles WHERE organization_id = $1 AND id = $2"};
constexpr db::Statement kFindByKey{"find_role_by_key",
                                   "SELECT " ROLE_COLUMNS "FROM roles WHERE organization_id = $1 AND key = $2"};
constexpr db::Statement kList{"list_roles",
                              "SELECT " ROLE_COLUMNS
                              "FROM roles WHERE organization_id = $1 ORDER BY created_at, "
                              "CASE key WHEN 'owner' THEN 0 WHEN 'admin' THEN 1 WHEN 'member' THEN 2 ELSE 3 END, id"};

constexpr db::Statement kUpdate{
    "update_role",
    "UPDATE roles SET name = $3, description = $4, permissions = $5 WHERE organization_id = $1 AND id = $2"};
constexpr db::Statement kBury{
    "bury_role",
    "INSERT INTO stats_tombstones (organization_id, role_id, key, name, created_at, deleted_at) "
    "SELECT organization_id, id, key, name, created_at, $3 FROM roles WHERE organization_id = $1 AND id = $2"};
constexpr db::Statement kDelete{"delete_role", "DELETE FROM roles WHERE organization_id = $1 AND id = $2"};
constexpr db::Statement kListGranting{"list_granting_roles",
                                      "SELECT " ROLE_COLUMNS
                                      "FROM roles WHERE (organization_id, id) > ($1, $2) AND permissions <> '' "
                                      "ORDER BY organization_id, id LIMIT $3"};

Role to_role(const db::Row& row) {
  return row.as<Role, OrganizationId, RoleId, std::string, std::string, base::Time, std::string, std::string>();
}

std::optional<Role> to_role(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return to_role(*row);
}

std::vector<Role> to_roles(const db::Rows& rows) {
  std::vector<Role> roles;
  for (const db::Row& row : rows) roles.push_back(to_role(row));
  return roles;
}

}  // namespace

void insert_role(db::Transaction& tx, const Role& role) {
  tx.execute(kInsert,
             {role.organization, role.id, role.key, role.name, role.created_at, role.description, role.permissions});
}

std::optional<Role> find_role(db::Transaction& tx, OrganizationId organization, RoleId id) {
  return to_role(tx.query_one(kFind, {organization, id}));
}

std::optional<Role> find_role_by_key(db::Transaction& tx, OrganizationId organization, const std::string& key) {
  return to_role(tx.query_one(kFindByKey, {organization, key}));
}

std::vector<Role> list_roles(db::Transaction& tx, OrganizationId organization) {
  return to_roles(tx.query(kList, {organization}));
}

void update_role(db::Transaction& tx, const Role& role) {
  announce(tx, role.organization.uuid);
  tx.execute(kUpdate, {role.organization, role.id, role.name, role.description, role.permissions});
}

void delete_role(db::Transaction& tx, OrganizationId organization, RoleId id, base::Time at) {
  tx.execute(kBury, {organization, id, at});
  tx.execute(kDelete, {organization, id});
}

std::vector<Role> list_granting_roles(db::Transaction& tx, OrganizationId after_organization, RoleId after,
                                      std::int64_t limit) {
  return to_roles(tx.query(kListGranting, {after_organization, after, limit}));
}

}  // namespace gatehouse::store
