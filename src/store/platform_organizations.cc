#include "store/platform_organizations.h"

#include "store/announcements.h"
#include "store/platform_users.h"

namespace gatehouse::store {

namespace {

#define SEARCH_ORGANIZATIONS                                                                 \
  "SELECT id, directory_id, name, slug, status, created_at, purge_at FROM organizations "    \
  "WHERE (created_at, id) > ($1, $2) AND ($3 = '' OR ($3 = 'active' AND status = 'active') " \
  "OR ($3 = 'suspended' AND status = 'suspended' AND purge_at IS NULL) OR ($3 = 'deleted' AND purge_at IS NOT NULL)) "

constexpr db::Statement kSearch{"search_organizations", SEARCH_ORGANIZATIONS "ORDER BY created_at, id LIMIT $4"};
constexpr db::Statement kSearchByPrefix{"search_organizations_by_prefix", SEARCH_ORGANIZATIONS
                                        "AND ((slug >= $5 AND slug < $6) OR (name_folded >= $5 AND name_folded < $6)) "
                                        "ORDER BY created_at, id LIMIT $4"};

constexpr db::Statement kTally{
    "tally_members_by_role",
    "SELECT r.id, r.key, r.name, "
    "CAST(COALESCE(SUM(CASE WHEN m.status = 'active' AND u.status = 'active' THEN 1 ELSE 0 END), 0) AS BIGINT), "
    "CAST(COALESCE(SUM(CASE WHEN m.status = 'suspended' OR u.status = 'disabled' THEN 1 ELSE 0 END), 0) AS BIGINT) "
    "FROM roles r LEFT JOIN members m ON m.organization_id = r.organization_id AND m.role_id = r.id "
    "LEFT JOIN users u ON u.directory_id = m.directory_id AND u.id = m.user_id "
    "WHERE r.organization_id = $1 GROUP BY r.id, r.key, r.name, r.created_at ORDER BY r.created_at, "
    "CASE r.key WHEN 'owner' THEN 0 WHEN 'admin' THEN 1 WHEN 'member' THEN 2 ELSE 3 END, r.id"};

constexpr db::Statement kSetStatus{"set_organization_suspended", "UPDATE organizations SET status = $2 WHERE id = $1"};

}  // namespace

std::vector<Organization> search_organizations(db::Transaction& tx, const OrganizationSearch& search) {
  const std::string end = end_of_prefix(search.prefix);
  const db::Rows rows = search.prefix.empty()
                            ? tx.query(kSearch, {search.after_created_at, search.after_id, search.status, search.limit})
                            : tx.query(kSearchByPrefix, {search.after_created_at, search.after_id, search.status,
                                                         search.limit, search.prefix, end});
  std::vector<Organization> organizations;
  for (const db::Row& row : rows) {
    organizations.push_back(row.as<Organization, OrganizationId, DirectoryId, std::string, std::string, std::string,
                                   base::Time, std::optional<base::Time>>());
  }
  return organizations;
}

std::vector<RoleTally> tally_members_by_role(db::Transaction& tx, OrganizationId organization) {
  std::vector<RoleTally> tallies;
  for (const db::Row& row : tx.query(kTally, {organization})) {
    tallies.push_back(row.as<RoleTally, RoleId, std::string, std::string, std::int64_t, std::int64_t>());
  }
  return tallies;
}

void set_organization_suspended(db::Transaction& tx, OrganizationId organization, bool is_suspended) {
  announce(tx, organization.uuid);
  tx.execute(kSetStatus, {organization, is_suspended ? "suspended" : "active"});
}

}  // namespace gatehouse::store
