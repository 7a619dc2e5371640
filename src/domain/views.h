#pragma once

#include "domain/permissions.h"
#include "store/members.h"
#include "store/organizations.h"
#include "store/roles.h"
#include "store/users.h"
#include "wire/fields.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::domain {

/// A sentence for people, when there is nothing else to say.
struct MessageView {
  std::string message;

  static constexpr std::string_view kSchemaName = "Message";
  static constexpr auto fields() { return wire::fields(wire::field("message", &MessageView::message)); }
};

struct UserView {
  store::UserId id;
  base::EmailAddress email;
  bool email_verified = false;
  std::optional<std::string> name;
  base::Time created_at;

  static constexpr std::string_view kSchemaName = "User";
  static constexpr auto fields() {
    return wire::fields(wire::field("id", &UserView::id), wire::field("email", &UserView::email),
                        wire::field("email_verified", &UserView::email_verified), wire::field("name", &UserView::name),
                        wire::field("created_at", &UserView::created_at));
  }
};

struct OrganizationView {
  store::OrganizationId id;
  std::string name;
  std::string slug;
  std::string status;
  bool has_own_directory = false;
  base::Time created_at;
  std::optional<base::Time> purge_at;

  static constexpr std::string_view kSchemaName = "Organization";
  static constexpr auto fields() {
    return wire::fields(wire::field("id", &OrganizationView::id), wire::field("name", &OrganizationView::name),
                        wire::field("slug", &OrganizationView::slug),
                        wire::field("status", &OrganizationView::status).says("active, suspended or deleted"),
                        wire::field("has_own_directory", &OrganizationView::has_own_directory)
                            .says("Its people's accounts are apart from all others."),
                        wire::field("created_at", &OrganizationView::created_at),
                        wire::field("purge_at", &OrganizationView::purge_at)
                            .says("Of a deleted one: until then its owners can restore it."));
  }
};

/// A role as it is named beside a member or an invitation.
struct RoleReference {
  store::RoleId id;
  std::string key;
  std::string name;

  static constexpr std::string_view kSchemaName = "RoleReference";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("id", &RoleReference::id),
        wire::field("key", &RoleReference::key).says("Never changes: owner, admin, member, or that of a custom role."),
        wire::field("name", &RoleReference::name).says("What people see."));
  }
};

struct RoleView {
  store::RoleId id;
  std::string key;
  std::string name;
  std::string description;
  std::vector<std::string> permissions;
  base::Time created_at;

  static constexpr std::string_view kSchemaName = "Role";
  static constexpr auto fields() {
    return wire::fields(wire::field("id", &RoleView::id), wire::field("key", &RoleView::key),
                        wire::field("name", &RoleView::name), wire::field("description", &RoleView::description),
                        wire::field("permissions", &RoleView::permissions),
                        wire::field("created_at", &RoleView::created_at));
  }
};

struct MemberView {
  store::MemberId id;
  store::OrganizationId organization_id;
  store::UserId user_id;
  base::EmailAddress email;
  std::optional<std::string> name;
  RoleReference role;
  std::string status;
  base::Time joined_at;

  static constexpr std::string_view kSchemaName = "Member";
  static constexpr auto fields() {
    return wire::fields(wire::field("id", &MemberView::id),
                        wire::field("organization_id", &MemberView::organization_id),
                        wire::field("user_id", &MemberView::user_id), wire::field("email", &MemberView::email),
                        wire::field("name", &MemberView::name), wire::field("role", &MemberView::role),
                        wire::field("status", &MemberView::status), wire::field("joined_at", &MemberView::joined_at));
  }
};

/// An organization as one of its members sees it.
struct MembershipView {
  store::OrganizationId id;
  std::string name;
  std::string slug;
  store::MemberId member_id;
  RoleReference role;
  base::Time joined_at;
  std::string status;
  std::optional<base::Time> purge_at;

  static constexpr std::string_view kSchemaName = "Membership";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("id", &MembershipView::id), wire::field("name", &MembershipView::name),
        wire::field("slug", &MembershipView::slug), wire::field("member_id", &MembershipView::member_id),
        wire::field("role", &MembershipView::role), wire::field("joined_at", &MembershipView::joined_at),
        wire::field("status", &MembershipView::status)
            .says("Of the organization: active, or deleted in the lists of those who can restore it."),
        wire::field("purge_at", &MembershipView::purge_at).says("Until then a deleted one can be restored."));
  }
};

UserView view(const store::User& user);
OrganizationView view(const store::Organization& organization);
RoleView view(const store::Role& role, const Catalogue& catalogue);
MemberView view(const store::Member& member);
MembershipView view(const store::Membership& membership);

}  // namespace gatehouse::domain
