#pragma once

#include "db/database.h"

#include <optional>

namespace gatehouse::store {

struct CounterState {
  std::int64_t hits;
  base::Time ends_at;
};

/// Counts one hit under `key` in its window, which begins with its first hit and ends `ends_at`; a window that is over
/// begins anew. Returns the count with this hit. Atomic over all nodes.
CounterState count_hit(db::Transaction& tx, const db::Bytes& key, base::Time now, base::Time ends_at);
/// Takes one hit back.
void refund_hit(db::Transaction& tx, const db::Bytes& key);
/// The window of a key, unless it is over.
std::optional<CounterState> find_counter(db::Transaction& tx, const db::Bytes& key, base::Time now);
void delete_counter(db::Transaction& tx, const db::Bytes& key);
/// Forgets at most `limit` windows that are over. True when there may be more.
bool delete_ended_counters(db::Transaction& tx, base::Time now, std::int64_t limit);

}  // namespace gatehouse::store
