#include "domain/api_key_requests.h"

namespace gatehouse::domain {

namespace {

KeyDesk desk_of(const InOrganization& caller) {
  KeyDesk desk{caller.organization(), caller.actor(), caller.origin(), std::nullopt, &caller};
  if (caller.person() != nullptr) desk.person = caller.person()->account().user;
  return desk;
}

KeyDesk desk_of(const Operator& caller) {
  KeyDesk desk{store::kPlatformOrganization, caller.actor(), caller.origin(), std::nullopt, nullptr};
  if (caller.person() != nullptr) desk.person = caller.person()->account().user;
  return desk;
}

}  // namespace

base::Result<CreatedApiKey> create_api_key(const Services& services, const InOrganization& caller,
                                           const CreateApiKeyInput& input) {
  return make_key(services, desk_of(caller), input);
}

base::Result<Page<ApiKeyView>> list_api_keys(const Services& services, const InOrganization& caller,
                                             const OrganizationPageInput& input) {
  return list_keys(services, caller.organization(), input.limit, input.after);
}

base::Result<ApiKeyView> get_api_key(const Services& services, const InOrganization& caller, const ApiKeyInput& input) {
  return find_key(services, caller.organization(), input.key);
}

base::Result<ApiKeyView> rename_api_key(const Services& services, const InOrganization& caller,
                                        const RenameApiKeyInput& input) {
  return rename_key(services, desk_of(caller), input.key, input.name);
}

base::Result<void> revoke_api_key(const Services& services, const InOrganization& caller, const ApiKeyInput& input) {
  return revoke_key(services, desk_of(caller), input.key);
}

base::Result<CreatedApiKey> create_platform_key(const Services& services, const Operator& caller,
                                                const CreatePlatformKeyInput& input) {
  return make_key(services, desk_of(caller), input);
}

base::Result<Page<ApiKeyView>> list_platform_keys(const Services& services, const Operator&,
                                                  const PlatformKeyPageInput& input) {
  return list_keys(services, store::kPlatformOrganization, input.limit, input.after);
}

base::Result<ApiKeyView> get_platform_key(const Services& services, const Operator&, const PlatformKeyInput& input) {
  return find_key(services, store::kPlatformOrganization, input.key);
}

base::Result<ApiKeyView> rename_platform_key(const Services& services, const Operator& caller,
                                             const RenamePlatformKeyInput& input) {
  return rename_key(services, desk_of(caller), input.key, input.name);
}

base::Result<void> revoke_platform_key(const Services& services, const Operator& caller,
                                       const PlatformKeyInput& input) {
  return revoke_key(services, desk_of(caller), input.key);
}

}  // namespace gatehouse::domain
