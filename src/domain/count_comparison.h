#pragma once

#include "store/ledger_rows.h"

#include <compare>
#include <cstdint>
#include <functional>
#include <set>

/// Counts of the ledger beside what they should be. The memory that it takes depends on the days that differ and not on
/// how much was counted: each day is summed up to a number first, and only where that differs is looked at key by key.
namespace gatehouse::domain {

/// Hears what should be counted, and when; something may be said in several parts.
using CountSink = std::function<void(base::Time at, const store::CountKey& key, std::int64_t n)>;
/// Tells a sink all that should be counted within a range, and whatever it likes beyond it.
using CountSource = std::function<void(const store::SecondRange& range, const CountSink& sink)>;

/// A count that is not what it should be.
struct CountDifference {
  store::OrganizationId organization;
  store::Series series;
  store::Level level;
  std::int64_t bucket;
  store::CountKey key;
  std::int64_t expected;
  std::int64_t actual;
};

/// The buckets of one level that begin within one day of UTC.
struct CountWindow {
  std::int64_t day;
  store::Level level;
  auto operator<=>(const CountWindow&) const = default;
};

/// What is compared, in a transaction that sees one state of the data: a snapshot, or one in which nobody else may
/// change it.
struct ComparedCounts {
  db::Transaction& tx;
  store::OrganizationId organization;
  store::Series series;
  CountSource expected;
};

/// Where anything differs, at any level. (That two different days have the same sum has a chance of 2^-64.)
std::set<CountWindow> find_differences(const ComparedCounts& counts);

/// What differs there.
void list_differences(const ComparedCounts& counts, const std::set<CountWindow>& windows,
                      const std::function<void(const CountDifference&)>& report);

/// The counts of one level, as a source.
void read_counts(db::Transaction& tx, store::OrganizationId organization, store::Series series, store::Level level,
                 const store::SecondRange& range, const CountSink& sink);

}  // namespace gatehouse::domain
