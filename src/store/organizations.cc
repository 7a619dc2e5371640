#include "store/organizations.h"

namespace gatehouse::store {

namespace {

constexpr db::Statement kInsert{"insert_organization",
                                "INSERT INTO organizations (id, directory_id, name, slug, status, version, created_at) "
                                "VALUES ($1, $2, $3, $4, $5, 1, $6)"};

constexpr db::Statement kFind{
    "find_organization", "SELECT id, directory_id, name, slug, status, created_at FROM organizations WHERE id = $1"};

constexpr db::Statement kFence{"fence_organization",
                               "UPDATE organizations SET version = version + 1 WHERE id = $1 "
                               "RETURNING id, directory_id, name, slug, status, created_at"};

constexpr db::Statement kDeleteInvitations{"delete_organization_invitations",
                                           "DELETE FROM invitations WHERE organization_id = $1"};
constexpr db::Statement kDeleteMembers{"delete_organization_members", "DELETE FROM members WHERE organization_id = $1"};
constexpr db::Statement kDeleteRoles{"delete_organization_roles", "DELETE FROM roles WHERE organization_id = $1"};
constexpr db::Statement kDelete{"delete_organization", "DELETE FROM organizations WHERE id = $1"};

std::optional<Organization> to_organization(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return row->as<Organization, OrganizationId, DirectoryId, std::string, std::string, std::string, base::Time>();
}

}  // namespace

void insert_organization(db::Transaction& tx, const Organization& organization) {
  tx.execute(kInsert, {organization.id, organization.directory, organization.name, organization.slug,
                       organization.status, organization.created_at});
}

std::optional<Organization> find_organization(db::Transaction& tx, OrganizationId id) {
  return to_organization(tx.query_one(kFind, {id}));
}

std::optional<Organization> fence_organization(db::Transaction& tx, OrganizationId id) {
  return to_organization(tx.query_one(kFence, {id}));
}

void delete_organization(db::Transaction& tx, OrganizationId id) {
  tx.execute(kDeleteInvitations, {id});
  tx.execute(kDeleteMembers, {id});
  tx.execute(kDeleteRoles, {id});
  tx.execute(kDelete, {id});
}

}  // namespace gatehouse::store
