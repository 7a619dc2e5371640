#pragma once

#include "base/email.h"
#include "db/database.h"
#include "store/organizations.h"

#include <string>
#include <vector>

/// What operators do with organizations, over all tenants. For the operators' part of the API and the command line
/// only.
namespace gatehouse::store {

struct OrganizationSearch {
  /// How the slug or the folded name begins (base::to_folded); empty: any.
  std::string prefix;
  /// "active", "suspended" (by an operator) or "deleted" (by its owners); empty: any.
  std::string status;
  base::Time after_created_at;
  OrganizationId after_id;
  std::int64_t limit;
};
/// A page in the order in which they were made, without their policies.
std::vector<Organization> search_organizations(db::Transaction& tx, const OrganizationSearch& search);

/// How many people have a role. `active` ones can sign in there.
struct RoleTally {
  RoleId role;
  std::string key;
  std::string name;
  std::int64_t active;
  std::int64_t suspended;
};
/// Every role, in the order of list_roles().
std::vector<RoleTally> tally_members_by_role(db::Transaction& tx, OrganizationId organization);

/// The fence must be held.
void set_organization_suspended(db::Transaction& tx, OrganizationId organization, bool is_suspended);

}  // namespace gatehouse::store
