#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/pages.h"
#include "domain/services.h"
#include "domain/views.h"

namespace gatehouse::domain {

inline constexpr std::size_t kMostRoles = 100;
inline constexpr std::size_t kMostGrants = 100;

/// Oldest first. Needs roles:read.
base::Result<Page<RoleView>> list_roles(const Services& services, const InOrganization& caller,
                                        const OrganizationPageInput& input);

struct RoleInput {
  store::OrganizationId organization;
  store::RoleId role;

  static constexpr auto fields() {
    return wire::fields(wire::field("organization", &RoleInput::organization), wire::field("role", &RoleInput::role));
  }
};

/// Needs roles:read. Refuses: kNotFound.
base::Result<RoleView> get_role(const Services& services, const InOrganization& caller, const RoleInput& input);

struct NewRoleInput {
  store::OrganizationId organization;
  std::optional<std::string> key;
  std::string name;
  std::optional<std::string> description;
  std::vector<std::string> permissions;

  static constexpr std::string_view kSchemaName = "NewRole";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("organization", &NewRoleInput::organization),
        wire::field("key", &NewRoleInput::key)
            .length(1, 40)
            .says("Never changes: a lower-case letter, then letters, digits and _. Made from the name when absent.")
            .example("accountant"),
        wire::field("name", &NewRoleInput::name).length(1, 40).says("What people see.").example("Accountant"),
        wire::field("description", &NewRoleInput::description).length(0, 200),
        wire::field("permissions", &NewRoleInput::permissions)
            .length(1, 63)
            .says("At most 100, of those at GET /v1/permissions that owners do not keep to themselves.")
            .example("members:read"));
  }
};

/// Makes a custom role. Nobody puts into it what they lack. Needs roles:manage. Refuses: kInvalidRequest, kOutranked,
/// kRoleNameTaken (also a name that would be mistaken for a fixed role, and a key that is taken), kTooMany.
base::Result<RoleView> create_role(const Services& services, const InOrganization& caller, const NewRoleInput& input);

struct PatchRoleInput {
  store::OrganizationId organization;
  store::RoleId role;
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<std::vector<std::string>> permissions;

  static constexpr std::string_view kSchemaName = "RolePatch";
  static constexpr auto fields() {
    return wire::fields(wire::field("organization", &PatchRoleInput::organization),
                        wire::field("role", &PatchRoleInput::role),
                        wire::field("name", &PatchRoleInput::name).length(1, 40).says("What people see."),
                        wire::field("description", &PatchRoleInput::description).length(0, 200),
                        wire::field("permissions", &PatchRoleInput::permissions)
                            .length(1, 63)
                            .says("All that the role is to permit. Not of owner, admin and member.")
                            .example("members:read"));
  }
};

/// Changes a role. Other permissions make the access tokens of all its members stale at once; a refresh gives current
/// ones. The fixed roles take another name or description only. Needs roles:manage. Refuses: kInvalidRequest,
/// kNotFound, kPreconditionFailed, kOutranked (the role before or after), kFixedRole, kRoleNameTaken, kWrongState (the
/// caller's own role would lose roles:manage).
base::Result<RoleView> patch_role(const Services& services, const InOrganization& caller, const PatchRoleInput& input);

struct DeleteRoleInput {
  store::OrganizationId organization;
  store::RoleId role;
  std::optional<store::RoleId> replacement;

  static constexpr auto fields() {
    return wire::fields(wire::field("organization", &DeleteRoleInput::organization),
                        wire::field("role", &DeleteRoleInput::role),
                        wire::field("replacement", &DeleteRoleInput::replacement)
                            .says("The role that its members and the invited get; needed when there are any."));
  }
};

/// Deletes a custom role. Its members and invitations get the replacement; finished invitations get the role `member`
/// when none is named, since they can't point at nothing (what they offered stays in the audit log). Needs
/// roles:manage. Refuses: kInvalidRequest, kNotFound, kPreconditionFailed, kOutranked (the role or its replacement),
/// kFixedRole, kRoleInUse, kWrongState (the caller's own role, and its replacement lacks roles:manage).
base::Result<void> delete_role(const Services& services, const InOrganization& caller, const DeleteRoleInput& input);

/// The permissions that a custom role or a key is to hold, once it is certain that the one who grants them may: each is
/// a permission, no owner's own, and `mine` holds it. Those of the application are locked until COMMIT, so that whoever
/// removes one meanwhile finds the grant. Problems point at `pointer`/n. Refuses: kInvalidRequest, kOutranked.
base::Result<Permissions> take_grants(db::Transaction& tx, const std::vector<std::string>& wanted,
                                      const Permissions& mine, std::string_view pointer);

}  // namespace gatehouse::domain
