#include "store/limits.h"

namespace gatehouse::store {

namespace {

constexpr db::Statement kCount{
    "count_hit",
    "INSERT INTO limit_counters (key, hits, ends_at) VALUES ($1, 1, $3) ON CONFLICT (key) DO UPDATE SET "
    "hits = CASE WHEN limit_counters.ends_at <= $2 THEN 1 ELSE limit_counters.hits + 1 END, "
    "ends_at = CASE WHEN limit_counters.ends_at <= $2 THEN $3 ELSE limit_counters.ends_at END "
    "RETURNING hits, ends_at"};

constexpr db::Statement kRefund{"refund_hit", "UPDATE limit_counters SET hits = hits - 1 WHERE key = $1 AND hits > 0"};

constexpr db::Statement kFind{"find_counter",
                              "SELECT hits, ends_at FROM limit_counters WHERE key = $1 AND ends_at > $2"};

constexpr db::Statement kDelete{"delete_counter", "DELETE FROM limit_counters WHERE key = $1"};

// Whether it has ended is asked again of each: it may have begun anew since it was chosen.
constexpr db::Statement kDeleteEnded{
    "delete_ended_counters",
    "DELETE FROM limit_counters WHERE key IN (SELECT key FROM limit_counters WHERE ends_at <= $1 "
    "ORDER BY ends_at LIMIT $2) AND ends_at <= $1 RETURNING key"};

}  // namespace

CounterState count_hit(db::Transaction& tx, const db::Bytes& key, base::Time now, base::Time ends_at) {
  return tx.query_one(kCount, {key, now, ends_at})->as<CounterState, std::int64_t, base::Time>();
}

void refund_hit(db::Transaction& tx, const db::Bytes& key) { tx.execute(kRefund, {key}); }

std::optional<CounterState> find_counter(db::Transaction& tx, const db::Bytes& key, base::Time now) {
  const auto row = tx.query_one(kFind, {key, now});
  if (!row) return std::nullopt;
  return row->as<CounterState, std::int64_t, base::Time>();
}

void delete_counter(db::Transaction& tx, const db::Bytes& key) { tx.execute(kDelete, {key}); }

bool delete_ended_counters(db::Transaction& tx, base::Time now, std::int64_t limit) {
  return std::int64_t(tx.query(kDeleteEnded, {now, limit}).size()) == limit;
}

}  // namespace gatehouse::store
