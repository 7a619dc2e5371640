#include "store/directories.h"

namespace gatehouse::store {

namespace {

constexpr db::Statement kInsert{"insert_isolated_directory",
                                "INSERT INTO directories (id, kind, created_at) VALUES ($1, 'isolated', $2)"};
constexpr db::Statement kDelete{"delete_directory", "DELETE FROM directories WHERE id = $1 AND kind = 'isolated'"};
constexpr db::Statement kFindOwner{
    "find_owner_of_directory",
    "SELECT o.id FROM organizations o JOIN directories d ON d.id = o.directory_id "
    "WHERE o.directory_id = $1 AND d.kind = 'isolated' ORDER BY o.created_at, o.id LIMIT 1"};
constexpr db::Statement kListAccounts{
    "list_accounts", "SELECT directory_id, id FROM users WHERE directory_id = $1 ORDER BY id LIMIT $2"};

}  // namespace

void insert_isolated_directory(db::Transaction& tx, DirectoryId id, base::Time now) { tx.execute(kInsert, {id, now}); }

void delete_directory(db::Transaction& tx, DirectoryId id) { tx.execute(kDelete, {id}); }

std::optional<Organization> find_owner_of_directory(db::Transaction& tx, DirectoryId id) {
  const auto row = tx.query_one(kFindOwner, {id});
  if (!row) return std::nullopt;
  return find_organization(tx, row->get<OrganizationId>(0));
}

std::vector<Account> list_accounts(db::Transaction& tx, DirectoryId id, std::int64_t limit) {
  std::vector<Account> accounts;
  for (const db::Row& row : tx.query(kListAccounts, {id, limit})) {
    accounts.push_back({row.get<DirectoryId>(0), row.get<UserId>(1)});
  }
  return accounts;
}

}  // namespace gatehouse::store
