#include "domain/new_organization.h"

#include "domain/permissions.h"

namespace gatehouse::domain {

std::vector<store::Role> make_fixed_roles(store::OrganizationId organization, std::string owner_name, base::Time now) {
  return {{organization, store::RoleId::make(now), std::string(kOwnerRole), std::move(owner_name), now},
          {organization, store::RoleId::make(now), std::string(kAdminRole), std::string(kAdminRole), now},
          {organization, store::RoleId::make(now), std::string(kMemberRole), std::string(kMemberRole), now}};
}

void store_new_organization(db::Transaction& tx, const store::Organization& organization,
                            const std::vector<store::Role>& roles) {
  store::insert_organization(tx, organization);
  for (const store::Role& role : roles) store::insert_role(tx, role);
}

}  // namespace gatehouse::domain
