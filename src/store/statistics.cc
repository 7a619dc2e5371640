#include "store/statistics.h"

namespace gatehouse::store {

namespace {

#define COUNT_COLUMNS                                                           \
  "SELECT o.id, o.name, o.slug, o.created_at, r.name, COUNT(*) FROM members m " \
  "JOIN organizations o ON o.id = m.organization_id "                           \
  "JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id "
#define COUNT_GROUPS "GROUP BY o.id, o.name, o.slug, o.created_at, r.id, r.name ORDER BY o.created_at, o.id, r.name"

constexpr db::Statement kCount{
    "count_members_by_role", COUNT_COLUMNS
    "WHERE m.organization_id = $1 AND m.status = 'active' AND m.joined_at >= $2 AND m.joined_at <= $3 " COUNT_GROUPS};

constexpr db::Statement kCountAll{
    "count_all_members_by_role",
    COUNT_COLUMNS "WHERE m.status = 'active' AND m.joined_at >= $1 AND m.joined_at <= $2 " COUNT_GROUPS};

std::vector<RoleCount> to_counts(const db::Rows& rows) {
  std::vector<RoleCount> counts;
  for (const db::Row& row : rows) {
    counts.push_back(
        row.as<RoleCount, OrganizationId, std::string, std::string, base::Time, std::string, std::int64_t>());
  }
  return counts;
}

}  // namespace

std::vector<RoleCount> count_members_by_role(db::Transaction& tx, OrganizationId organization,
                                             const JoinedRange& joined) {
  return to_counts(tx.query(kCount, {organization, joined.from, joined.to}));
}

std::vector<RoleCount> count_all_members_by_role(db::Transaction& tx, const JoinedRange& joined) {
  return to_counts(tx.query(kCountAll, {joined.from, joined.to}));
}

}  // namespace gatehouse::store
