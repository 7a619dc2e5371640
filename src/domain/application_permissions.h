#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/pages.h"
#include "domain/services.h"
#include "wire/fields.h"

/// The permissions of the application that Gatehouse guards. Operators register them for all organizations; access
/// tokens carry those that a member holds, and POST /v1/permissions/check knows them.
namespace gatehouse::domain {

/// What all registered keys may take together, each with the three characters that stand around it in a token: a token
/// of whoever holds all of them stays within 4 KB.
inline constexpr std::size_t kCatalogueCharacters = 1500;

struct ApplicationPermissionView {
  std::string key;
  std::string description;
  std::vector<std::string> roles;
  base::Time created_at;

  static constexpr std::string_view kSchemaName = "ApplicationPermission";
  static constexpr auto fields() {
    return wire::fields(wire::field("key", &ApplicationPermissionView::key).example("invoices:read"),
                        wire::field("description", &ApplicationPermissionView::description),
                        wire::field("roles", &ApplicationPermissionView::roles)
                            .says("The fixed roles that hold it; owner always does, and admin whenever member does."),
                        wire::field("created_at", &ApplicationPermissionView::created_at));
  }
};

/// By key. Needs platform:read, as the next one.
base::Result<Page<ApplicationPermissionView>> list_application_permissions(const Services& services,
                                                                           const Operator& caller,
                                                                           const PageInput& input);

struct ApplicationPermissionInput {
  std::string permission;

  static constexpr auto fields() {
    return wire::fields(wire::field("permission", &ApplicationPermissionInput::permission)
                            .length(1, 63)
                            .says("Its key.")
                            .example("invoices:read"));
  }
};

/// Refuses: kNotFound.
base::Result<ApplicationPermissionView> get_application_permission(const Services& services, const Operator& caller,
                                                                   const ApplicationPermissionInput& input);

struct NewApplicationPermissionInput {
  std::string key;
  std::string description;
  std::optional<std::vector<std::string>> roles;

  static constexpr std::string_view kSchemaName = "NewApplicationPermission";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("key", &NewApplicationPermissionInput::key)
            .length(3, 63)
            .says("resource:action, each a lower-case letter and up to 30 letters, digits, _ and -. The resources of "
                  "Gatehouse's own permissions are taken.")
            .example("invoices:read"),
        wire::field("description", &NewApplicationPermissionInput::description)
            .length(1, 200)
            .example("See the invoices of the organization."),
        wire::field("roles", &NewApplicationPermissionInput::roles)
            .one_of(kFixedRoles)
            .says("The fixed roles that hold it; owner and admin when absent. Owners always do, and admins whenever "
                  "members "
                  "do.")
            .example("admin"));
  }
};

/// Needs platform:manage, as those below. Refuses: kInvalidRequest, kPermissionTaken, kTooMany.
base::Result<ApplicationPermissionView> register_application_permission(const Services& services,
                                                                        const Operator& caller,
                                                                        const NewApplicationPermissionInput& input);

struct PatchApplicationPermissionInput {
  std::string permission;
  std::optional<std::string> description;
  std::optional<std::vector<std::string>> roles;

  static constexpr std::string_view kSchemaName = "ApplicationPermissionPatch";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("permission", &PatchApplicationPermissionInput::permission).length(1, 63).says("Its key."),
        wire::field("description", &PatchApplicationPermissionInput::description).length(1, 200),
        wire::field("roles", &PatchApplicationPermissionInput::roles)
            .one_of(kFixedRoles)
            .says("All the fixed roles that are to hold it; owners always do, and admins whenever members do.")
            .example("admin"));
  }
};

/// Holds from the next request on; services that verify access tokens offline see it within their 300 seconds.
/// Refuses: kInvalidRequest, kNotFound, kPreconditionFailed.
base::Result<ApplicationPermissionView> patch_application_permission(const Services& services, const Operator& caller,
                                                                     const PatchApplicationPermissionInput& input);

/// Takes it out of the catalogue, from which moment on it counts nowhere, and then out of every custom role and API key
/// that holds it. When that is cut short, asking again finishes it, and so does registering the key anew: nobody gets a
/// grant back that was made before. Refuses: kNotFound (neither registered nor left anywhere), kPreconditionFailed.
base::Result<void> remove_application_permission(const Services& services, const Operator& caller,
                                                 const ApplicationPermissionInput& input);

}  // namespace gatehouse::domain
