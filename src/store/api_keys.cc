#include "store/api_keys.h"

namespace gatehouse::store {

namespace {

#define API_KEY_COLUMNS                                                                                     \
  "organization_id, id, name, permissions, secret_hash, created_by, created_at, expires_at, last_used_at, " \
  "revoked_at "

constexpr db::Statement kInsert{
    "insert_api_key", "INSERT INTO api_keys (" API_KEY_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"};
constexpr db::Statement kFind{"find_api_key",
                              "SELECT " API_KEY_COLUMNS "FROM api_keys WHERE organization_id = $1 AND id = $2"};
constexpr db::Statement kList{"list_api_keys",
                              "SELECT " API_KEY_COLUMNS
                              "FROM api_keys WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3"};
constexpr db::Statement kCountLive{"count_live_api_keys",
                                   "SELECT COUNT(*) FROM api_keys WHERE organization_id = $1 AND revoked_at IS NULL "
                                   "AND (expires_at IS NULL OR expires_at > $2)"};
constexpr db::Statement kRename{"rename_api_key",
                                "UPDATE api_keys SET name = $3 WHERE organization_id = $1 AND id = $2"};
constexpr db::Statement kRevoke{
    "revoke_api_key",
    "UPDATE api_keys SET revoked_at = $3 WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL"};
constexpr db::Statement kSetPermissions{"set_api_key_permissions",
                                        "UPDATE api_keys SET permissions = $3 WHERE organization_id = $1 AND id = $2"};
constexpr db::Statement kListAll{"list_all_api_keys", "SELECT " API_KEY_COLUMNS
                                                      "FROM api_keys WHERE (organization_id, id) > ($1, $2) "
                                                      "ORDER BY organization_id, id LIMIT $3"};
constexpr db::Statement kNoteUse{"note_api_key_use",
                                 "UPDATE api_keys SET last_used_at = $3 WHERE organization_id = $1 AND id = $2"};

ApiKey to_api_key(const db::Row& row) {
  return row.as<ApiKey, OrganizationId, ApiKeyId, std::string, std::string, db::Bytes, std::optional<UserId>,
                base::Time, std::optional<base::Time>, std::optional<base::Time>, std::optional<base::Time>>();
}

std::vector<ApiKey> to_api_keys(const db::Rows& rows) {
  std::vector<ApiKey> keys;
  for (const db::Row& row : rows) keys.push_back(to_api_key(row));
  return keys;
}

}  // namespace

void insert_api_key(db::Transaction& tx, const ApiKey& key) {
  tx.execute(kInsert, {key.organization, key.id, key.name, key.permissions, key.secret_hash, key.created_by,
                       key.created_at, key.expires_at, key.last_used_at, key.revoked_at});
}

std::optional<ApiKey> find_api_key(db::Transaction& tx, OrganizationId organization, ApiKeyId id) {
  const auto row = tx.query_one(kFind, {organization, id});
  if (!row) return std::nullopt;
  return to_api_key(*row);
}

std::vector<ApiKey> list_api_keys(db::Transaction& tx, OrganizationId organization, ApiKeyId after,
                                  std::int64_t limit) {
  return to_api_keys(tx.query(kList, {organization, after, limit}));
}

void set_api_key_permissions(db::Transaction& tx, OrganizationId organization, ApiKeyId id,
                             const std::string& permissions) {
  tx.execute(kSetPermissions, {organization, id, permissions});
}

std::vector<ApiKey> list_all_api_keys(db::Transaction& tx, OrganizationId after_organization, ApiKeyId after,
                                      std::int64_t limit) {
  return to_api_keys(tx.query(kListAll, {after_organization, after, limit}));
}

std::int64_t count_live_api_keys(db::Transaction& tx, OrganizationId organization, base::Time now) {
  return tx.query_one(kCountLive, {organization, now})->get<std::int64_t>(0);
}

void rename_api_key(db::Transaction& tx, OrganizationId organization, ApiKeyId id, const std::string& name) {
  tx.execute(kRename, {organization, id, name});
}

void revoke_api_key(db::Transaction& tx, OrganizationId organization, ApiKeyId id, base::Time now) {
  tx.execute(kRevoke, {organization, id, now});
}

void note_api_key_use(db::Transaction& tx, OrganizationId organization, ApiKeyId id, base::Time now) {
  tx.execute(kNoteUse, {organization, id, now});
}

}  // namespace gatehouse::store
