#pragma once

#include "base/email.h"
#include "db/database.h"
#include "store/ids.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::store {

/// A user's place in an organization, with what is usually asked about it.
struct Member {
  OrganizationId organization;
  MemberId id;
  DirectoryId directory;
  UserId user;
  RoleId role;
  std::string role_key;
  std::string role_name;
  std::string status;  // "active" or "suspended"
  /// Grows with every change of what the member may do; a token made under an older one is refused. Begins with the
  /// time of joining, so that nothing of an earlier membership of the same person holds in a later one.
  std::int64_t rights_version;
  base::Time joined_at;
  base::EmailAddress email;

  Account account() const { return {directory, user}; }
  bool is_active() const { return status == "active"; }
};

struct NewMember {
  OrganizationId organization;
  MemberId id;
  Account account;
  RoleId role;
  base::Time joined_at;
  std::string status = "active";
};

/// Violates members_organization_id_user_id_key when the user is a member already.
void insert_member(db::Transaction& tx, const NewMember& member);
std::optional<Member> find_member(db::Transaction& tx, OrganizationId organization, MemberId id);
std::optional<Member> find_member_by_user(db::Transaction& tx, OrganizationId organization, UserId user);
std::optional<Member> find_member_by_email(db::Transaction& tx, OrganizationId organization,
                                           const base::EmailAddress& email);
/// The organization that a member id belongs to, and nothing else: admission comes next.
std::optional<OrganizationId> locate_member(db::Transaction& tx, MemberId id);
std::int64_t count_active_members_with_role(db::Transaction& tx, OrganizationId organization,
                                            const std::string& role_key);
void set_member_role(db::Transaction& tx, OrganizationId organization, MemberId id, RoleId role);
void delete_member(db::Transaction& tx, OrganizationId organization, MemberId id);

/// A page of members in the order in which they joined, behind (`after_joined_at`, `after_id`).
std::vector<Member> list_members(db::Transaction& tx, OrganizationId organization, base::Time after_joined_at,
                                 MemberId after_id, std::int64_t limit);

/// An active membership of a user in an active organization.
struct Membership {
  OrganizationId organization;
  std::string organization_name;
  std::string organization_slug;
  base::Time organization_created_at;
  MemberId member;
  RoleId role;
  std::string role_key;
  std::string role_name;
  std::int64_t rights_version;
  base::Time joined_at;
};

/// The user's active memberships, oldest first.
std::vector<Membership> list_memberships(db::Transaction& tx, const Account& account);
/// One of them.
std::optional<Membership> find_membership(db::Transaction& tx, OrganizationId organization, const Account& account);

}  // namespace gatehouse::store
