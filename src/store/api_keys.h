#pragma once

#include "db/database.h"
#include "store/ids.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::store {

/// What a back end signs its requests with. Belongs to an organization, or to the platform (kPlatformOrganization).
struct ApiKey {
  OrganizationId organization;
  ApiKeyId id;
  std::string name;
  std::string permissions;  // separated by spaces, sorted
  db::Bytes secret_hash;
  /// The member or operator who made it; nothing when it was made on the command line.
  std::optional<UserId> created_by;
  base::Time created_at;
  std::optional<base::Time> expires_at;
  std::optional<base::Time> last_used_at;
  std::optional<base::Time> revoked_at;

  bool is_live(base::Time now) const { return !revoked_at && (!expires_at || *expires_at > now); }
};

void insert_api_key(db::Transaction& tx, const ApiKey& key);
std::optional<ApiKey> find_api_key(db::Transaction& tx, OrganizationId organization, ApiKeyId id);
/// A page of the live and the dead, in the order in which they were made, behind `after`.
std::vector<ApiKey> list_api_keys(db::Transaction& tx, OrganizationId organization, ApiKeyId after, std::int64_t limit);
/// How many are neither revoked nor expired.
std::int64_t count_live_api_keys(db::Transaction& tx, OrganizationId organization, base::Time now);
void rename_api_key(db::Transaction& tx, OrganizationId organization, ApiKeyId id, const std::string& name);
void set_api_key_permissions(db::Transaction& tx, OrganizationId organization, ApiKeyId id,
                             const std::string& permissions);
/// A page of the keys of all organizations and of the platform, in the order of their keys.
std::vector<ApiKey> list_all_api_keys(db::Transaction& tx, OrganizationId after_organization, ApiKeyId after,
                                      std::int64_t limit);
void revoke_api_key(db::Transaction& tx, OrganizationId organization, ApiKeyId id, base::Time now);
void note_api_key_use(db::Transaction& tx, OrganizationId organization, ApiKeyId id, base::Time now);

}  // namespace gatehouse::store
