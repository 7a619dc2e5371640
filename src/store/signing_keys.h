#pragma once

#include "db/database.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::store {

/// A key pair for access tokens. The newest whose `signs_from` has come signs; all verify until `retires_at`.
struct SigningKeyRow {
  std::string kid;
  std::string algorithm;
  db::Bytes private_key;  // sealed
  base::Time created_at;
  base::Time signs_from;
  std::optional<base::Time> retires_at;
};

void insert_signing_key(db::Transaction& tx, const SigningKeyRow& key);
/// The keys that are not retired at `now`, oldest `signs_from` first.
std::vector<SigningKeyRow> list_signing_keys(db::Transaction& tx, base::Time now);
/// Every key that has no end yet, but `except`, ends then.
void retire_other_signing_keys(db::Transaction& tx, const std::string& except, base::Time retires_at);
void set_signing_key_private(db::Transaction& tx, const std::string& kid, const db::Bytes& sealed);

}  // namespace gatehouse::store
