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
  /// Sums to read, in 27 bytes each: a level, the first bucket and the one behind the last. All of one counts for the
  /// same period. They are what lies between the buckets that stand for an edge, one level apart, and wide periods.
  /// Level 9 are hours of growth by their places: hour % 24 * 10'000'000 + hour / 24, which puts the same hour of many
  /// days next to each other. Of those, all hours that are nearest to one midnight count for the same period.
  db::Bytes pieces;
};

/// What costs least. At least two edges, whole seconds in ascending order; equal ones bound an empty period.
PeriodReading plan_reading(Series series, const std::vector<base::Time>& edges);

}  // namespace gatehouse::store
