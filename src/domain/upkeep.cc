#include "domain/upkeep.h"

#include "base/log.h"
#include "domain/known_sessions.h"
#include "store/announcements.h"
#include "store/idempotency.h"
#include "store/letters.h"
#include "store/limits.h"
#include "store/one_time_tokens.h"
#include "store/platform_letters.h"
#include "store/sessions.h"

#include <functional>
#include <stdexcept>
#include <string>

namespace gatehouse::domain {

namespace {

/// So few that a step stays far from the write limit, however many are left, and that on SQLite, where nobody else
/// writes meanwhile, requests hardly notice.
constexpr std::int64_t kStep = 1'000;

/// Forgets some rows of one kind. True when there may be more.
using Step = std::function<bool(db::Transaction&)>;

/// False when it could not forget them all. That is logged here: other kinds shall not have to wait for this one.
bool forget(const Services& services, const std::stop_token& stop, std::string_view kind, const Step& step) {
  try {
    bool more = true;
    while (more && !stop.stop_requested()) {
      more = services.database.write([&](db::Transaction& tx) -> base::Result<bool> { return step(tx); }).value();
    }
    return true;
  } catch (const std::exception& error) {
    base::log::error("what is over could not be forgotten", {{"kind", kind}, {"error", error.what()}});
    return false;
  }
}

}  // namespace

void forget_the_past(const Services& services, const std::stop_token& stop) {
  const base::Time now = services.clock.now();
  const base::Time month_ago = now - std::chrono::hours(30 * 24);
  const base::Time unheard = base::SystemClock().now() - 2 * KnownSessions::kOverlap;
  int failed = 0;
  const auto each = [&](std::string_view kind, const Step& step) {
    if (!forget(services, stop, kind, step)) ++failed;
  };
  each("announcements", [&](db::Transaction& tx) { return store::delete_announcements(tx, unheard, kStep); });
  each("limits", [&](db::Transaction& tx) { return store::delete_ended_counters(tx, now, kStep); });
  each("idempotency keys", [&](db::Transaction& tx) { return store::delete_expired_idempotency_keys(tx, now, kStep); });
  each("sessions", [&](db::Transaction& tx) { return store::delete_dead_sessions(tx, month_ago, kStep); });
  each("links", [&](db::Transaction& tx) { return store::delete_dead_tokens(tx, month_ago, kStep); });
  each("letters", [&](db::Transaction& tx) { return store::delete_finished_letters(tx, month_ago, kStep); });
  each("failed letters", [&](db::Transaction& tx) { return store::wipe_expired_letters(tx, now, kStep); });
  if (failed > 0) throw std::runtime_error("kinds of rows that could not be forgotten: " + std::to_string(failed));
}

}  // namespace gatehouse::domain
