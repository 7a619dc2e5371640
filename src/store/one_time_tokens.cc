#include "store/one_time_tokens.h"

namespace gatehouse::store {

namespace {

constexpr db::Statement kInsert{
    "insert_one_time_token",
    "INSERT INTO one_time_tokens (directory_id, id, purpose, user_id, organization_id, email, secret_hash, created_at, "
    "expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"};

constexpr db::Statement kFind{
    "find_one_time_token",
    "SELECT directory_id, id, purpose, user_id, organization_id, email, secret_hash, created_at, expires_at, used_at "
    "FROM one_time_tokens WHERE directory_id = $1 AND id = $2"};

constexpr db::Statement kUse{
    "use_one_time_token",
    "UPDATE one_time_tokens SET used_at = $5 WHERE directory_id = $1 AND id = $2 AND purpose = $3 "
    "AND secret_hash = $4 AND used_at IS NULL AND expires_at > $5 RETURNING id"};

constexpr db::Statement kVoid{
    "void_one_time_tokens",
    "UPDATE one_time_tokens SET used_at = $4 WHERE directory_id = $1 AND user_id = $2 AND purpose = $3 "
    "AND used_at IS NULL"};

constexpr db::Statement kVoidUnowned{
    "void_unowned_tokens",
    "UPDATE one_time_tokens SET used_at = $3 WHERE directory_id = $1 AND user_id IS NULL AND purpose = $2 "
    "AND used_at IS NULL"};

constexpr db::Statement kDeleteDead{
    "delete_dead_tokens",
    "DELETE FROM one_time_tokens WHERE (directory_id, id) IN (SELECT directory_id, id FROM one_time_tokens "
    "WHERE expires_at < $1 ORDER BY expires_at LIMIT $2) RETURNING id"};

}  // namespace

void insert_one_time_token(db::Transaction& tx, const OneTimeToken& token) {
  tx.execute(kInsert, {token.directory, token.id, token.purpose, token.user, token.organization, token.email,
                       token.secret_hash, token.created_at, token.expires_at});
}

std::optional<OneTimeToken> find_one_time_token(db::Transaction& tx, DirectoryId directory, TokenId id) {
  const auto row = tx.query_one(kFind, {directory, id});
  if (!row) return std::nullopt;
  return row->as<OneTimeToken, DirectoryId, TokenId, std::string, std::optional<UserId>, std::optional<OrganizationId>,
                 std::optional<std::string>, db::Bytes, base::Time, base::Time, std::optional<base::Time>>();
}

bool use_one_time_token(db::Transaction& tx, DirectoryId directory, TokenId id, const std::string& purpose,
                        const db::Bytes& secret_hash, base::Time now) {
  return tx.query_one(kUse, {directory, id, purpose, secret_hash, now}).has_value();
}

void void_one_time_tokens(db::Transaction& tx, const Account& account, const std::string& purpose, base::Time now) {
  tx.execute(kVoid, {account.directory, account.user, purpose, now});
}

void void_unowned_tokens(db::Transaction& tx, DirectoryId directory, const std::string& purpose, base::Time now) {
  tx.execute(kVoidUnowned, {directory, purpose, now});
}

bool delete_dead_tokens(db::Transaction& tx, base::Time before, std::int64_t limit) {
  return std::int64_t(tx.query(kDeleteDead, {before, limit}).size()) == limit;
}

}  // namespace gatehouse::store
