#include "store/organizations.h"

#include "base/text.h"
#include "store/announcements.h"
#include "store/branding.h"
#include "store/invitations.h"
#include "store/ledger.h"
#include "store/members.h"

namespace gatehouse::store {

namespace {

constexpr db::Statement kInsert{"insert_organization",
                                "INSERT INTO organizations (id, directory_id, name, slug, status, version, created_at, "
                                "name_folded) VALUES ($1, $2, $3, $4, $5, 1, $6, $7)"};

#define ORGANIZATION_COLUMNS                                                                             \
  "id, directory_id, name, slug, status, created_at, purge_at, password_minimum, session_idle_seconds, " \
  "session_absolute_seconds, sign_in_alert, allowed_domains, who_may_invite, settings, "                 \
  "language "

constexpr db::Statement kFind{"find_organization", "SELECT " ORGANIZATION_COLUMNS "FROM organizations WHERE id = $1"};
constexpr db::Statement kFindBySlug{"find_organization_by_slug",
                                    "SELECT " ORGANIZATION_COLUMNS "FROM organizations WHERE slug = $1"};

constexpr db::Statement kFindLanguage{"find_organization_language", "SELECT language FROM organizations WHERE id = $1"};

constexpr db::Statement kFence{
    "fence_organization",
    "UPDATE organizations SET version = version + 1 WHERE id = $1 RETURNING " ORGANIZATION_COLUMNS};

constexpr db::Statement kRename{"rename_organization",
                                "UPDATE organizations SET name = $2, slug = $3, name_folded = $4 WHERE id = $1"};
constexpr db::Statement kListUnfolded{"list_unfolded_organizations",
                                      "SELECT id, name FROM organizations WHERE name_folded = '' AND id > $1 "
                                      "ORDER BY id LIMIT $2"};
constexpr db::Statement kFold{"fold_organization_name",
                              "UPDATE organizations SET name_folded = $3 WHERE id = $1 AND name = $2"};
constexpr db::Statement kSetSettings{"set_organization_settings",
                                     "UPDATE organizations SET settings = $2 WHERE id = $1"};
constexpr db::Statement kSetLanguage{"set_organization_language",
                                     "UPDATE organizations SET language = $2 WHERE id = $1"};
constexpr db::Statement kSetPolicies{
    "set_policies",
    "UPDATE organizations SET password_minimum = $2, session_idle_seconds = $3, session_absolute_seconds = $4, "
    "sign_in_alert = $5, allowed_domains = $6, who_may_invite = $7 WHERE id = $1"};
constexpr db::Statement kMarkDeleted{"mark_organization_deleted",
                                     "UPDATE organizations SET status = 'suspended', purge_at = $2 WHERE id = $1"};
constexpr db::Statement kRestore{"restore_organization",
                                 "UPDATE organizations SET status = 'active', purge_at = NULL WHERE id = $1"};
constexpr db::Statement kListPurgeable{
    "list_purgeable_organizations",
    "SELECT id FROM organizations WHERE purge_at IS NOT NULL AND purge_at <= $1 ORDER BY purge_at, id LIMIT $2"};

constexpr db::Statement kDeleteActivity{"delete_organization_activity",
                                        "DELETE FROM member_activity WHERE organization_id = $1"};
constexpr db::Statement kDeleteApiKeys{"delete_organization_api_keys",
                                       "DELETE FROM api_keys WHERE organization_id = $1"};
constexpr db::Statement kBuryRoles{
    "bury_organization_roles",
    "INSERT INTO stats_tombstones (organization_id, role_id, key, name, created_at, deleted_at) "
    "SELECT organization_id, id, key, name, created_at, $2 FROM roles WHERE organization_id = $1"};
constexpr db::Statement kDeleteRoles{"delete_organization_roles", "DELETE FROM roles WHERE organization_id = $1"};
constexpr db::Statement kBury{"bury_organization",
                              "INSERT INTO stats_tombstones (organization_id, role_id, key, name, created_at, "
                              "deleted_at) SELECT id, $3, slug, name, created_at, $2 FROM organizations WHERE id = $1"};
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
                       row->get<std::string>(11), row->get<std::optional<std::string>>(12)},
                      row->get<std::string>(13),
                      row->get<std::optional<std::string>>(14)};
}

}  // namespace

