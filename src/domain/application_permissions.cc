#include "domain/application_permissions.h"

#include "base/text.h"
#include "domain/audit.h"
#include "domain/names.h"
#include "domain/preconditions.h"
#include "store/api_keys.h"
#include "store/members.h"
#include "store/migrations.h"
#include "store/organizations.h"
#include "store/roles.h"

#include <algorithm>

namespace gatehouse::domain {

using base::refuse;

namespace {

constexpr std::int64_t kSweepPage = 200;
constexpr std::size_t kMostPartLength = 31;

/// Nobody may take a permission of the application for one of Gatehouse's, today's or tomorrow's.
constexpr std::array<std::string_view, 10> kReservedResources{
    "organization", "policies", "roles", "members", "invitations", "stats", "audit", "api_keys", "owners", "platform"};

ApplicationPermissionView view(const store::ApplicationPermission& permission) {
  ApplicationPermissionView out{permission.key, permission.description, {}, permission.created_at};
  const Permissions roles = from_words(permission.roles);
  for (const std::string_view role : kFixedRoles) {
    if (roles.contains(role)) out.roles.emplace_back(role);
  }
  return out;
}

bool is_part(std::string_view text) {
  const auto is_letter = [](char letter) { return letter >= 'a' && letter <= 'z'; };
  return !text.empty() && text.size() <= kMostPartLength && is_letter(text[0]) &&
         std::ranges::all_of(text, [&](char letter) {
           return is_letter(letter) || (letter >= '0' && letter <= '9') || letter == '_' || letter == '-';
         });
}

base::Result<void> check_key(std::string_view key) {
  const auto parts = base::split(key, ':');
  if (parts.size() != 2 || !is_part(parts[0]) || !is_part(parts[1])) {
    return base::refuse_field("/key", "expected resource:action in lower case, such as invoices:read");
  }
  if (std::ranges::find(kReservedResources, parts[0]) != kReservedResources.end()) {
    return base::refuse_field("/key", "This resource is Gatehouse's own.");
  }
  return {};
}

std::string to_role_words(const std::vector<std::string>& roles) {
  Permissions words(roles.begin(), roles.end());
  words.emplace(kOwnerRole);
  // Or members would outrank the admins who manage them.
  if (words.contains(kMemberRole)) words.emplace(kAdminRole);
  return to_words(words);
}

std::size_t characters_of(const Catalogue& catalogue) {
  std::size_t characters = 0;
  for (const store::ApplicationPermission& one : catalogue) characters += one.key.size() + 3;
  return characters;
}

/// An entry of a change that comes along with another one: the request's Idempotency-Key is not used up by it.
Origin beside(const Origin& origin) {
  Origin copy = origin;
  copy.idempotency = nullptr;
  return copy;
}

/// Takes `key` out of `words`. False when it was not there.
bool take_out(std::string& words, const std::string& key) {
  Permissions left = from_words(words);
  if (left.erase(key) == 0) return false;
  words = to_words(left);
  return true;
}

/// What takes the remains of a permission away that is in the catalogue no more.
class Sweep {
 public:
  Sweep(const Services& services, const Operator& caller, std::string key)
      : services_(services), caller_(caller), key_(std::move(key)) {}

  /// Whether anything was left.
  bool run() {
    const bool in_roles = over_roles();
    const bool in_keys = over_keys();
    return in_roles || in_keys;
  }

 private:
  bool over_roles() {
    bool found = false;
    store::OrganizationId organization;
    store::RoleId last;
    for (;;) {
      const auto page = services_.database.read(
          [&](db::Transaction& tx) { return store::list_granting_roles(tx, organization, last, kSweepPage); });
      if (page.empty()) return found;
      for (const store::Role& role : page) found = take_from(role) || found;
      organization = page.back().organization;
      last = page.back().id;
    }
  }

  bool over_keys() {
    bool found = false;
    store::OrganizationId organization;
    store::ApiKeyId last;
    for (;;) {
      const auto page = services_.database.read(
          [&](db::Transaction& tx) { return store::list_all_api_keys(tx, organization, last, kSweepPage); });
      if (page.empty()) return found;
      for (const store::ApiKey& key : page) found = take_from(key) || found;
      organization = page.back().organization;
      last = page.back().id;
    }
  }

  bool take_from(const store::Role& seen) {
    if (!from_words(seen.permissions).contains(key_)) return false;
    return behind_fence(seen.organization, action::kRoleUpdated, seen.id.to_string(), [&](db::Transaction& tx) {
      auto role = store::find_role(tx, seen.organization, seen.id);
      if (!role || !take_out(role->permissions, key_)) return false;
      store::update_role(tx, *role);
      store::bump_rights_of_role(tx, role->organization, role->id);
      return true;
    });
  }

  bool take_from(const store::ApiKey& seen) {
    if (!from_words(seen.permissions).contains(key_)) return false;
    return behind_fence(seen.organization, action::kPermissionRemoved, seen.id.to_string(), [&](db::Transaction& tx) {
      auto key = store::find_api_key(tx, seen.organization, seen.id);
      if (!key || !take_out(key->permissions, key_)) return false;
      store::set_api_key_permissions(tx, key->organization, key->id, key->permissions);
      return true;
    });
  }

