#include "domain/upkeep.h"

#include "domain/known_sessions.h"
#include "store/announcements.h"
#include "store/idempotency.h"
#include "store/letters.h"
#include "store/limits.h"
#include "store/one_time_tokens.h"
#include "store/platform_letters.h"
#include "store/sessions.h"

namespace gatehouse::domain {

void forget_the_past(const Services& services) {
  const base::Time now = services.clock.now();
  const base::Time month_ago = now - std::chrono::hours(30 * 24);
  const auto done = services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    store::delete_announcements(tx, base::SystemClock().now() - 2 * KnownSessions::kOverlap);
    store::delete_ended_counters(tx, now);
    store::delete_expired_idempotency_keys(tx, now);
    store::delete_dead_sessions(tx, month_ago);
    store::delete_dead_tokens(tx, month_ago);
    store::delete_finished_letters(tx, month_ago);
    store::wipe_expired_letters(tx, now);
    return {};
  });
  static_cast<void>(done);  // the body never refuses; trouble is thrown
}

}  // namespace gatehouse::domain
