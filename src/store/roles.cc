#include "store/roles.h"

namespace gatehouse::store {

namespace {

#define ROLE_COLUMNS "organization_id, id, key, name, created_at, description, permissions "

constexpr db::Statement kInsert{"insert_role",
                                "INSERT INTO roles (" ROLE_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7)"};
constexpr db::Statement kFind{"find_role", "SELECT " ROLE_COLUMNS "FROM roles WHERE organization_id = $1 AND id = $2"};
constexpr db::Statement kFindByKey{"find_role_by_key",
                                   "SELECT " ROLE_COLUMNS "FROM roles WHERE organization_id = $1 AND key = $2"};
constexpr db::Statement kList{"list_roles",
                              "SELECT " ROLE_COLUMNS "FROM roles WHERE organization_id = $1 ORDER BY created_at, id"};

Role to_role(const db::Row& row) {
  return row.as<Role, OrganizationId, RoleId, std::string, std::string, base::Time, std::string, std::string>();
}

std::optional<Role> to_role(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return to_role(*row);
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
  std::vector<Role> roles;
  for (const db::Row& row : tx.query(kList, {organization})) roles.push_back(to_role(row));
  return roles;
}

}  // namespace gatehouse::store
