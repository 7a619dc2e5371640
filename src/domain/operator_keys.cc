#include "domain/operator_keys.h"

#include "crypto/token.h"
#include "domain/admit.h"
#include "domain/audit.h"
#include "domain/names.h"
#include "store/api_keys.h"

#include <algorithm>

namespace gatehouse::domain {

using base::refuse;

namespace {

StewardKeyView view(const store::ApiKey& key, base::Time now) {
  const Permissions permissions = from_words(key.permissions);
  std::optional<store::OrganizationId> organization;
  if (key.organization != store::kPlatformOrganization) organization = key.organization;
  const std::string_view status = key.revoked_at ? "revoked" : key.is_live(now) ? "live" : "expired";
  return {key.id,         organization,   key.name,         {permissions.begin(), permissions.end()},
          key.created_at, key.expires_at, key.last_used_at, std::string(status)};
}

bool may_be_given(std::string_view permission, bool to_platform, const Catalogue& catalogue) {
  if (to_platform) return permission == platform::kRead || permission == platform::kManage;
  if (find_permission(permission) != nullptr) return !is_owner_only(permission) && permission != kApiKeysManage;
  return std::any_of(catalogue.begin(), catalogue.end(),
                     [&](const store::ApplicationPermission& one) { return one.key == permission; });
}

base::Result<Permissions> check_permissions(const std::vector<std::string>& wanted, bool to_platform,
                                            const Catalogue& catalogue) {
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (may_be_given(wanted[i], to_platform, catalogue)) continue;
    return base::refuse_field("/permissions/" + std::to_string(i), "No key of this kind can hold this permission.");
  }
  return Permissions(wanted.begin(), wanted.end());
}

}  // namespace

base::Result<NewKeyView> create_key(const Services& services, const Steward& steward, const KeyDraft& draft) {
  const base::Time now = services.clock.now();
  const auto id = store::ApiKeyId::make(now);
  const auto audit = store::AuditId::make(now);
  auto secret = crypto::make_api_key(draft.organization.uuid, id.uuid);
  store::ApiKey key{draft.organization,
                    id,
                    TRY(clean_name(draft.name, "/name")),
                    {},
                    db::Bytes{secret.secret_hash},
                    std::nullopt,
                    now,
                    std::nullopt,
                    std::nullopt,
                    std::nullopt};
  if (draft.expires_in_days) key.expires_at = now + std::chrono::hours(24 * *draft.expires_in_days);
  const bool to_platform = draft.organization == store::kPlatformOrganization;
  TRY(services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    if (!to_platform && !store::fence_organization(tx, draft.organization)) return refuse(base::kNotFound);
    key.permissions =
        to_words(TRY(check_permissions(draft.permissions, to_platform, store::list_application_permissions(tx))));
    store::insert_api_key(tx, key);
    record(tx, now, steward.origin(),
           {audit,
            draft.organization,
            action::kApiKeyCreated,
            steward.actor(),
            id.to_string(),
            {{"permissions", key.permissions}}});
    return {};
  }));
  return NewKeyView{view(key, now), std::move(secret.text)};
}

base::Result<std::vector<StewardKeyView>> list_keys_of(const Services& services, const Steward&,
                                                       store::OrganizationId organization, store::ApiKeyId after,
                                                       std::int64_t limit) {
  const base::Time now = services.clock.now();
  return services.database.read([&](db::Transaction& tx) -> base::Result<std::vector<StewardKeyView>> {
    const bool is_platform = organization == store::kPlatformOrganization;
    if (!is_platform && !store::find_organization(tx, organization)) return refuse(base::kNotFound);
    std::vector<StewardKeyView> keys;
    for (const auto& key : store::list_api_keys(tx, organization, after, limit)) keys.push_back(view(key, now));
    return keys;
  });
}

base::Result<StewardKeyView> revoke_key_of(const Services& services, const Steward& steward,
                                           store::OrganizationId organization, store::ApiKeyId id) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<StewardKeyView> {
    const auto key = store::find_api_key(tx, organization, id);
    if (!key) return refuse(base::kNotFound);
    if (key->revoked_at) return refuse(base::kWrongState);
    store::revoke_api_key(tx, organization, id, now);
    record(tx, now, steward.origin(),
           {audit, organization, action::kApiKeyRevoked, steward.actor(), id.to_string(), {}});
    return view(*store::find_api_key(tx, organization, id), now);
  });
}

}  // namespace gatehouse::domain
