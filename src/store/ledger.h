#pragma once

#include "db/database.h"
#include "store/ids.h"

#include <array>
#include <optional>
#include <string>

/// The ledger of the statistics, as it is written. What is counted leaves a delta in the transaction that changes it,
/// an insert that nobody waits for; fold_deltas() moves deltas into counts later. store/statistics.h adds both up, so
/// that an answer is exact at every moment. The memberships' deltas are written by store/members.h.
namespace gatehouse::store {

/// By which time something is counted, and what.
enum class Series : std::int64_t {
  /// Memberships by when they began, kind "member", detail their status: what is left of those who joined then.
  cohort = 0,
  /// Memberships by when something happened, kind "joined", "left" or "changed", detail their status: the sum until an
  /// instant is what there was at it.
  timeline = 1,
  /// All else by when it happened; no role.
  events = 2,
  /// The timeline's kinds "joined" and "left" without role and status, for what shows no more than that: a large
  /// organization's day is two counts here, and dozens there. Kept from the hour up.
  growth = 3,
};

/// Buckets of one level are equally wide and hold the sum of those of the level below. The first begins with 1970.
enum class Level : std::int64_t { second = 0, minute, hour, day, days_64, days_4096 };
inline constexpr std::array<std::int64_t, 6> kLevelSeconds{1, 60, 3'600, 86'400, 64 * 86'400, 4'096 * 86'400};
/// The finest level that a series is kept at.
constexpr Level finest_level(Series series) { return series == Series::growth ? Level::hour : Level::second; }
/// In which bucket an instant lies.
std::int64_t bucket_of(base::Time time, Level level);

/// Something that is no membership. The platform organization for what has no other.
struct Event {
  OrganizationId organization;
  /// The operation's own id, made outside its transaction (its audit entry's); `step` tells its events apart.
  base::Uuid subject;
  std::int64_t step;
  std::string kind;
  std::string detail;
  base::Time at;  // may be to come
  std::int64_t change = 1;
};
void insert_event(db::Transaction& tx, const Event& event);

/// How far a pass over the deltas has come, in the order of their keys.
struct FoldPosition {
  OrganizationId organization;
  base::Uuid subject;
};
/// Whether any delta waits there or behind.
bool has_deltas(db::Transaction& tx, const FoldPosition& from);
/// Moves at most `limit` deltas, from `from` on, into the counts of their organizations and of the platform. In the
/// platform's there are no roles: detail is "status role_key" for memberships. One transaction at a time does it,
/// others wait. Returns the last one's position; nothing when there was none.
std::optional<FoldPosition> fold_deltas(db::Transaction& tx, const FoldPosition& from, std::int64_t limit);

}  // namespace gatehouse::store