  /// Runs `act(tx)` in a transaction of its own, unless the permission was registered anew meanwhile: then what is
  /// granted is granted by right. True when `act` has changed something.
  template <class Act>
  bool behind_fence(store::OrganizationId organization, std::string_view what, std::string subject, Act act) {
    const base::Time now = services_.clock.now();
    const auto audit = store::AuditId::make(now);
    const auto changed = services_.database.write([&](db::Transaction& tx) -> base::Result<bool> {
      store::fence_organization(tx, organization);
      if (store::lock_application_permission(tx, key_)) return false;
      if (!act(tx)) return false;
      record(tx, now, beside(caller_.origin()),
             {audit, organization, what, caller_.actor(), subject, {{"removed_permission", key_}}});
      return true;
    });
    return changed.value();
  }

  const Services& services_;
  const Operator& caller_;
  std::string key_;
};

}  // namespace

base::Result<Page<ApplicationPermissionView>> list_application_permissions(const Services& services, const Operator&,
                                                                           const PageInput& input) {
  std::vector<ApplicationPermissionView> all;
  for (const store::ApplicationPermission& one :
       services.database.read([](db::Transaction& tx) { return store::list_application_permissions(tx); })) {
    all.push_back(view(one));
  }
  return cut_page(services, "operator/permissions", store::kPlatformOrganization, std::move(all), input,
                  [](const ApplicationPermissionView& one) { return one.key; });
}

base::Result<ApplicationPermissionView> get_application_permission(const Services& services, const Operator&,
                                                                   const ApplicationPermissionInput& input) {
  const auto all = services.database.read([](db::Transaction& tx) { return store::list_application_permissions(tx); });
  const auto found = std::ranges::find(all, input.permission, &store::ApplicationPermission::key);
  if (found == all.end()) return refuse(base::kNotFound);
  return view(*found);
}

base::Result<ApplicationPermissionView> register_application_permission(const Services& services,
                                                                        const Operator& caller,
                                                                        const NewApplicationPermissionInput& input) {
  TRY(check_key(input.key));
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  const store::ApplicationPermission permission{
      input.key, TRY(clean_name(input.description, "/description")),
      input.roles ? to_role_words(*input.roles) : to_role_words({std::string(kAdminRole)}), now};
  // Whoever held it once, when a removal was cut short, is not to hold it again.
  Sweep(services, caller, input.key).run();
  try {
    return services.database.write([&](db::Transaction& tx) -> base::Result<ApplicationPermissionView> {
      store::lock_directory(tx, store::kPlatformDirectory);  // one at a time, or two would share the room that is left
      const Catalogue catalogue = store::list_application_permissions(tx);
      const bool is_taken =
          std::ranges::find(catalogue, input.key, &store::ApplicationPermission::key) != catalogue.end();
      if (is_taken) return refuse(base::kPermissionTaken);
      if (characters_of(catalogue) + input.key.size() + 3 > kCatalogueCharacters) return refuse(base::kTooMany);
      store::insert_application_permission(tx, permission);
      record(tx, now, caller.origin(),
             {audit,
              store::kPlatformOrganization,
              action::kPermissionRegistered,
              caller.actor(),
              permission.key,
              {{"roles", permission.roles}}});
      return view(permission);
    });
  } catch (const db::UniqueViolation& violation) {
    if (violation.constraint() == "application_permissions_pkey") return refuse(base::kPermissionTaken);
    throw;
  }
}

base::Result<ApplicationPermissionView> patch_application_permission(const Services& services, const Operator& caller,
                                                                     const PatchApplicationPermissionInput& input) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<ApplicationPermissionView> {
    const auto before = store::lock_application_permission(tx, input.permission);
    if (!before) return refuse(base::kNotFound);
    TRY(require_match(caller.origin(), view(*before)));
    store::ApplicationPermission after = *before;
    if (input.description) after.description = TRY(clean_name(*input.description, "/description"));
    if (input.roles) after.roles = to_role_words(*input.roles);
    if (after.description == before->description && after.roles == before->roles) return view(after);
    store::update_application_permission(tx, after.key, after.description, after.roles);
    record(tx, now, caller.origin(),
           {audit,
            store::kPlatformOrganization,
            action::kPermissionChanged,
            caller.actor(),
            after.key,
            {{"from_roles", before->roles}, {"to_roles", after.roles}}});
    return view(after);
  });
}

base::Result<void> remove_application_permission(const Services& services, const Operator& caller,
                                                 const ApplicationPermissionInput& input) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  const bool was_registered = TRY(services.database.write([&](db::Transaction& tx) -> base::Result<bool> {
    const auto permission = store::lock_application_permission(tx, input.permission);
    if (!permission) return false;
    TRY(require_match(caller.origin(), view(*permission)));
    store::delete_application_permission(tx, permission->key);
    record(tx, now, caller.origin(),
           {audit, store::kPlatformOrganization, action::kPermissionRemoved, caller.actor(), permission->key, {}});
    return true;
  }));
  // Words that never were a permission of the application are not looked for: Gatehouse's own stand in roles, too.
  if (!was_registered && !check_key(input.permission)) return refuse(base::kNotFound);
  const bool was_left = Sweep(services, caller, input.permission).run();
  if (!was_registered && !was_left) return refuse(base::kNotFound);
  return {};
}

}  // namespace gatehouse::domain
