#pragma once

#include <set>
#include <string>
#include <string_view>

namespace gatehouse::domain {

/// "resource:action".
using Permissions = std::set<std::string, std::less<>>;

inline constexpr std::string_view kOrganizationRead = "organization:read";
inline constexpr std::string_view kRolesRead = "roles:read";
inline constexpr std::string_view kMembersRead = "members:read";
inline constexpr std::string_view kMembersInvite = "members:invite";
inline constexpr std::string_view kMembersUpdate = "members:update";
inline constexpr std::string_view kMembersRemove = "members:remove";
inline constexpr std::string_view kInvitationsRead = "invitations:read";
inline constexpr std::string_view kStatsRead = "stats:read";
/// Owners alone have it, so an owner outranks everybody else.
inline constexpr std::string_view kOwnersManage = "owners:manage";

inline constexpr std::string_view kOwnerRole = "owner";
inline constexpr std::string_view kAdminRole = "admin";
inline constexpr std::string_view kMemberRole = "member";

/// What a role may do. A key that is none of the three fixed ones may do nothing.
const Permissions& permissions_of(std::string_view role_key);

/// Whether `theirs` holds anything that `mine` lacks. Nobody grants, changes or removes what outranks them.
bool outranks(const Permissions& theirs, const Permissions& mine);

}  // namespace gatehouse::domain
