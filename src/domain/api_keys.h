#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/pages.h"
#include "domain/services.h"

/// Keys with which back ends sign their requests: of an organization, or of the platform.
namespace gatehouse::domain {

struct ApiKeyView {
  store::ApiKeyId id;
  std::optional<store::OrganizationId> organization_id;
  std::string name;
  std::vector<std::string> permissions;
  std::optional<store::UserId> created_by;
  base::Time created_at;
  std::optional<base::Time> expires_at;
  std::optional<base::Time> last_used_at;
  std::string status;

  static constexpr std::string_view kSchemaName = "ApiKey";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("id", &ApiKeyView::id),
        wire::field("organization_id", &ApiKeyView::organization_id).says("Null for a key of the platform."),
        wire::field("name", &ApiKeyView::name), wire::field("permissions", &ApiKeyView::permissions),
        wire::field("created_by", &ApiKeyView::created_by).says("Null when it was made on the command line."),
        wire::field("created_at", &ApiKeyView::created_at), wire::field("expires_at", &ApiKeyView::expires_at),
        wire::field("last_used_at", &ApiKeyView::last_used_at).says("Written down once a minute."),
        wire::field("status", &ApiKeyView::status).says("live, expired or revoked"));
  }
};

/// A key that was just made, with its secret, which is never shown again.
struct CreatedApiKey : ApiKeyView {
  base::Secret secret;

  static constexpr std::string_view kSchemaName = "CreatedApiKey";
  static constexpr auto fields() {
    return std::tuple_cat(ApiKeyView::fields(),
                          wire::fields(wire::field("secret", &CreatedApiKey::secret)
                                           .says("Send it as `Authorization: Bearer …`. Shown here only.")));
  }
};

/// What a key is to be.
struct ApiKeyDraft {
  std::string name;
  std::vector<std::string> permissions;
  std::optional<base::Time> expires_at;

  static constexpr auto fields() {
    return wire::fields(
        wire::field("name", &ApiKeyDraft::name).length(1, 100).says("What people know it by.").example("Billing"),
        wire::field("permissions", &ApiKeyDraft::permissions)
            .length(3, 100)
            .says("What the key may do. No more than its maker may; neither what only owners may do nor "
                  "api_keys:manage. A key of the platform: platform:read, platform:manage.")
            .example("members:read"),
        wire::field("expires_at", &ApiKeyDraft::expires_at)
            .says("At most two years ahead. Without it the key works until it is revoked."));
  }
};

/// Whose keys they are, who works on them, and what bounds that.
struct KeyDesk {
  store::OrganizationId organization;  // kPlatformOrganization: the platform's
  Actor actor;
  Origin origin;
  /// Who is named as the maker.
  std::optional<store::UserId> person;
  /// Whose rights bound what a key may do and which key may be changed; read again behind the fence. Null for operators
  /// and the command line, who may give whatever a key can hold.
  const InOrganization* member = nullptr;
};

/// Makes a key. Refuses: kNotFound (the organization), `/name`, `/permissions/N`, `/expires_at`, kOutranked (a
/// permission that the member lacks), kTooMany (100 live ones).
base::Result<CreatedApiKey> make_key(const Services& services, const KeyDesk& desk, const ApiKeyDraft& draft);
/// The live and the dead, in the order in which they were made. Refuses `?after`.
base::Result<Page<ApiKeyView>> list_keys(const Services& services, store::OrganizationId organization,
                                         std::optional<std::int64_t> limit, const std::optional<std::string>& after);
/// Refuses: kNotFound.
base::Result<ApiKeyView> find_key(const Services& services, store::OrganizationId organization, store::ApiKeyId id);
/// Refuses: kNotFound, kPreconditionFailed, kOutranked (a key that may do what the member may not), `/name`.
base::Result<ApiKeyView> rename_key(const Services& services, const KeyDesk& desk, store::ApiKeyId id,
                                    const std::optional<std::string>& name);
/// The key works no more, and the invitations that were sent with it and not answered are revoked. Its row stays, so
/// that the audit log can be read. Nothing happens to one that is revoked already. Refuses: kNotFound,
/// kPreconditionFailed, kOutranked.
base::Result<void> revoke_key(const Services& services, const KeyDesk& desk, store::ApiKeyId id);

}  // namespace gatehouse::domain
