#pragma once

#include "db/database.h"
#include "store/organizations.h"
#include "store/roles.h"

#include <string>
#include <vector>

namespace gatehouse::domain {

/// The roles that every organization has, in the order owner, admin, member. `owner_name` is what people call owners.
std::vector<store::Role> make_fixed_roles(store::OrganizationId organization, std::string owner_name, base::Time now);

/// Writes an organization with its roles. Its directory must be there. Violates organizations_slug_key when the slug is
/// taken.
void store_new_organization(db::Transaction& tx, const store::Organization& organization,
                            const std::vector<store::Role>& roles);

}  // namespace gatehouse::domain
