#pragma once

#include "db/database.h"

#include <optional>
#include <string>

namespace gatehouse::store {

/// A request that its client may send again (draft-ietf-httpapi-idempotency-key-header).
struct IdempotencyKey {
  db::Bytes key;          // of caller, route and the client's key
  db::Bytes fingerprint;  // of what the request says
  /// "running", "committed" (done, but its answer is not kept yet) or "answered".
  std::string state;
  std::optional<db::Bytes> answer;  // sealed
  /// Until then its runner may still be at work.
  base::Time lease_until;
};

/// Claims the key for a request that begins now: true when it is new, forgotten, or its runner vanished before it did
/// anything. At most one of several callers gets true.
bool claim_idempotency_key(db::Transaction& tx, const db::Bytes& key, const db::Bytes& fingerprint, base::Time now,
                           base::Time lease_until, base::Time expires_at);
std::optional<IdempotencyKey> find_idempotency_key(db::Transaction& tx, const db::Bytes& key);
/// In the transaction of the change itself.
void mark_idempotency_key_committed(db::Transaction& tx, const db::Bytes& key);
void keep_idempotent_answer(db::Transaction& tx, const db::Bytes& key, const db::Bytes& answer);
/// For a request that was refused: nothing happened, and it may be sent again with the same key.
void release_idempotency_key(db::Transaction& tx, const db::Bytes& key);
/// Forgets at most `limit` that have expired. True when there may be more.
bool delete_expired_idempotency_keys(db::Transaction& tx, base::Time now, std::int64_t limit);

}  // namespace gatehouse::store
