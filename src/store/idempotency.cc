#include "store/idempotency.h"

namespace gatehouse::store {

namespace {

constexpr db::Statement kClaim{
    "claim_idempotency_key",
    "INSERT INTO idempotency_keys (key, fingerprint, state, lease_until, expires_at) "
    "VALUES ($1, $2, 'running', $4, $5) "
    "ON CONFLICT (key) DO UPDATE SET fingerprint = $2, state = 'running', answer = NULL, lease_until = $4, "
    "expires_at = $5 WHERE idempotency_keys.expires_at <= $3 "
    "OR (idempotency_keys.state = 'running' AND idempotency_keys.lease_until <= $3) RETURNING key"};
constexpr db::Statement kFind{
    "find_idempotency_key", "SELECT key, fingerprint, state, answer, lease_until FROM idempotency_keys WHERE key = $1"};
constexpr db::Statement kMarkCommitted{"mark_idempotency_key_committed",
                                       "UPDATE idempotency_keys SET state = 'committed' WHERE key = $1"};
constexpr db::Statement kKeepAnswer{"keep_idempotent_answer",
                                    "UPDATE idempotency_keys SET state = 'answered', answer = $2 WHERE key = $1"};
constexpr db::Statement kRelease{"release_idempotency_key",
                                 "DELETE FROM idempotency_keys WHERE key = $1 AND state = 'running'"};
// Whether it has expired is asked again of each: it may have been claimed anew since it was chosen.
constexpr db::Statement kDeleteExpired{
    "delete_expired_idempotency_keys",
    "DELETE FROM idempotency_keys WHERE key IN (SELECT key FROM idempotency_keys WHERE expires_at <= $1 "
    "ORDER BY expires_at LIMIT $2) AND expires_at <= $1 RETURNING key"};

}  // namespace

bool claim_idempotency_key(db::Transaction& tx, const db::Bytes& key, const db::Bytes& fingerprint, base::Time now,
                           base::Time lease_until, base::Time expires_at) {
  return tx.query_one(kClaim, {key, fingerprint, now, lease_until, expires_at}).has_value();
}

std::optional<IdempotencyKey> find_idempotency_key(db::Transaction& tx, const db::Bytes& key) {
  const auto row = tx.query_one(kFind, {key});
  if (!row) return std::nullopt;
  return row->as<IdempotencyKey, db::Bytes, db::Bytes, std::string, std::optional<db::Bytes>, base::Time>();
}

void mark_idempotency_key_committed(db::Transaction& tx, const db::Bytes& key) { tx.execute(kMarkCommitted, {key}); }

void keep_idempotent_answer(db::Transaction& tx, const db::Bytes& key, const db::Bytes& answer) {
  tx.execute(kKeepAnswer, {key, answer});
}

void release_idempotency_key(db::Transaction& tx, const db::Bytes& key) { tx.execute(kRelease, {key}); }

bool delete_expired_idempotency_keys(db::Transaction& tx, base::Time now, std::int64_t limit) {
  return std::int64_t(tx.query(kDeleteExpired, {now, limit}).size()) == limit;
}

}  // namespace gatehouse::store
