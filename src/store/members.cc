#include "store/members.h"

namespace gatehouse::store {

namespace {

#define MEMBER_COLUMNS                                                                              \
  "SELECT m.organization_id, m.id, m.directory_id, m.user_id, m.role_id, r.key, r.name, m.status, " \
  "m.rights_version, m.joined_at, u.email FROM members m "                                          \
  "JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id "                     \
  "JOIN users u ON u.directory_id = m.directory_id AND u.id = m.user_id "

constexpr db::Statement kInsert{
    "insert_member",
    "INSERT INTO members (organization_id, id, directory_id, user_id, role_id, status, rights_version, joined_at) "
    "VALUES ($1, $2, $3, $4, $5, $8, $7, $6)"};

constexpr db::Statement kFind{"find_member", MEMBER_COLUMNS "WHERE m.organization_id = $1 AND m.id = $2"};
constexpr db::Statement kFindByUser{"find_member_by_user",
                                    MEMBER_COLUMNS "WHERE m.organization_id = $1 AND m.user_id = $2"};
constexpr db::Statement kFindByEmail{
    "find_member_by_email", MEMBER_COLUMNS
    "JOIN organizations o ON o.id = m.organization_id "
    "WHERE m.organization_id = $1 AND u.directory_id = o.directory_id AND u.email = $2"};
constexpr db::Statement kLocate{"locate_member", "SELECT organization_id FROM members WHERE id = $1"};

constexpr db::Statement kCountWithRole{
    "count_active_members_with_role",
    "SELECT COUNT(*) FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id "
    "JOIN users u ON u.directory_id = m.directory_id AND u.id = m.user_id "
    "WHERE m.organization_id = $1 AND r.key = $2 AND m.status = 'active' AND u.status = 'active'"};

constexpr db::Statement kSetRole{
    "set_member_role",
    "UPDATE members SET role_id = $3, rights_version = rights_version + 1 WHERE organization_id = $1 AND id = $2"};

constexpr db::Statement kDelete{"delete_member", "DELETE FROM members WHERE organization_id = $1 AND id = $2"};

constexpr db::Statement kList{"list_members", MEMBER_COLUMNS
                              "WHERE m.organization_id = $1 AND (m.joined_at, m.id) > ($2, $3) "
                              "ORDER BY m.joined_at, m.id LIMIT $4"};

#define MEMBERSHIP_COLUMNS                                                                               \
  "SELECT o.id, o.name, o.slug, o.created_at, m.id, r.id, r.key, r.name, m.rights_version, m.joined_at " \
  "FROM members m JOIN organizations o ON o.id = m.organization_id "                                     \
  "JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id "

constexpr db::Statement kListMemberships{
    "list_memberships", MEMBERSHIP_COLUMNS
    "WHERE m.directory_id = $1 AND m.user_id = $2 AND m.status = 'active' AND o.status = 'active' "
    "ORDER BY m.joined_at, m.id"};

constexpr db::Statement kFindMembership{
    "find_membership", MEMBERSHIP_COLUMNS
    "WHERE m.organization_id = $1 AND m.directory_id = $2 AND m.user_id = $3 AND m.status = 'active' "
    "AND o.status = 'active'"};

Member to_member(const db::Row& row) {
  return Member{row.get<OrganizationId>(0),
                row.get<MemberId>(1),
                row.get<DirectoryId>(2),
                row.get<UserId>(3),
                row.get<RoleId>(4),
                row.get<std::string>(5),
                row.get<std::string>(6),
                row.get<std::string>(7),
                row.get<std::int64_t>(8),
                row.get<base::Time>(9),
                base::EmailAddress{row.get<std::string>(10)}};
}

std::optional<Member> to_member(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return to_member(*row);
}

Membership to_membership(const db::Row& row) {
  return row.as<Membership, OrganizationId, std::string, std::string, base::Time, MemberId, RoleId, std::string,
                std::string, std::int64_t, base::Time>();
}

}  // namespace

void insert_member(db::Transaction& tx, const NewMember& member) {
  tx.execute(kInsert, {member.organization, member.id, member.account.directory, member.account.user, member.role,
                       member.joined_at, member.joined_at.time_since_epoch().count(), member.status});
}

std::optional<Member> find_member(db::Transaction& tx, OrganizationId organization, MemberId id) {
  return to_member(tx.query_one(kFind, {organization, id}));
}

std::optional<Member> find_member_by_user(db::Transaction& tx, OrganizationId organization, UserId user) {
  return to_member(tx.query_one(kFindByUser, {organization, user}));
}

std::optional<Member> find_member_by_email(db::Transaction& tx, OrganizationId organization,
                                           const base::EmailAddress& email) {
  return to_member(tx.query_one(kFindByEmail, {organization, email.text}));
}

std::optional<OrganizationId> locate_member(db::Transaction& tx, MemberId id) {
  const auto row = tx.query_one(kLocate, {id});
  if (!row) return std::nullopt;
  return row->get<OrganizationId>(0);
}

std::int64_t count_active_members_with_role(db::Transaction& tx, OrganizationId organization,
                                            const std::string& role_key) {
  return tx.query_one(kCountWithRole, {organization, role_key})->get<std::int64_t>(0);
}

void set_member_role(db::Transaction& tx, OrganizationId organization, MemberId id, RoleId role) {
  tx.execute(kSetRole, {organization, id, role});
}

void delete_member(db::Transaction& tx, OrganizationId organization, MemberId id) {
  tx.execute(kDelete, {organization, id});
}

std::vector<Member> list_members(db::Transaction& tx, OrganizationId organization, base::Time after_joined_at,
                                 MemberId after_id, std::int64_t limit) {
  std::vector<Member> members;
  for (const db::Row& row : tx.query(kList, {organization, after_joined_at, after_id, limit})) {
    members.push_back(to_member(row));
  }
  return members;
}

std::vector<Membership> list_memberships(db::Transaction& tx, const Account& account) {
  std::vector<Membership> memberships;
  for (const db::Row& row : tx.query(kListMemberships, {account.directory, account.user})) {
    memberships.push_back(to_membership(row));
  }
  return memberships;
}

std::optional<Membership> find_membership(db::Transaction& tx, OrganizationId organization, const Account& account) {
  const auto row = tx.query_one(kFindMembership, {organization, account.directory, account.user});
  if (!row) return std::nullopt;
  return to_membership(*row);
}

}  // namespace gatehouse::store
