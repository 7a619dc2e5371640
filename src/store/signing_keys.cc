#include "store/signing_keys.h"

namespace gatehouse::store {

namespace {

constexpr db::Statement kInsert{
    "insert_signing_key",
    "INSERT INTO signing_keys (kid, algorithm, private_key, created_at, signs_from, retires_at) "
    "VALUES ($1, $2, $3, $4, $5, $6)"};

constexpr db::Statement kList{
    "list_signing_keys",
    "SELECT kid, algorithm, private_key, created_at, signs_from, retires_at FROM signing_keys "
    "WHERE retires_at IS NULL OR retires_at > $1 ORDER BY signs_from, kid COLLATE \"C\""};

constexpr db::Statement kRetireOthers{"retire_other_signing_keys",
                                      "UPDATE signing_keys SET retires_at = $2 WHERE kid <> $1 AND retires_at IS NULL"};

constexpr db::Statement kSetPrivate{"set_signing_key_private",
                                    "UPDATE signing_keys SET private_key = $2 WHERE kid = $1"};

}  // namespace

void insert_signing_key(db::Transaction& tx, const SigningKeyRow& key) {
  tx.execute(kInsert, {key.kid, key.algorithm, key.private_key, key.created_at, key.signs_from, key.retires_at});
}

std::vector<SigningKeyRow> list_signing_keys(db::Transaction& tx, base::Time now) {
  std::vector<SigningKeyRow> keys;
  for (const db::Row& row : tx.query(kList, {now})) {
    keys.push_back(row.as<SigningKeyRow, std::string, std::string, db::Bytes, base::Time, base::Time,
                          std::optional<base::Time>>());
  }
  return keys;
}

void retire_other_signing_keys(db::Transaction& tx, const std::string& except, base::Time retires_at) {
  tx.execute(kRetireOthers, {except, retires_at});
}

void set_signing_key_private(db::Transaction& tx, const std::string& kid, const db::Bytes& sealed) {
  tx.execute(kSetPrivate, {kid, sealed});
}

}  // namespace gatehouse::store
