#include "store/members.h"

#include "store/announcements.h"
#include "store/membership_row.h"

#include <array>
#include <utility>

namespace gatehouse::store {

namespace {

#define MEMBER_FIELDS                                                                        \
  "m.organization_id, m.id, m.directory_id, m.user_id, m.role_id, r.key, r.name, m.status, " \
  "m.rights_version, m.joined_at, u.email, r.permissions, u.name "
#define MEMBER_COLUMNS                                                          \
  "SELECT " MEMBER_FIELDS                                                       \
  "FROM members m "                                                             \
  "JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id " \
  "JOIN users u ON u.directory_id = m.directory_id AND u.id = m.user_id "

constexpr db::Statement kInsert{
    "insert_member",
    "INSERT INTO members (organization_id, id, directory_id, user_id, email, name_folded, role_id, status, "
    "rights_version, joined_at) VALUES ($1, $2, $3, $4, "
    "(SELECT email FROM users WHERE directory_id = $3 AND id = $4), "
    "(SELECT name_folded FROM users WHERE directory_id = $3 AND id = $4), $5, $8, $7, $6)"};

// The deltas of the ledger, each from the membership as it is before the statement that follows it. $2 is the time of
// the operation. `step` is what keeps a change that was somehow made twice from being counted twice.
#define INSERT_DELTAS                                                                                             \
  "INSERT INTO stats_deltas (organization_id, subject_id, step, kind, detail, role_id, role_key, joined_at, at, " \
  "change) "
#define NO_EARLIER "CASE WHEN COALESCE(changed_at, joined_at) > $2 THEN COALESCE(changed_at, joined_at) ELSE $2 END"
#define AND_ROLE "FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id "

constexpr db::Statement kInsertDelta{
    "insert_member_delta", INSERT_DELTAS
    "VALUES ($1, $2, 0, 'joined', $3, $4, (SELECT key FROM roles WHERE organization_id = $1 AND id = $4), $5, $5, 1)"};

#define LEFT_DELTA                                                                                                \
  INSERT_DELTAS "SELECT m.organization_id, m.id, 1, 'left', m.status, m.role_id, r.key, m.joined_at, " NO_EARLIER \
                ", -1 " AND_ROLE "WHERE m.organization_id = $1 "
constexpr db::Statement kDeleteDelta{"delete_member_delta", LEFT_DELTA "AND m.id = $3"};
constexpr db::Statement kDeleteAllDeltas{"delete_members_deltas", LEFT_DELTA};

// Two rows for each member: the role that they had, and the one that they get.
#define ROLE_DELTAS                                                                                   \
  INSERT_DELTAS                                                                                       \
  "SELECT m.organization_id, m.id, 2 * m.rights_version + CASE WHEN r.id = $3 THEN 3 ELSE 2 END, "    \
  "'changed', m.status, r.id, r.key, m.joined_at, " NO_EARLIER                                        \
  ", CASE WHEN r.id = $3 THEN 1 ELSE -1 END "                                                         \
  "FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id IN (m.role_id, $3) " \
  "WHERE m.organization_id = $1 AND m.role_id <> $3 "
constexpr db::Statement kSetRoleDeltas{"set_member_role_deltas", ROLE_DELTAS "AND m.id = $4"};
constexpr db::Statement kMoveToRoleDeltas{"move_members_to_role_deltas", ROLE_DELTAS "AND m.role_id = $4"};

#define STATUS_DELTA(step, status, change)                                              \
  "SELECT m.organization_id, m.id, 2 * m.rights_version + " step ", 'changed', " status \
  ", m.role_id, r.key, "                                                                \
  "m.joined_at, " NO_EARLIER ", " change " " AND_ROLE "WHERE m.organization_id = $1 AND m.id = $4 AND m.status <> $3"
constexpr db::Statement kSetStatusDeltas{
    "set_member_status_deltas",
    INSERT_DELTAS STATUS_DELTA("2", "m.status", "-1") " UNION ALL " STATUS_DELTA("3", "$3", "1")};

constexpr db::Statement kFind{"find_member", MEMBER_COLUMNS "WHERE m.organization_id = $1 AND m.id = $2"};
constexpr db::Statement kFindByUser{"find_member_by_user",
                                    MEMBER_COLUMNS "WHERE m.organization_id = $1 AND m.user_id = $2"};
constexpr db::Statement kFindByEmail{"find_member_by_email",
                                     MEMBER_COLUMNS "WHERE m.organization_id = $1 AND m.email = $2"};
constexpr db::Statement kLocate{"locate_member", "SELECT organization_id FROM members WHERE id = $1"};

constexpr db::Statement kCountWithRole{
    "count_active_members_with_role",
    "SELECT COUNT(*) FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id "
    "JOIN users u ON u.directory_id = m.directory_id AND u.id = m.user_id "
    "WHERE m.organization_id = $1 AND r.key = $2 AND m.status = 'active' AND u.status = 'active'"};

constexpr db::Statement kSetRole{
    "set_member_role", "UPDATE members SET role_id = $3, rights_version = rights_version + 1, changed_at = " NO_EARLIER
                       " WHERE organization_id = $1 AND id = $4"};

constexpr db::Statement kBumpRightsOfAllBut{
    "bump_rights_of_all_but",
    "UPDATE members SET rights_version = rights_version + 1 WHERE organization_id = $1 "
    "AND role_id NOT IN (SELECT id FROM roles WHERE organization_id = $1 AND key = $2)"};

constexpr db::Statement kDelete{"delete_member", "DELETE FROM members WHERE organization_id = $1 AND id = $2"};
constexpr db::Statement kDeleteAll{"delete_members", "DELETE FROM members WHERE organization_id = $1"};

constexpr db::Statement kListAddressees{
    "list_active_addressees",
    "SELECT u.directory_id, u.id, u.email FROM members m JOIN users u ON u.directory_id = m.directory_id AND u.id = "
    "m.user_id "
    "WHERE m.organization_id = $1 AND m.status = 'active' AND u.status = 'active' ORDER BY m.joined_at, m.id LIMIT $2"};

constexpr db::Statement kHasOtherWithRole{
    "has_other_active_member_with_role",
    "SELECT 1 FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id "
    "JOIN users u ON u.directory_id = m.directory_id AND u.id = m.user_id "
    "WHERE m.organization_id = $1 AND r.key = $2 AND m.id <> $3 AND m.status = 'active' AND u.status = 'active' "
    "LIMIT 1"};

constexpr db::Statement kSetStatus{
    "set_member_status", "UPDATE members SET status = $3, rights_version = rights_version + 1, changed_at = " NO_EARLIER
                         " WHERE organization_id = $1 AND id = $4"};

constexpr db::Statement kBumpRights{
    "bump_rights_of_role",
    "UPDATE members SET rights_version = rights_version + 1 WHERE organization_id = $1 AND role_id = $2"};

constexpr db::Statement kMoveToRole{
    "move_members_to_role",
    "UPDATE members SET role_id = $3, rights_version = rights_version + 1, changed_at = " NO_EARLIER
    " WHERE organization_id = $1 AND role_id = $4"};

constexpr db::Statement kHasWithRole{"has_members_with_role",
                                     "SELECT 1 FROM members WHERE organization_id = $1 AND role_id = $2 LIMIT 1"};

// Each walks the index of its order: what is not asked for costs a comparison for each row, and no sorting.
#define MEMBER_FILTER                                                 \
  "($5 IS NULL OR m.role_id = $5) AND ($6 IS NULL OR m.status = $6) " \
  "AND ($7 IS NULL OR m.joined_at >= $7) AND ($8 IS NULL OR m.joined_at < $8) "
#define BY_JOINED "ORDER BY m.joined_at, m.id "
#define BY_JOINED_BACKWARDS "ORDER BY m.joined_at DESC, m.id DESC "
#define BY_EMAIL "ORDER BY m.email, m.id "
#define BY_EMAIL_BACKWARDS "ORDER BY m.email DESC, m.id DESC "
#define PAGE_FIELDS "organization_id, id, directory_id, user_id, role_id, status, rights_version, joined_at, email "
// The limit stands inside, and what a member's row lacks is looked up for the page alone. Joined before it, PostgreSQL
// would look up and sort all of them while it has not analyzed the tables. CROSS JOIN keeps SQLite to the same order.
#define PAGE_OF_MEMBERS(members, behind, order)                                                                 \
  "SELECT " MEMBER_FIELDS "FROM (SELECT " PAGE_FIELDS "FROM " members MEMBER_FILTER behind order                \
  "LIMIT $4) m "                                                                                                \
  "CROSS JOIN roles r CROSS JOIN users u WHERE r.organization_id = m.organization_id AND r.id = m.role_id AND " \
  "u.directory_id = m.directory_id AND u.id = m.user_id " order
#define ALL_MEMBERS(behind, order) PAGE_OF_MEMBERS("members m WHERE m.organization_id = $1 AND ", behind, order)
// Two ranges of two indexes are read and what is in them is sorted.
#define MATCHING_MEMBERS(behind, order)                                                      \
  PAGE_OF_MEMBERS("(SELECT " PAGE_FIELDS                                                     \
                  "FROM members WHERE organization_id = $1 AND email >= $9 AND email < $10 " \
                  "UNION SELECT " PAGE_FIELDS                                                \
                  "FROM members WHERE organization_id = $1 AND name_folded >= $9 "           \
                  "AND name_folded < $10) m WHERE ",                                         \
                  behind, order)

#define BEHIND_JOINED "AND (m.joined_at, m.id) > ($2, $3) "
#define BEHIND_JOINED_BACKWARDS "AND (m.joined_at, m.id) < ($2, $3) "
#define BEHIND_EMAIL "AND (m.email, m.id) > ($2, $3) "
#define BEHIND_EMAIL_BACKWARDS "AND (m.email, m.id) < ($2, $3) "

/// In the order of MemberOrder: all members, and those with a prefix.
constexpr std::array<std::pair<db::Statement, db::Statement>, 4> kLists{{
    {{"list_members", ALL_MEMBERS(BEHIND_JOINED, BY_JOINED)},
     {"list_members_with_prefix", MATCHING_MEMBERS(BEHIND_JOINED, BY_JOINED)}},
    {{"list_members_backwards", ALL_MEMBERS(BEHIND_JOINED_BACKWARDS, BY_JOINED_BACKWARDS)},
     {"list_members_with_prefix_backwards", MATCHING_MEMBERS(BEHIND_JOINED_BACKWARDS, BY_JOINED_BACKWARDS)}},
    {{"list_members_by_email", ALL_MEMBERS(BEHIND_EMAIL, BY_EMAIL)},
     {"list_members_with_prefix_by_email", MATCHING_MEMBERS(BEHIND_EMAIL, BY_EMAIL)}},
    {{"list_members_by_email_backwards", ALL_MEMBERS(BEHIND_EMAIL_BACKWARDS, BY_EMAIL_BACKWARDS)},
     {"list_members_with_prefix_by_email_backwards", MATCHING_MEMBERS(BEHIND_EMAIL_BACKWARDS, BY_EMAIL_BACKWARDS)}},
}};

/// In the order of joining, a list that begins with a time begins there, and does not walk to it.
MemberPosition later_of(const MemberPosition& after, const MemberFilter& filter, MemberOrder order) {
  const bool goes_forwards = order == MemberOrder::joined, goes_back = order == MemberOrder::joined_backwards;
  const std::optional<base::Time>& bound = goes_forwards ? filter.joined_from : filter.joined_until;
  if (!bound || (!goes_forwards && !goes_back)) return after;
  const bool is_later = goes_forwards ? *bound > after.joined_at : *bound <= after.joined_at;
  return is_later ? MemberPosition{*bound, {}, {}} : after;
}

/// Behind every text that begins with `prefix`: the last code point there is, which no name or address holds.
std::string end_of_prefix(const std::string& prefix) { return prefix + "\xf4\x8f\xbf\xbf"; }

#define MEMBERSHIP_COLUMNS                                            \
  "SELECT " MEMBERSHIP_FIELDS                                         \
  " FROM members m JOIN organizations o ON o.id = m.organization_id " \
  "JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id "

constexpr db::Statement kListMemberships{
    "list_memberships", MEMBERSHIP_COLUMNS
    "WHERE m.directory_id = $1 AND m.user_id = $2 AND m.status = 'active' AND o.status = 'active' "
    "ORDER BY m.joined_at, m.id"};

constexpr db::Statement kListOwnOrganizations{
    "list_own_organizations", MEMBERSHIP_COLUMNS
    "WHERE m.directory_id = $1 AND m.user_id = $2 AND m.status = 'active' "
    "AND (o.status = 'active' OR (o.purge_at IS NOT NULL AND r.key = 'owner')) "
    "AND (m.joined_at, m.id) > ($3, $4) ORDER BY m.joined_at, m.id LIMIT $5"};

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
                base::EmailAddress{row.get<std::string>(10)},
                row.get<std::string>(11),
                row.get<std::optional<std::string>>(12)};
}

