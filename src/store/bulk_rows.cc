#include "store/bulk_rows.h"

#include "base/text.h"

namespace gatehouse::store {

namespace {

constexpr db::BulkTable kDirectories{"directories", "id, kind, created_at"};
constexpr db::BulkTable kOrganizations{"organizations", "id, directory_id, name, slug, status, version, created_at"};
constexpr db::BulkTable kRoles{"roles", "organization_id, id, key, name, created_at, description, permissions"};
constexpr db::BulkTable kUsers{"users",
                               "directory_id, id, email, email_verified_at, password_hash, status, "
                               "last_organization_id, created_at, name, name_folded"};
constexpr db::BulkTable kMembers{"members",
                                 "organization_id, id, directory_id, user_id, email, name_folded, role_id, status, "
                                 "rights_version, joined_at, changed_at"};
constexpr db::BulkTable kAuditEntries{
    "audit_entries", "organization_id, id, at, action, actor_kind, actor_id, subject, address, request_id, payload"};
constexpr db::BulkTable kCounts{"stats_counts", "organization_id, series, level, bucket, role_id, kind, detail, n"};

constexpr db::Statement kHasOrganizations{"has_organizations",
                                          "SELECT 1 FROM organizations UNION ALL SELECT 1 FROM stats_deltas "
                                          "UNION ALL SELECT 1 FROM stats_counts LIMIT 1"};

}  // namespace

void bulk_insert(db::BulkLoad& load, const IsolatedDirectory& directory) {
  load.add(kDirectories, {directory.id, "isolated", directory.created_at});
}

void bulk_insert(db::BulkLoad& load, const Organization& organization) {
  load.add(kOrganizations, {organization.id, organization.directory, organization.name, organization.slug,
                            organization.status, 1, organization.created_at});
}

void bulk_insert(db::BulkLoad& load, const Role& role) {
  load.add(kRoles,
           {role.organization, role.id, role.key, role.name, role.created_at, role.description, role.permissions});
}

void bulk_insert(db::BulkLoad& load, const User& user) {
  const std::string folded = base::to_folded(user.profile.name.value_or(""));
  load.add(kUsers, {user.directory, user.id, user.email.text, user.email_verified_at, user.password_hash, user.status,
                    user.last_organization, user.created_at, user.profile.name, folded});
}

void bulk_insert(db::BulkLoad& load, const SettledMember& settled) {
  const NewMember& member = settled.member;
  const std::string folded = base::to_folded(settled.name);
  load.add(kMembers, {member.organization, member.id, member.account.directory, member.account.user, settled.email.text,
                      folded, member.role, member.status, member.joined_at.time_since_epoch().count() + settled.changes,
                      member.joined_at, settled.changed_at});
}

void bulk_insert(db::BulkLoad& load, const AuditEntry& entry) {
  load.add(kAuditEntries, {entry.organization, entry.id, entry.at, entry.action, entry.actor_kind, entry.actor,
                           entry.subject, entry.address, entry.request_id, entry.payload});
}

void bulk_insert(db::BulkLoad& load, const CountRow& count) {
  load.add(kCounts, {count.organization, std::int64_t(count.series), std::int64_t(count.level), count.bucket,
                     count.key.role, count.key.kind, count.key.detail, count.n});
}

bool has_organizations(db::Transaction& tx) { return tx.query_one(kHasOrganizations).has_value(); }

}  // namespace gatehouse::store
