#pragma once

#include "base/email.h"
#include "db/database.h"
#include "store/ids.h"
#include "store/organizations.h"

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
  std::string role_permissions = {};
  std::optional<std::string> name = {};  // of the person

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

// What changes a membership changes the statistics with it (store/ledger.h): under the organization's fence, `at` the
// operation's time. Of one membership it counts as happening no earlier than what was counted before.

/// Violates members_organization_id_user_id_key when the user is a member already. The statistics have it at joined_at.
void insert_member(db::Transaction& tx, const NewMember& member);
std::optional<Member> find_member(db::Transaction& tx, OrganizationId organization, MemberId id);
std::optional<Member> find_member_by_user(db::Transaction& tx, OrganizationId organization, UserId user);
std::optional<Member> find_member_by_email(db::Transaction& tx, OrganizationId organization,
                                           const base::EmailAddress& email);
/// The organization that a member id belongs to, and nothing else: admission comes next.
std::optional<OrganizationId> locate_member(db::Transaction& tx, MemberId id);
std::int64_t count_active_members_with_role(db::Transaction& tx, OrganizationId organization,
                                            const std::string& role_key);
/// Whether anybody but `id` is an active member with that role and an active account.
bool has_other_active_member_with_role(db::Transaction& tx, OrganizationId organization, const std::string& role_key,
                                       MemberId id);
/// These three make older tokens of the members stale.
void set_member_role(db::Transaction& tx, OrganizationId organization, MemberId id, RoleId role, base::Time at);
void set_member_status(db::Transaction& tx, OrganizationId organization, MemberId id, const std::string& status,
                       base::Time at);
void bump_rights_of_role(db::Transaction& tx, OrganizationId organization, RoleId role);
/// The same, and all who have the role `from` have `to` then.
void move_members_to_role(db::Transaction& tx, OrganizationId organization, RoleId from, RoleId to, base::Time at);
bool has_members_with_role(db::Transaction& tx, OrganizationId organization, RoleId role);
/// Access tokens of all members but those with `except` are refused from now on.
void bump_rights_of_all_but(db::Transaction& tx, OrganizationId organization, const std::string& except_role_key);
void delete_member(db::Transaction& tx, OrganizationId organization, MemberId id, base::Time at);
void delete_members(db::Transaction& tx, OrganizationId organization, base::Time at);

/// Which members a list shows; absent: all.
struct MemberFilter {
  std::optional<RoleId> role = {};
  std::optional<std::string> status = {};
  std::optional<base::Time> joined_from = {};   // then or later
  std::optional<base::Time> joined_until = {};  // earlier
  /// The beginning of the address or of the folded name (base::to_folded).
  std::optional<std::string> prefix = {};
};
/// The id decides between members who joined at one instant.
enum class MemberOrder { joined, joined_backwards, email, email_backwards };
/// Behind which member a page begins: by `joined_at` or by `email`, as the order asks.
struct MemberPosition {
  base::Time joined_at;
  std::string email;
  MemberId id;
};
/// Before the first one.
MemberPosition beginning_of(MemberOrder order);

/// A page of the members whom the filter lets through, behind `after`.
std::vector<Member> list_members(db::Transaction& tx, OrganizationId organization, const MemberFilter& filter,
                                 MemberOrder order, const MemberPosition& after, std::int64_t limit);

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
  std::string role_permissions = {};
  Policies policies = {};
  /// Of the organization, as store::Organization has them.
  std::string organization_status = "active";
  std::optional<base::Time> purge_at = {};
};

/// The user's active memberships, oldest first.
std::vector<Membership> list_memberships(db::Transaction& tx, const Account& account);
/// A page of them behind (`after_joined_at`, `after_id`), together with the deleted organizations that the user owns
/// and may restore.
std::vector<Membership> list_own_organizations(db::Transaction& tx, const Account& account, base::Time after_joined_at,
                                               MemberId after_id, std::int64_t limit);
/// One of the active memberships.
std::optional<Membership> find_membership(db::Transaction& tx, OrganizationId organization, const Account& account);

struct Addressee {
  Account account;
  base::EmailAddress email;
};
/// The active members whose accounts are active: those who have been there longest, up to `limit`.
std::vector<Addressee> list_active_addressees(db::Transaction& tx, OrganizationId organization, std::int64_t limit);

}  // namespace gatehouse::store