void insert_organization(db::Transaction& tx, const Organization& organization) {
  tx.execute(kInsert, {organization.id, organization.directory, organization.name, organization.slug,
                       organization.status, organization.created_at, base::to_folded(organization.name)});
  insert_event(tx,
               {kPlatformOrganization, organization.id.uuid, 0, "organization", "created", organization.created_at});
}

std::optional<Organization> find_organization(db::Transaction& tx, OrganizationId id) {
  return to_organization(tx.query_one(kFind, {id}));
}

std::optional<Organization> find_organization_by_slug(db::Transaction& tx, const std::string& slug) {
  return to_organization(tx.query_one(kFindBySlug, {slug}));
}

std::optional<std::string> find_organization_language(db::Transaction& tx, OrganizationId id) {
  const auto row = tx.query_one(kFindLanguage, {id});
  return row ? row->get<std::optional<std::string>>(0) : std::nullopt;
}

std::optional<Organization> fence_organization(db::Transaction& tx, OrganizationId id) {
  return to_organization(tx.query_one(kFence, {id}));
}

void rename_organization(db::Transaction& tx, OrganizationId id, const std::string& name, const std::string& slug) {
  announce(tx, id.uuid);
  tx.execute(kRename, {id, name, slug, base::to_folded(name)});
}

std::optional<OrganizationId> fold_organization_names(db::Transaction& tx, OrganizationId after, std::int64_t limit) {
  const db::Rows rows = tx.query(kListUnfolded, {after, limit});
  for (const db::Row& row : rows) {
    const auto name = row.get<std::string>(1);
    tx.execute(kFold, {row.get<OrganizationId>(0), name, base::to_folded(name)});
  }
  if (std::int64_t(rows.size()) < limit) return std::nullopt;
  return rows.back().get<OrganizationId>(0);
}

void set_organization_language(db::Transaction& tx, OrganizationId id, const std::optional<std::string>& language) {
  tx.execute(kSetLanguage, {id, language});
}

void set_settings(db::Transaction& tx, OrganizationId id, const std::string& settings) {
  tx.execute(kSetSettings, {id, settings});
}

void set_policies(db::Transaction& tx, OrganizationId id, const Policies& policies) {
  announce(tx, id.uuid);
  tx.execute(kSetPolicies,
             {id, policies.password_minimum, policies.session_idle_seconds, policies.session_absolute_seconds,
              policies.sign_in_alert, policies.allowed_domains, policies.who_may_invite});
}

void mark_organization_deleted(db::Transaction& tx, OrganizationId id, base::Time purge_at) {
  announce(tx, id.uuid);
  tx.execute(kMarkDeleted, {id, purge_at});
}

void restore_organization(db::Transaction& tx, OrganizationId id) {
  announce(tx, id.uuid);
  tx.execute(kRestore, {id});
}

std::vector<OrganizationId> list_purgeable_organizations(db::Transaction& tx, base::Time now, std::int64_t limit) {
  std::vector<OrganizationId> ids;
  for (const db::Row& row : tx.query(kListPurgeable, {now, limit})) ids.push_back(row.get<OrganizationId>(0));
  return ids;
}

void delete_organization(db::Transaction& tx, OrganizationId id, base::Time at) {
  constexpr std::int64_t kStep = 500;
  while (delete_invitations(tx, id, at, kStep)) {
  }
  delete_members(tx, id, at);
  tx.execute(kDeleteActivity, {id});
  tx.execute(kDeleteApiKeys, {id});
  delete_logo(tx, id);
  tx.execute(kBuryRoles, {id, at});
  tx.execute(kDeleteRoles, {id});
  tx.execute(kBury, {id, at, RoleId{}});
  tx.execute(kDelete, {id});
  insert_event(tx, {kPlatformOrganization, id.uuid, 1, "organization", "deleted", at});
}

}  // namespace gatehouse::store
