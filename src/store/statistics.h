#pragma once

#include "db/database.h"
#include "store/ids.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::store {

/// Active members of one role in one organization.
struct RoleCount {
  OrganizationId organization;
  std::string organization_name;
  std::string organization_slug;
  base::Time organization_created_at;
  std::string role_name;
  std::int64_t members;
};

/// Which memberships count by when they began; both ends inclusive.
struct JoinedRange {
  base::Time from;
  base::Time to;
};

/// Counts of one organization, by role.
std::vector<RoleCount> count_members_by_role(db::Transaction& tx, OrganizationId organization,
                                             const JoinedRange& joined);
/// The same of every organization, for operators.
std::vector<RoleCount> count_all_members_by_role(db::Transaction& tx, const JoinedRange& joined);

}  // namespace gatehouse::store