std::optional<Member> to_member(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return to_member(*row);
}

std::vector<Membership> to_memberships(const db::Rows& rows) {
  std::vector<Membership> memberships;
  for (const db::Row& row : rows) memberships.push_back(to_membership(row));
  return memberships;
}

}  // namespace

void insert_member(db::Transaction& tx, const NewMember& member) {
  tx.execute(kInsert, {member.organization, member.id, member.account.directory, member.account.user, member.role,
                       member.joined_at, member.joined_at.time_since_epoch().count(), member.status});
  tx.execute(kInsertDelta, {member.organization, member.id, member.status, member.role, member.joined_at});
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

void set_member_role(db::Transaction& tx, OrganizationId organization, MemberId id, RoleId role, base::Time at) {
  announce(tx, id.uuid);
  tx.execute(kSetRoleDeltas, {organization, at, role, id});
  tx.execute(kSetRole, {organization, at, role, id});
}

bool has_other_active_member_with_role(db::Transaction& tx, OrganizationId organization, const std::string& role_key,
                                       MemberId id) {
  return tx.query_one(kHasOtherWithRole, {organization, role_key, id}).has_value();
}

void set_member_status(db::Transaction& tx, OrganizationId organization, MemberId id, const std::string& status,
                       base::Time at) {
  announce(tx, id.uuid);
  tx.execute(kSetStatusDeltas, {organization, at, status, id});
  tx.execute(kSetStatus, {organization, at, status, id});
}

void bump_rights_of_role(db::Transaction& tx, OrganizationId organization, RoleId role) {
  announce(tx, organization.uuid);
  tx.execute(kBumpRights, {organization, role});
}

void move_members_to_role(db::Transaction& tx, OrganizationId organization, RoleId from, RoleId to, base::Time at) {
  announce(tx, organization.uuid);
  tx.execute(kMoveToRoleDeltas, {organization, at, to, from});
  tx.execute(kMoveToRole, {organization, at, to, from});
}

bool has_members_with_role(db::Transaction& tx, OrganizationId organization, RoleId role) {
  return tx.query_one(kHasWithRole, {organization, role}).has_value();
}

void bump_rights_of_all_but(db::Transaction& tx, OrganizationId organization, const std::string& except_role_key) {
  announce(tx, organization.uuid);
  tx.execute(kBumpRightsOfAllBut, {organization, except_role_key});
}

void delete_member(db::Transaction& tx, OrganizationId organization, MemberId id, base::Time at) {
  announce(tx, id.uuid);
  tx.execute(kDeleteDelta, {organization, at, id});
  tx.execute(kDelete, {organization, id});
}

void delete_members(db::Transaction& tx, OrganizationId organization, base::Time at) {
  announce(tx, organization.uuid);
  tx.execute(kDeleteAllDeltas, {organization, at});
  tx.execute(kDeleteAll, {organization});
}

MemberPosition beginning_of(MemberOrder order) {
  if (order == MemberOrder::joined || order == MemberOrder::email) return {};
  constexpr base::Time kAfterAll{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}};
  MemberPosition end{kAfterAll, "\x7f", {}};  // addresses are ASCII
  end.id.uuid.bytes.fill(0xff);
  return end;
}

