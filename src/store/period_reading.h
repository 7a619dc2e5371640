#pragma once

#include "db/value.h"
#include "store/ledger.h"

#include <array>
#include <cstdint>
#include <vector>

/// What store/statistics.cc has to read of the ledger to count between instants.
namespace gatehouse::store {

/// Which bucket of the level begins nearest to the instant.
std::int64_t nearest_bucket(base::Time time, Level level);

struct PeriodReading {
  Level level;
  /// Of that level and each finer one, which bucket stands for each edge.
  std::array<std::vector<std::int64_t>, kLevelSeconds.size()> bounds;
  /// Buckets of `level` to read one by one. None where periods are so wide that they are pieces.
  std::int64_t first = 0, until = 0;
  /// Pieces, in 27 bytes each: a level, the first bucket and the one behind the last. All of a piece counts for one
  /// period and its sum is read; of each level below those between the buckets that stand for an edge there and above.
  /// Level 9 are hours of growth by their places, where all hours that are nearest to one midnight count for one
  /// period. Places are in the order of the hour of the day and then of the day, so that hours of many days are next to
  /// each other.
  db::Bytes pieces;
};

/// What costs least. At least two edges, ascending.
PeriodReading plan_reading(Series series, const std::vector<base::Time>& edges);

}  // namespace gatehouse::store
