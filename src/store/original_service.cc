#include "store/original_service.h"

namespace gatehouse::store {

namespace {

using Number = std::optional<std::int64_t>;
using Text = std::optional<std::string>;

// CAST, since the types of the columns are the other service's: a SQLite file holds what was put in, whatever was
// declared, and PostgreSQL would answer with types that we don't read.
constexpr db::Statement kOrganizations{
    "list_original_organizations",
    "SELECT CAST(id AS BIGINT), CAST(name AS TEXT), CAST(status AS BIGINT), CAST(created_at AS TEXT), "
    "CAST(settings AS TEXT) FROM organization WHERE id > $1 ORDER BY id LIMIT $2"};

// The one quoted name of the house: "user" is a reserved word of PostgreSQL, and the other service chose it.
constexpr db::Statement kUsers{
    "list_original_users",
    "SELECT CAST(id AS BIGINT), CAST(email AS TEXT), CAST(password AS TEXT), CAST(status AS BIGINT), "
    "CAST(created_at AS TEXT) FROM \"user\" WHERE id > $1 ORDER BY id LIMIT $2"};

constexpr db::Statement kRoles{"list_original_roles",
                               "SELECT CAST(id AS BIGINT), CAST(name AS TEXT), CAST(org_id AS BIGINT) FROM role "
                               "WHERE id > $1 ORDER BY id LIMIT $2"};

constexpr db::Statement kMembers{
    "list_original_members",
    "SELECT CAST(id AS BIGINT), CAST(org_id AS BIGINT), CAST(user_id AS BIGINT), CAST(role_id AS BIGINT), "
    "CAST(status AS BIGINT), CAST(created_at AS TEXT) FROM member WHERE id > $1 ORDER BY id LIMIT $2"};

constexpr db::Statement kCountInvites{"count_original_invites", "SELECT COUNT(*) FROM invite"};

template <class Struct, class... Columns>
std::vector<Struct> list(db::Transaction& tx, const db::Statement& statement, std::int64_t after, std::int64_t limit) {
  std::vector<Struct> all;
  for (const db::Row& row : tx.query(statement, {after, limit})) all.push_back(row.as<Struct, Columns...>());
  return all;
}

}  // namespace

std::vector<original::Organization> list_original_organizations(db::Transaction& tx, std::int64_t after,
                                                                std::int64_t limit) {
  return list<original::Organization, std::int64_t, Text, Number, Text, Text>(tx, kOrganizations, after, limit);
}

std::vector<original::User> list_original_users(db::Transaction& tx, std::int64_t after, std::int64_t limit) {
  return list<original::User, std::int64_t, Text, Text, Number, Text>(tx, kUsers, after, limit);
}

std::vector<original::Role> list_original_roles(db::Transaction& tx, std::int64_t after, std::int64_t limit) {
  return list<original::Role, std::int64_t, Text, Number>(tx, kRoles, after, limit);
}

std::vector<original::Member> list_original_members(db::Transaction& tx, std::int64_t after, std::int64_t limit) {
  return list<original::Member, std::int64_t, Number, Number, Number, Number, Text>(tx, kMembers, after, limit);
}

std::int64_t count_original_invites(db::Transaction& tx) { return tx.query_one(kCountInvites)->get<std::int64_t>(0); }

}  // namespace gatehouse::store
