#include "domain/count_comparison.h"

#include <algorithm>
#include <map>
#include <span>
#include <tuple>
#include <vector>

namespace gatehouse::domain {

namespace {

using store::Level;

constexpr std::int64_t kPage = 5'000;
/// How many windows are looked at key by key at once.
constexpr std::size_t kWindowsAtOnce = 100;
constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::array kLevels{Level::second, Level::minute, Level::hour, Level::day, Level::days_64, Level::days_4096};

/// At which levels a series is kept.
std::span<const Level> levels_of(store::Series series) {
  return std::span(kLevels).subspan(std::size_t(store::finest_level(series)));
}

std::int64_t width_of(Level level) { return store::kLevelSeconds[std::size_t(level)]; }

base::Time beginning_of(Level level, std::int64_t bucket) {
  return base::Time(std::chrono::seconds(bucket * width_of(level)));
}

CountWindow window_of(Level level, std::int64_t bucket) {
  return {store::bucket_of(beginning_of(level, bucket), Level::day), level};
}

/// Within which time all lies that is counted there.
store::SecondRange range_of(const CountWindow& window) {
  const base::Time begin = beginning_of(Level::day, window.day);
  return {begin, begin + std::chrono::seconds(std::max(width_of(window.level), kDaySeconds))};
}

store::CountRange buckets_of(store::Series series, Level level, const store::SecondRange& range) {
  return {series, level, store::bucket_of(range.from, level),
          store::bucket_of(range.until - base::Duration(1), level) + 1};
}

template <class Visit>
void visit_rows(db::Transaction& tx, store::OrganizationId organization, const store::CountRange& range, Visit visit) {
  std::optional<store::CountRow> last;
  for (;;) {
    const auto rows = store::list_count_rows(tx, organization, range, last, kPage);
    for (const store::CountRow& row : rows) visit(row);
    if (std::int64_t(rows.size()) < kPage) return;
    last = rows.back();
  }
}

std::uint64_t mix(std::uint64_t number) {
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
  number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
  return number ^ (number >> 31);
}

std::uint64_t fingerprint(const store::CountKey& key) {
  std::uint64_t sum = 0xcbf29ce484222325;
  const auto add = [&](std::string_view bytes) {
    for (const char byte : bytes) sum = (sum ^ std::uint8_t(byte)) * 0x100000001b3;
    sum = mix(sum + bytes.size());
  };
  add(key.role.uuid.view());
  add(key.kind);
  add(key.detail);
  return sum;
}

std::uint64_t fingerprint(std::uint64_t key, Level level, std::int64_t bucket) {
  return mix(key ^ mix(std::uint64_t(bucket) * kLevels.size() + std::uint64_t(level) + 1));
}

using Place = std::tuple<Level, std::int64_t, store::CountKey>;
struct Pair {
  std::int64_t expected = 0;
  std::int64_t actual = 0;
};

/// Compares some windows key by key.
void list_some(const ComparedCounts& counts, const std::set<CountWindow>& windows,
               const std::function<void(const CountDifference&)>& report) {
  store::SecondRange range = range_of(*windows.begin());
  for (const CountWindow& window : windows) {
    range.from = std::min(range.from, range_of(window).from);
    range.until = std::max(range.until, range_of(window).until);
  }
  std::map<Place, Pair> pairs;
  counts.expected(range, [&](base::Time at, const store::CountKey& key, std::int64_t n) {
    for (const Level level : levels_of(counts.series)) {
      const std::int64_t bucket = store::bucket_of(at, level);
      if (windows.contains(window_of(level, bucket))) pairs[{level, bucket, key}].expected += n;
    }
  });
  for (const CountWindow& window : windows) {
    visit_rows(counts.tx, counts.organization, buckets_of(counts.series, window.level, range_of(window)),
               [&](const store::CountRow& row) {
                 pairs[{row.level, row.bucket, row.key}].actual += row.n;
               });
  }
  for (const auto& [place, pair] : pairs) {
    if (pair.expected == pair.actual) continue;
    const auto& [level, bucket, key] = place;
    report({counts.organization, counts.series, level, bucket, key, pair.expected, pair.actual});
  }
}

}  // namespace

void read_counts(db::Transaction& tx, store::OrganizationId organization, store::Series series, Level level,
                 const store::SecondRange& range, const CountSink& sink) {
  visit_rows(tx, organization, buckets_of(series, level, range),
             [&](const store::CountRow& row) { sink(beginning_of(level, row.bucket), row.key, row.n); });
}

std::set<CountWindow> find_differences(const ComparedCounts& counts) {
  std::map<CountWindow, std::uint64_t> balances;
  counts.expected({}, [&](base::Time at, const store::CountKey& key, std::int64_t n) {
    const std::uint64_t print = fingerprint(key);
    for (const Level level : levels_of(counts.series)) {
      const std::int64_t bucket = store::bucket_of(at, level);
      balances[window_of(level, bucket)] += std::uint64_t(n) * fingerprint(print, level, bucket);
    }
  });
  for (const Level level : levels_of(counts.series)) {
    visit_rows(counts.tx, counts.organization, buckets_of(counts.series, level, {}), [&](const store::CountRow& row) {
      balances[window_of(level, row.bucket)] -=
          std::uint64_t(row.n) * fingerprint(fingerprint(row.key), level, row.bucket);
    });
  }
  std::set<CountWindow> windows;
  for (const auto& [window, balance] : balances) {
    if (balance != 0) windows.insert(window);
  }
  return windows;
}

void list_differences(const ComparedCounts& counts, const std::set<CountWindow>& windows,
                      const std::function<void(const CountDifference&)>& report) {
  std::set<CountWindow> some;
  for (const CountWindow& window : windows) {
    some.insert(window);
    if (some.size() < kWindowsAtOnce) continue;
    list_some(counts, some, report);
    some.clear();
  }
  if (!some.empty()) list_some(counts, some, report);
}

}  // namespace gatehouse::domain
