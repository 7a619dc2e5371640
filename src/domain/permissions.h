#pragma once

#include "store/application_permissions.h"

#include <array>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::domain {

/// "resource:action".
using Permissions = std::set<std::string, std::less<>>;

inline constexpr std::string_view kOwnerRole = "owner";
inline constexpr std::string_view kAdminRole = "admin";
inline constexpr std::string_view kMemberRole = "member";
inline constexpr std::array kFixedRoles{kOwnerRole, kAdminRole, kMemberRole};

/// One permission of Gatehouse itself in an organization.
struct PermissionInfo {
  std::string_view key;
  std::string_view description;
  /// The lowest of the fixed roles that holds it: those above do too.
  std::string_view least_role;
};

inline constexpr std::string_view kOrganizationRead = "organization:read";
inline constexpr std::string_view kOrganizationUpdate = "organization:update";
inline constexpr std::string_view kOrganizationDelete = "organization:delete";
inline constexpr std::string_view kPoliciesUpdate = "policies:update";
inline constexpr std::string_view kRolesRead = "roles:read";
inline constexpr std::string_view kRolesManage = "roles:manage";
inline constexpr std::string_view kMembersRead = "members:read";
inline constexpr std::string_view kMembersCreate = "members:create";
inline constexpr std::string_view kMembersInvite = "members:invite";
inline constexpr std::string_view kMembersUpdate = "members:update";
inline constexpr std::string_view kMembersRemove = "members:remove";
inline constexpr std::string_view kInvitationsRead = "invitations:read";
inline constexpr std::string_view kStatsRead = "stats:read";
inline constexpr std::string_view kAuditRead = "audit:read";
inline constexpr std::string_view kApiKeysManage = "api_keys:manage";
/// Owners alone have it, so an owner outranks everybody else.
inline constexpr std::string_view kOwnersManage = "owners:manage";

/// The closed list.
inline constexpr std::array<PermissionInfo, 16> kPermissions{{
    {kOrganizationRead, "See the organization, its policies and its branding.", kMemberRole},
    {kRolesRead, "See the roles and what they permit.", kMemberRole},
    {kOrganizationUpdate, "Change name, slug, settings and branding of the organization.", kAdminRole},
    {kPoliciesUpdate, "Change the organization's policies.", kAdminRole},
    {kRolesManage, "Make, change and delete custom roles.", kAdminRole},
    {kMembersRead, "See who is a member.", kAdminRole},
    {kMembersCreate, "Add members directly, where the organization has a directory of its own.", kAdminRole},
    {kMembersInvite, "Invite people, send invitations again and revoke them.", kAdminRole},
    {kMembersUpdate, "Give members another role, suspend and reinstate them.", kAdminRole},
    {kMembersRemove, "Remove members.", kAdminRole},
    {kInvitationsRead, "See invitations and what became of their letters.", kAdminRole},
    {kStatsRead, "Read statistics.", kAdminRole},
    {kAuditRead, "Read and export the audit log.", kAdminRole},
    {kApiKeysManage, "See, make and revoke API keys.", kAdminRole},
    {kOwnersManage, "Make and unmake owners, transfer ownership.", kOwnerRole},
    {kOrganizationDelete, "Delete and restore the organization.", kOwnerRole},
}};

/// Neither custom roles nor API keys may hold what owners alone hold.
bool is_owner_only(std::string_view permission);
/// Nothing when it is no permission of Gatehouse's own.
const PermissionInfo* find_permission(std::string_view key);
/// One of the three roles that every organization has.
bool is_fixed_role(std::string_view role_key);

/// The application's permissions, as operators have registered them, sorted by key.
using Catalogue = std::vector<store::ApplicationPermission>;

/// Of the words stored with a custom role or a key, those that are permissions: Gatehouse's own or in the catalogue. So
/// what is taken out of the catalogue counts nowhere from that moment on.
Permissions granted_by(std::string_view stored, const Catalogue& catalogue);

/// What a role permits. The fixed ones: by what they are, and the application's permissions that name them. A custom
/// one: what is stored with it, as granted_by() reads it.
Permissions permissions_of(std::string_view role_key, std::string_view stored, const Catalogue& catalogue);

/// Whether `theirs` holds anything that `mine` lacks. Nobody grants, changes or removes what outranks them.
bool outranks(const Permissions& theirs, const Permissions& mine);

/// Words separated by single spaces, sorted: how sets of permissions, roles and domains are stored.
std::string to_words(const Permissions& words);
Permissions from_words(std::string_view text);

}  // namespace gatehouse::domain
