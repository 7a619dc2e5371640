#pragma once

#include "base/result.h"
#include "domain/pages.h"
#include "domain/services.h"
#include "domain/steward.h"

/// API keys by the command line: those of an organization, or of the platform (kPlatformOrganization).
namespace gatehouse::domain {

struct StewardKeyView {
  store::ApiKeyId id;
  std::optional<store::OrganizationId> organization_id;
  std::string name;
  std::vector<std::string> permissions;
  base::Time created_at;
  std::optional<base::Time> expires_at;
  std::optional<base::Time> last_used_at;
  std::string status;  // "live", "expired" or "revoked"

  static constexpr auto fields() {
    using V = StewardKeyView;
    return wire::fields(wire::field("id", &V::id), wire::field("organization_id", &V::organization_id),
                        wire::field("name", &V::name), wire::field("permissions", &V::permissions),
                        wire::field("created_at", &V::created_at), wire::field("expires_at", &V::expires_at),
                        wire::field("last_used_at", &V::last_used_at), wire::field("status", &V::status));
  }
};

struct NewKeyView {
  StewardKeyView key;
  base::Secret secret;

  static constexpr auto fields() {
    return wire::fields(wire::field("key", &NewKeyView::key), wire::field("secret", &NewKeyView::secret));
  }
};

struct KeyDraft {
  store::OrganizationId organization;
  std::string name;
  std::vector<std::string> permissions;
  std::optional<std::int64_t> expires_in_days;
};

/// The secret is in the answer and nowhere else. Refuses: kInvalidRequest (a name or permission that no key can have),
/// kNotFound (the organization).
base::Result<NewKeyView> create_key(const Services& services, const Steward& steward, const KeyDraft& draft);

/// The live and the dead, in the order in which they were made; at most `limit` behind `after`.
base::Result<std::vector<StewardKeyView>> list_keys_of(const Services& services, const Steward& steward,
                                                       store::OrganizationId organization, store::ApiKeyId after,
                                                       std::int64_t limit);

/// Refuses: kInvalidRequest, kNotFound, kWrongState (revoked already).
base::Result<StewardKeyView> revoke_key_of(const Services& services, const Steward& steward,
                                           store::OrganizationId organization, store::ApiKeyId id);

}  // namespace gatehouse::domain
