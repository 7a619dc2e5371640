#pragma once

#include "domain/api_keys.h"

/// The operations of api_keys.h as requests: by members of the organization, and by operators for the platform.
namespace gatehouse::domain {

struct CreateApiKeyInput : ApiKeyDraft {
  store::OrganizationId organization;

  static constexpr std::string_view kSchemaName = "NewApiKey";
  static constexpr auto fields() {
    return std::tuple_cat(wire::fields(wire::field("organization", &CreateApiKeyInput::organization)),
                          ApiKeyDraft::fields());
  }
};

struct CreatePlatformKeyInput : ApiKeyDraft {
  static constexpr std::string_view kSchemaName = "NewPlatformKey";
};

struct PlatformKeyPageInput {
  std::optional<std::int64_t> limit;
  std::optional<std::string> after;

  static constexpr auto fields() {
    return wire::fields(
        wire::field("limit", &PlatformKeyPageInput::limit).range(1, kPageMost).says("20 when it is absent."),
        wire::field("after", &PlatformKeyPageInput::after).length(1, 256).says("`page.next` of the page before."));
  }
};

/// Names one key.
struct ApiKeyInput {
  store::OrganizationId organization;
  store::ApiKeyId key;

  static constexpr auto fields() {
    return wire::fields(wire::field("organization", &ApiKeyInput::organization), wire::field("key", &ApiKeyInput::key));
  }
};

struct PlatformKeyInput {
  store::ApiKeyId key;

  static constexpr auto fields() { return wire::fields(wire::field("key", &PlatformKeyInput::key)); }
};

struct RenameApiKeyInput : ApiKeyInput {
  std::optional<std::string> name;

  static constexpr std::string_view kSchemaName = "ApiKeyPatch";
  static constexpr auto fields() {
    return std::tuple_cat(ApiKeyInput::fields(),
                          wire::fields(wire::field("name", &RenameApiKeyInput::name).length(1, 100)));
  }
};

struct RenamePlatformKeyInput : PlatformKeyInput {
  std::optional<std::string> name;

  static constexpr std::string_view kSchemaName = "PlatformKeyPatch";
  static constexpr auto fields() {
    return std::tuple_cat(PlatformKeyInput::fields(),
                          wire::fields(wire::field("name", &RenamePlatformKeyInput::name).length(1, 100)));
  }
};

// Each needs api_keys:manage, which no key holds.

base::Result<CreatedApiKey> create_api_key(const Services& services, const InOrganization& caller,
                                           const CreateApiKeyInput& input);
base::Result<Page<ApiKeyView>> list_api_keys(const Services& services, const InOrganization& caller,
                                             const OrganizationPageInput& input);
base::Result<ApiKeyView> get_api_key(const Services& services, const InOrganization& caller, const ApiKeyInput& input);
base::Result<ApiKeyView> rename_api_key(const Services& services, const InOrganization& caller,
                                        const RenameApiKeyInput& input);
base::Result<void> revoke_api_key(const Services& services, const InOrganization& caller, const ApiKeyInput& input);

// For operators in person.

base::Result<CreatedApiKey> create_platform_key(const Services& services, const Operator& caller,
                                                const CreatePlatformKeyInput& input);
base::Result<Page<ApiKeyView>> list_platform_keys(const Services& services, const Operator& caller,
                                                  const PlatformKeyPageInput& input);
base::Result<ApiKeyView> get_platform_key(const Services& services, const Operator& caller,
                                          const PlatformKeyInput& input);
base::Result<ApiKeyView> rename_platform_key(const Services& services, const Operator& caller,
                                             const RenamePlatformKeyInput& input);
base::Result<void> revoke_platform_key(const Services& services, const Operator& caller, const PlatformKeyInput& input);

}  // namespace gatehouse::domain