std::vector<Member> list_members(db::Transaction& tx, OrganizationId organization, const MemberFilter& filter,
                                 MemberOrder order, const MemberPosition& after, std::int64_t limit) {
  const bool by_time = order == MemberOrder::joined || order == MemberOrder::joined_backwards;
  const MemberPosition begin = later_of(after, filter, order);
  const db::Value where = by_time ? db::Value(begin.joined_at) : db::Value(begin.email);
  auto [all, with_prefix] = kLists[std::size_t(order)];
  // Of another order, how many joined within a range decides which index is good.
  all.has_one_plan = with_prefix.has_one_plan = by_time || !(filter.joined_from || filter.joined_until);
  db::Rows rows;
  if (filter.prefix) {
    const std::string end = end_of_prefix(*filter.prefix);
    rows = tx.query(with_prefix, {organization, where, begin.id, limit, filter.role, filter.status, filter.joined_from,
                                  filter.joined_until, *filter.prefix, end});
  } else {
    rows = tx.query(all, {organization, where, begin.id, limit, filter.role, filter.status, filter.joined_from,
                          filter.joined_until});
  }
  std::vector<Member> members;
  for (const db::Row& row : rows) members.push_back(to_member(row));
  return members;
}

std::vector<Membership> list_memberships(db::Transaction& tx, const Account& account) {
  return to_memberships(tx.query(kListMemberships, {account.directory, account.user}));
}

std::vector<Membership> list_own_organizations(db::Transaction& tx, const Account& account, base::Time after_joined_at,
                                               MemberId after_id, std::int64_t limit) {
  return to_memberships(
      tx.query(kListOwnOrganizations, {account.directory, account.user, after_joined_at, after_id, limit}));
}

std::optional<Membership> find_membership(db::Transaction& tx, OrganizationId organization, const Account& account) {
  const auto row = tx.query_one(kFindMembership, {organization, account.directory, account.user});
  if (!row) return std::nullopt;
  return to_membership(*row);
}

std::vector<Addressee> list_active_addressees(db::Transaction& tx, OrganizationId organization, std::int64_t limit) {
  std::vector<Addressee> addressees;
  for (const db::Row& row : tx.query(kListAddressees, {organization, limit})) {
    addressees.push_back({{row.get<DirectoryId>(0), row.get<UserId>(1)}, {row.get<std::string>(2)}});
  }
  return addressees;
}

}  // namespace gatehouse::store
