#include "domain/founding.h"

#include "domain/names.h"
#include "domain/permissions.h"
#include "store/directories.h"

namespace gatehouse::domain {

NewOrganization make_organization(std::string name, std::optional<std::string> slug,
                                  const std::optional<std::string>& directory, base::Time now,
                                  std::string owner_role_name) {
  NewOrganization made;
  made.is_isolated = directory == kIsolated;
  made.is_slug_chosen = slug.has_value();
  const auto id = store::OrganizationId::make(now);
  made.organization = {
      id, made.is_isolated ? store::DirectoryId::make(now) : store::kSharedDirectory, std::move(name), {}, "active",
      now};
  made.organization.slug = slug ? std::move(*slug) : to_slug(made.organization.name);
  made.roles = {{id, store::RoleId::make(now), std::string(kOwnerRole), std::move(owner_role_name), now},
                {id, store::RoleId::make(now), std::string(kAdminRole), std::string(kAdminRole), now},
                {id, store::RoleId::make(now), std::string(kMemberRole), std::string(kMemberRole), now}};
  return made;
}

void insert_new_organization(db::Transaction& tx, const NewOrganization& made) {
  if (made.is_isolated) {
    store::insert_isolated_directory(tx, made.organization.directory, made.organization.created_at);
  }
  store::insert_organization(tx, made.organization);
  for (const store::Role& role : made.roles) store::insert_role(tx, role);
}

bool take_another_slug(NewOrganization& made) {
  if (made.is_slug_chosen) return false;
  made.organization.slug = to_slug_with_suffix(made.organization.name);
  return true;
}

}  // namespace gatehouse::domain
