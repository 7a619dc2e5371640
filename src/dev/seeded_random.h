#pragma once

#include "base/clock.h"
#include "base/ids.h"

#include <cstdint>

namespace gatehouse::dev {

/// The same numbers for the same seed on every machine (SplitMix64, Steele, Lea and Flood 2014). For made-up data and
/// nothing else: whoever knows one number knows all that follow.
class SeededRandom {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next();
  /// From 0 on, less than `end`.
  std::uint64_t below(std::uint64_t end) { return next() % end; }
  /// True that often of a hundred times.
  bool chance(std::uint64_t percent) { return below(100) < percent; }
  /// An instant from `first` on and before `end`; `first` when there is none.
  base::Time between(base::Time first, base::Time end);
  /// Of version 7 (RFC 9562).
  base::Uuid uuid(base::Time time);

 private:
  std::uint64_t state_;
};

}  // namespace gatehouse::dev
