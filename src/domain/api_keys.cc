#include "domain/api_keys.h"

#include "crypto/token.h"
#include "domain/admit.h"
#include "domain/audit.h"
#include "domain/invitations.h"
#include "domain/names.h"
#include "domain/preconditions.h"
#include "store/migrations.h"

#include <algorithm>
#include <array>

namespace gatehouse::domain {

using base::refuse;

namespace {

constexpr std::string_view kList = "api-keys";
constexpr std::size_t kMostPermissions = 100;
constexpr std::int64_t kMostLive = 100;
constexpr std::chrono::hours kLongestLife{2 * 366 * 24};
constexpr std::array kPlatformPermissions{platform::kRead, platform::kManage};

bool is_platform(const KeyDesk& desk) { return desk.organization == store::kPlatformOrganization; }

tl::unexpected<base::Refusal> refuse_permission(std::size_t place, const std::string& detail) {
  return base::refuse_field("/permissions/" + std::to_string(place), detail);
}

/// Where each stands in the list. Sorted, so that whoever locks several takes them in one order.
using Places = std::map<std::string, std::size_t>;

base::Result<Places> places_of(const std::vector<std::string>& permissions) {
  if (permissions.empty()) return base::refuse_field("/permissions", "Give at least one permission.");
  if (permissions.size() > kMostPermissions) return base::refuse_field("/permissions", "These are too many.");
  Places places;
  for (std::size_t i = 0; i < permissions.size(); ++i) places.emplace(permissions[i], i);
  return places;
}

/// The permissions that the key gets: those of the platform, or of Gatehouse and of the application.
base::Result<Permissions> check_permissions(db::Transaction& tx, const KeyDesk& desk, const Places& places) {
  Permissions permissions;
  for (const auto& [permission, place] : places) {
    if (is_platform(desk)) {
      if (std::ranges::find(kPlatformPermissions, permission) == kPlatformPermissions.end()) {
        return refuse_permission(place, "A key of the platform can hold platform:read and platform:manage.");
      }
    } else if (is_owner_only(permission) || permission == kApiKeysManage) {
      return refuse_permission(place, "No key can hold this permission: it is for people.");
    } else if (find_permission(permission) == nullptr && !store::lock_application_permission(tx, permission)) {
      return refuse_permission(place, "There is no such permission.");
    }
    permissions.insert(permission);
  }
  return permissions;
}

base::Result<void> check_expiry(const std::optional<base::Time>& expires_at, base::Time now) {
  if (!expires_at) return {};
  if (*expires_at <= now) return base::refuse_field("/expires_at", "This is over.");
  if (*expires_at > now + kLongestLife) return base::refuse_field("/expires_at", "This is more than two years ahead.");
  return {};
}

/// Takes the fence of the organization, or what stands for it of the platform. What the keys that are made and changed
/// may do at most; nothing: whatever a key can hold.
base::Result<std::optional<Permissions>> enter(db::Transaction& tx, const KeyDesk& desk, base::Time now) {
  if (desk.member != nullptr) return TRY(enter_fence(tx, *desk.member, now)).permissions;
  if (is_platform(desk)) {
    store::lock_directory(tx, store::kPlatformDirectory);
  } else {
    const auto organization = store::fence_organization(tx, desk.organization);
    if (!organization || !organization->is_active()) return refuse(base::kNotFound);
  }
  return std::nullopt;
}

bool is_beyond(const Permissions& permissions, const std::optional<Permissions>& bound) {
  return bound && outranks(permissions, *bound);
}

std::string_view status_of(const store::ApiKey& key, base::Time now) {
  if (key.revoked_at) return "revoked";
  return key.is_live(now) ? "live" : "expired";
}

ApiKeyView view_of(const store::ApiKey& key, base::Time now) {
  const Permissions permissions = from_words(key.permissions);
  ApiKeyView view{
      key.id,         std::nullopt,   key.name,         {permissions.begin(), permissions.end()}, key.created_by,
      key.created_at, key.expires_at, key.last_used_at, std::string(status_of(key, now))};
  if (key.organization != store::kPlatformOrganization) view.organization_id = key.organization;
  return view;
}

/// A key that is about to be changed.
base::Result<store::ApiKey> find_for_change(db::Transaction& tx, const KeyDesk& desk, store::ApiKeyId id,
                                            base::Time now) {
  const auto bound = TRY(enter(tx, desk, now));
  const auto key = store::find_api_key(tx, desk.organization, id);
  if (!key) return refuse(base::kNotFound);
  TRY(require_match(desk.origin, view_of(*key, now)));
  if (is_beyond(from_words(key->permissions), bound)) return refuse(base::kOutranked);
  return *key;
}

void record_change(db::Transaction& tx, base::Time now, const KeyDesk& desk, store::AuditId audit,
                   std::string_view what, store::ApiKeyId id, std::map<std::string, std::string> details) {
  record(tx, now, desk.origin, {audit, desk.organization, what, desk.actor, id.to_string(), std::move(details)});
}

}  // namespace

base::Result<CreatedApiKey> make_key(const Services& services, const KeyDesk& desk, const ApiKeyDraft& draft) {
  const base::Time now = services.clock.now();
  const std::string name = TRY(clean_name(draft.name, "/name"));
  const Places places = TRY(places_of(draft.permissions));
  TRY(check_expiry(draft.expires_at, now));
  const auto id = store::ApiKeyId::make(now);
  const auto audit = store::AuditId::make(now);
  const crypto::NewApiKey secret = crypto::make_api_key(desk.organization.uuid, id.uuid);
  return services.database.write([&](db::Transaction& tx) -> base::Result<CreatedApiKey> {
    const auto bound = TRY(enter(tx, desk, now));
    const Permissions permissions = TRY(check_permissions(tx, desk, places));
    if (is_beyond(permissions, bound)) return refuse(base::kOutranked);
    if (store::count_live_api_keys(tx, desk.organization, now) >= kMostLive) return refuse(base::kTooMany);
    const std::string words = to_words(permissions);
    const store::ApiKey key{
        desk.organization, id,           name,        words, db::Bytes{secret.secret_hash}, desk.person, now,
        draft.expires_at,  std::nullopt, std::nullopt};
    store::insert_api_key(tx, key);
    record_change(tx, now, desk, audit, action::kApiKeyCreated, id, {{"permissions", words}});
    return CreatedApiKey{view_of(key, now), secret.text};
  });
}

base::Result<Page<ApiKeyView>> list_keys(const Services& services, store::OrganizationId organization,
                                         std::optional<std::int64_t> wanted, const std::optional<std::string>& after) {
  const base::Time now = services.clock.now();
  const std::int64_t limit = wanted.value_or(kPageDefault);
  const Position position = TRY(from_cursor(services, kList, organization, after));
  auto rows = services.database.read(
      [&](db::Transaction& tx) { return store::list_api_keys(tx, organization, {position.id}, limit + 1); });
  return make_page<ApiKeyView>(
      services, kList, organization, std::move(rows), limit,
      [&](const store::ApiKey& key) { return view_of(key, now); },
      [](const store::ApiKey& key) {
        return Position{key.created_at, key.id.uuid};
      });
}

base::Result<ApiKeyView> find_key(const Services& services, store::OrganizationId organization, store::ApiKeyId id) {
  const auto key =
      services.database.read([&](db::Transaction& tx) { return store::find_api_key(tx, organization, id); });
  if (!key) return refuse(base::kNotFound);
  return view_of(*key, services.clock.now());
}

base::Result<ApiKeyView> rename_key(const Services& services, const KeyDesk& desk, store::ApiKeyId id,
                                    const std::optional<std::string>& wanted) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  std::optional<std::string> name;
  if (wanted) name = TRY(clean_name(*wanted, "/name"));
  return services.database.write([&](db::Transaction& tx) -> base::Result<ApiKeyView> {
    store::ApiKey key = TRY(find_for_change(tx, desk, id, now));
    if (!name || *name == key.name) return view_of(key, now);
    store::rename_api_key(tx, desk.organization, id, *name);
    record_change(tx, now, desk, audit, action::kApiKeyRenamed, id, {});
    key.name = *name;
    return view_of(key, now);
  });
}

base::Result<void> revoke_key(const Services& services, const KeyDesk& desk, store::ApiKeyId id) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    const store::ApiKey key = TRY(find_for_change(tx, desk, id, now));
    if (key.revoked_at) return {};
    store::revoke_api_key(tx, desk.organization, id, now);
    revoke_invitations_of_key(tx, desk.organization, id, now);
    record_change(tx, now, desk, audit, action::kApiKeyRevoked, id, {});
    return {};
  });
}

}  // namespace gatehouse::domain
