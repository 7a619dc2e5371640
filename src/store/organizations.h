#pragma once

#include "db/database.h"
#include "store/ids.h"

#include <optional>
#include <string>

namespace gatehouse::store {

struct Organization {
  OrganizationId id;
  DirectoryId directory;
  std::string name;
  std::string slug;
  std::string status;  // "active" or "suspended"
  base::Time created_at;
};

/// Violates organizations_slug_key when the slug is taken.
void insert_organization(db::Transaction& tx, const Organization& organization);
std::optional<Organization> find_organization(db::Transaction& tx, OrganizationId id);

/// Takes the organization's fence: until the end of the transaction nobody else changes its members, roles or owners.
/// What is read after it is what will be true at COMMIT. Nothing when there is no such organization.
std::optional<Organization> fence_organization(db::Transaction& tx, OrganizationId id);

/// Removes the organization with its members, roles and invitations. Its fence must be held.
void delete_organization(db::Transaction& tx, OrganizationId id);

}  // namespace gatehouse::store
