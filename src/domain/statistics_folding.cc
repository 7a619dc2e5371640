#include "domain/statistics_folding.h"

#include "store/ledger.h"

namespace gatehouse::domain {

namespace {

/// So few that on SQLite, where nobody else writes meanwhile, requests hardly notice.
constexpr std::int64_t kBatch = 128;

}  // namespace

void fold_statistics(const Services& services, const std::stop_token& stop) {
  // Behind what was folded already: beginning anew would each time walk over what the last batches have deleted.
  store::FoldPosition position;
  while (!stop.stop_requested()) {
    // An idle service shall not write.
    if (!services.database.read([&](db::Transaction& tx) { return store::has_deltas(tx, position); })) return;
    const auto last = services.database.write([&](db::Transaction& tx) -> base::Result<store::FoldPosition> {
      return store::fold_deltas(tx, position, kBatch).value_or(position);
    });
    position = last.value();
  }
}

}  // namespace gatehouse::domain
