#include "domain/views.h"

namespace gatehouse::domain {

UserView view(const store::User& user) {
  return {user.id, user.email, user.email_verified_at.has_value(), user.profile.name, user.created_at};
}

OrganizationView view(const store::Organization& organization) {
  return {organization.id,
          organization.name,
          organization.slug,
          organization.purge_at ? "deleted" : organization.status,
          organization.directory != store::kSharedDirectory,
          organization.created_at,
          organization.purge_at};
}

RoleView view(const store::Role& role, const Catalogue& catalogue) {
  const Permissions permissions = permissions_of(role.key, role.permissions, catalogue);
  return {role.id, role.key, role.name, role.description, {permissions.begin(), permissions.end()}, role.created_at};
}

MemberView view(const store::Member& member) {
  return {member.id,     member.organization, member.user,
          member.email,  member.name,         {member.role, member.role_key, member.role_name},
          member.status, member.joined_at};
}

MembershipView view(const store::Membership& membership) {
  return {membership.organization,
          membership.organization_name,
          membership.organization_slug,
          membership.member,
          {membership.role, membership.role_key, membership.role_name},
          membership.joined_at,
          membership.purge_at ? "deleted" : membership.organization_status,
          membership.purge_at};
}

}  // namespace gatehouse::domain
