#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/pages.h"
#include "domain/services.h"
#include "wire/fields.h"

namespace gatehouse::domain {

struct PermissionView {
  std::string key;
  std::string description;
  std::string source;
  std::vector<std::string> roles;

  static constexpr std::string_view kSchemaName = "Permission";
  static constexpr auto fields() {
    return wire::fields(wire::field("key", &PermissionView::key).example("members:read"),
                        wire::field("description", &PermissionView::description),
                        wire::field("source", &PermissionView::source).says("gatehouse or application"),
                        wire::field("roles", &PermissionView::roles).says("The fixed roles that hold it."));
  }
};

/// All permissions there are: Gatehouse's own, then the application's by key.
base::Result<Page<PermissionView>> list_permissions(const Services& services, const SignedIn& caller,
                                                    const PageInput& input);

inline constexpr std::size_t kMostChecks = 100;

struct PermissionCheck {
  std::string permission;

  static constexpr std::string_view kSchemaName = "PermissionCheck";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("permission", &PermissionCheck::permission).length(1, 200).example("invoices:read"));
  }
};

struct CheckPermissionsInput {
  std::optional<store::OrganizationId> organization_id;
  std::optional<store::UserId> user_id;
  std::vector<PermissionCheck> checks;

  static constexpr std::string_view kSchemaName = "PermissionChecks";
  static constexpr auto fields() {
    return wire::fields(wire::field("organization_id", &CheckPermissionsInput::organization_id)
                            .says("The session's active organization, or that of the key, when it is absent."),
                        wire::field("user_id", &CheckPermissionsInput::user_id)
                            .says("Of which member; the caller when it is absent. Others need members:read."),
                        wire::field("checks", &CheckPermissionsInput::checks).says("At most 100."));
  }
};

struct Explanation {
  std::optional<store::RoleId> role_id;
  std::optional<std::string> role_key;
  std::optional<std::string> role_name;
  std::string grant;

  static constexpr std::string_view kSchemaName = "Explanation";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("role_id", &Explanation::role_id).says("The role that was looked at; no key has one."),
        wire::field("role_key", &Explanation::role_key), wire::field("role_name", &Explanation::role_name),
        wire::field("grant", &Explanation::grant)
            .says("What decides: fixed_role, custom_role or api_key, which hold it; policy (who_may_invite), which "
                  "gives or "
                  "takes it whatever these hold; none, or unknown_permission."));
  }
};

struct PermissionResult {
  std::string permission;
  bool allowed = false;
  Explanation explanation;

  static constexpr std::string_view kSchemaName = "PermissionResult";
  static constexpr auto fields() {
    return wire::fields(wire::field("permission", &PermissionResult::permission),
                        wire::field("allowed", &PermissionResult::allowed),
                        wire::field("explanation", &PermissionResult::explanation));
  }
};

struct PermissionResults {
  std::vector<PermissionResult> results;

  static constexpr std::string_view kSchemaName = "PermissionResults";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("results", &PermissionResults::results).says("One for each check, in the same order."));
  }
};

/// For admission: the organization that the input names, or that the caller is in. kInvalidRequest when there is none.
base::Result<store::OrganizationId> organization_of_checks(const Services& services, const Authenticated& who,
                                                           const CheckPermissionsInput& input);

/// Whether the caller, or another member, may do things, and why. A suspended member and one with a disabled account
/// may do nothing. Being a member or a key of the organization is enough. Refuses: kInvalidRequest, kForbidden
/// (somebody else, without members:read), kNotFound (no member).
base::Result<PermissionResults> check_permissions(const Services& services, const InOrganization& caller,
                                                  const CheckPermissionsInput& input);

}  // namespace gatehouse::domain
