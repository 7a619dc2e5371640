#include "store/organizations.h"

namespace gatehouse::store {

namespace {

constexpr db::Statement kInsert{"insert_organization",
                                "INSERT INTO organizations (id, directory_id, name, slug, status, version, created_at) "
                                "VALUES ($1, $2, $3, $4, $5, 1, $6)"};

#define ORGANIZATION_COLUMNS                                                                             \
  "id, directory_id, name, slug, status, created_at, purge_at, password_minimum, session_idle_seconds, " \
  "session_absolute_seconds, sign_in_alert, allowed_domains, who_may_invite "

constexpr db::Statement kFind{"find_organization", "SELECT " ORGANIZATION_COLUMNS "FROM organizations WHERE id = $1"};
constexpr db::Statement kFindBySlug{"find_organization_by_slug",
                                    "SELECT " ORGANIZATION_COLUMNS "FROM organizations WHERE slug = $1"};

constexpr db::Statement kFence{
    "fence_organization",
    "UPDATE organizations SET version = version + 1 WHERE id = $1 RETURNING " ORGANIZATION_COLUMNS};

constexpr db::Statement kDeleteInvitations{"delete_organization_invitations",
                                           "DELETE FROM invitations WHERE organization_id = $1"};
constexpr db::Statement kDeleteMembers{"delete_organization_members", "DELETE FROM members WHERE organization_id = $1"};
constexpr db::Statement kDeleteApiKeys{"delete_organization_api_keys",
                                       "DELETE FROM api_keys WHERE organization_id = $1"};
constexpr db::Statement kDeleteRoles{"delete_organization_roles", "DELETE FROM roles WHERE organization_id = $1"};
constexpr db::Statement kDelete{"delete_organization", "DELETE FROM organizations WHERE id = $1"};

std::optional<Organization> to_organization(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return Organization{row->get<OrganizationId>(0),
                      row->get<DirectoryId>(1),
                      row->get<std::string>(2),
                      row->get<std::string>(3),
                      row->get<std::string>(4),
                      row->get<base::Time>(5),
                      row->get<std::optional<base::Time>>(6),
                      {row->get<std::optional<std::int64_t>>(7), row->get<std::optional<std::int64_t>>(8),
                       row->get<std::optional<std::int64_t>>(9), row->get<std::optional<std::string>>(10),
                       row->get<std::string>(11), row->get<std::optional<std::string>>(12)}};
}

}  // namespace

void insert_organization(db::Transaction& tx, const Organization& organization) {
  tx.execute(kInsert, {organization.id, organization.directory, organization.name, organization.slug,
                       organization.status, organization.created_at});
}

std::optional<Organization> find_organization(db::Transaction& tx, OrganizationId id) {
  return to_organization(tx.query_one(kFind, {id}));
}

std::optional<Organization> find_organization_by_slug(db::Transaction& tx, const std::string& slug) {
  return to_organization(tx.query_one(kFindBySlug, {slug}));
}

std::optional<Organization> fence_organization(db::Transaction& tx, OrganizationId id) {
  return to_organization(tx.query_one(kFence, {id}));
}

void delete_organization(db::Transaction& tx, OrganizationId id) {
  tx.execute(kDeleteInvitations, {id});
  tx.execute(kDeleteMembers, {id});
  tx.execute(kDeleteApiKeys, {id});
  tx.execute(kDeleteRoles, {id});
  tx.execute(kDelete, {id});
}

}  // namespace gatehouse::store
