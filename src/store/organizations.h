#pragma once

#include "db/database.h"
#include "store/ids.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::store {

/// What an organization asks beyond what the platform does. Absent: what the platform asks is enough.
struct Policies {
  std::optional<std::int64_t> password_minimum;
  std::optional<std::int64_t> session_idle_seconds;
  std::optional<std::int64_t> session_absolute_seconds;
  std::optional<std::string> sign_in_alert;  // "always", "new_device" or "never"
  /// Domains of mail addresses, A-labels separated by spaces; empty: any.
  std::string allowed_domains;
  std::optional<std::string> who_may_invite;  // "owners", "admins" or "members"
};

struct Organization {
  OrganizationId id;
  DirectoryId directory;
  std::string name;
  std::string slug;
  std::string status;  // "active" or "suspended"
  base::Time created_at;
  /// Deleted by its owners, and gone for good then. `status` is "suspended" until somebody restores it.
  std::optional<base::Time> purge_at = {};
  Policies policies = {};
  /// The application's own: a JSON object as wire::JsonObject has it.
  std::string settings = "{}";
  /// Of pages and letters for those who chose none.
  std::optional<std::string> language = {};

  bool is_active() const { return status == "active"; }
};

/// With no settings. Violates organizations_slug_key when the slug is taken. The platform's statistics have it at
/// created_at, as kind "organization", detail "created".
void insert_organization(db::Transaction& tx, const Organization& organization);
std::optional<Organization> find_organization(db::Transaction& tx, OrganizationId id);
std::optional<Organization> find_organization_by_slug(db::Transaction& tx, const std::string& slug);

/// The language alone; nothing when none was chosen, or there is no such organization.
std::optional<std::string> find_organization_language(db::Transaction& tx, OrganizationId id);

/// Takes the organization's fence: until the end of the transaction nobody else changes its members, roles or owners.
/// What is read after it is what will be true at COMMIT. Nothing when there is no such organization.
std::optional<Organization> fence_organization(db::Transaction& tx, OrganizationId id);

// Each of these under the fence.
/// Violates organizations_slug_key when the slug is taken.
void rename_organization(db::Transaction& tx, OrganizationId id, const std::string& name, const std::string& slug);
void set_organization_language(db::Transaction& tx, OrganizationId id, const std::optional<std::string>& language);
void set_settings(db::Transaction& tx, OrganizationId id, const std::string& settings);
void set_policies(db::Transaction& tx, OrganizationId id, const Policies& policies);
/// Nobody works in it from now on, and after `purge_at` nobody gets it back.
void mark_organization_deleted(db::Transaction& tx, OrganizationId id, base::Time purge_at);
void restore_organization(db::Transaction& tx, OrganizationId id);

/// Folds the next `limit` names behind `after` that were written by a program which did not. Returns the last of them,
/// or nothing at the end.
std::optional<OrganizationId> fold_organization_names(db::Transaction& tx, OrganizationId after, std::int64_t limit);

/// Deleted ones whose time is over, the oldest first.
std::vector<OrganizationId> list_purgeable_organizations(db::Transaction& tx, base::Time now, std::int64_t limit);

/// Removes the organization with its members, roles, keys, logo and invitations, of which there must not be more than
/// one transaction can hold. Its fence must be held. The statistics keep what it and its roles were called, and the
/// platform's have it as "deleted": one that may be restored is not.
void delete_organization(db::Transaction& tx, OrganizationId id, base::Time at);

}  // namespace gatehouse::store
