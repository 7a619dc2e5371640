#include "domain/permissions.h"

#include <algorithm>

namespace gatehouse::domain {

const Permissions& permissions_of(std::string_view role_key) {
  static const Permissions none;
  static const Permissions member{std::string(kOrganizationRead), std::string(kRolesRead)};
  static const Permissions admin = [] {
    Permissions all = member;
    for (const auto permission :
         {kMembersRead, kMembersInvite, kMembersUpdate, kMembersRemove, kInvitationsRead, kStatsRead}) {
      all.emplace(permission);
    }
    return all;
  }();
  static const Permissions owner = [] {
    Permissions all = admin;
    all.emplace(kOwnersManage);
    return all;
  }();
  if (role_key == kOwnerRole) return owner;
  if (role_key == kAdminRole) return admin;
  if (role_key == kMemberRole) return member;
  return none;
}

bool outranks(const Permissions& theirs, const Permissions& mine) {
  return !std::includes(mine.begin(), mine.end(), theirs.begin(), theirs.end());
}

}  // namespace gatehouse::domain
