#include "domain/series.h"

#include <algorithm>
#include <charconv>

namespace gatehouse::domain {

using base::refuse_field;
using std::chrono::days;
using std::chrono::seconds;

namespace {

constexpr std::string_view kExpectedDay =
    "expected a day such as 2026-10-25, or an instant: RFC 3339 (in a URL + is written %2B) or Unix seconds";
/// Of the year 9999, which is where the other forms end.
constexpr std::int64_t kLastUnixSecond = 253'402'300'799;

std::optional<base::Time> parse_instant(std::string_view text) {
  std::int64_t unix_seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), unix_seconds);
  if (error == std::errc() && end == text.data() + text.size()) {
    if (unix_seconds < 0 || unix_seconds > kLastUnixSecond) return std::nullopt;
    return base::Time(seconds(unix_seconds));
  }
  const auto parsed = base::parse_rfc3339(text);
  return parsed ? std::optional(parsed->time) : std::nullopt;
}

/// `fallback` when the field is absent.
base::Result<base::Day> read_day(const std::optional<std::string>& text, std::string_view pointer,
                                 const base::TimeZone& zone, base::Day fallback) {
  if (!text) return fallback;
  if (const auto day = base::parse_day(*text)) return *day;
  if (const auto instant = parse_instant(*text)) return zone.day_of(*instant);
  return refuse_field(std::string(pointer), std::string(kExpectedDay));
}

/// The first day of the period that holds that one.
base::Day start_of_period(base::Day day, std::string_view granularity) {
  if (granularity == "week") return day - (std::chrono::weekday(day) - std::chrono::Monday);
  if (granularity == "day") return day;
  const std::chrono::year_month_day date(day);
  return base::Day(date.year() / date.month() / 1);
}

base::Day next_period(base::Day start, std::string_view granularity) {
  if (granularity == "week") return start + days(7);
  if (granularity == "day") return start + days(1);
  return base::Day(std::chrono::year_month_day(start) + std::chrono::months(1));
}

bool is_more_than_allowed(base::Day first, base::Day last, std::string_view granularity) {
  std::size_t periods = 0;
  for (base::Day day = start_of_period(first, granularity); day <= last; day = next_period(day, granularity)) {
    if (++periods > kMostPeriods) return true;
  }
  return false;
}

bool is_edge_of(base::Time time, store::Level level) {
  return time.time_since_epoch() % seconds(store::kLevelSeconds.at(std::size_t(level))) == seconds(0);
}

base::Time beginning_of(std::int64_t bucket, store::Level level) {
  return base::Time(seconds(bucket * store::kLevelSeconds.at(std::size_t(level))));
}

/// What is least to read: the buckets of the level, and what is left over at edges within one.
store::Level cheapest_level(const std::vector<base::Time>& edges) {
  // A statement of its own for an edge costs about as much as so many rows of the common one.
  constexpr std::int64_t kCostOfPart = 60;
  const std::int64_t length = (edges.back() - edges.front()) / seconds(1);
  store::Level cheapest{};
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (const store::Level level : {store::Level::day, store::Level::hour, store::Level::minute, store::Level::second}) {
    const auto parts = std::ranges::count_if(edges, [&](base::Time edge) { return !is_edge_of(edge, level); });
    const std::int64_t cost = length / store::kLevelSeconds.at(std::size_t(level)) + parts * kCostOfPart;
    if (cost >= least) continue;
    least = cost;
    cheapest = level;
  }
  return cheapest;
}

void add(store::Counts& counts, const store::Counts& more, std::int64_t sign) {
  for (const auto& [key, n] : more) counts[key] += sign * n;
}

/// Of the bucket in which the edge lies, what is before it: of each finer level the buckets that are whole.
store::Counts count_in_bucket_until(db::Transaction& tx, store::OrganizationId organization, store::Series series,
                                    store::Level level, base::Time edge) {
  store::Counts counts;
  base::Time from = beginning_of(store::bucket_of(edge, level), level);
  for (auto finer = std::int64_t(level) - 1; from < edge && finer >= 0; --finer) {
    const auto width = store::Level(finer);
    const std::int64_t end = store::bucket_of(edge, width);
    for (const auto& [bucket, more] :
         list_counts(tx, organization, series, width, store::bucket_of(from, width), end)) {
      add(counts, more, 1);
    }
    from = beginning_of(end, width);
  }
  return counts;
}

}  // namespace

SeriesView Periods::view() const {
  return {base::to_string(days.front()), base::to_string(days.back() - std::chrono::days(1)), granularity, zone.name()};
}

base::Result<Periods> read_periods(const SeriesFilter& filter, base::Time now) {
  const auto zone = base::TimeZone::find(filter.time_zone.value_or("UTC"));
  if (!zone) return refuse_field("?time_zone", "is no name of the IANA time zone database, such as Europe/Berlin");
  const base::Day today = zone->day_of(now);
  const base::Day asked_last = TRY(read_day(filter.to, "?to", *zone, today));
  const base::Day first = TRY(read_day(filter.from, "?from", *zone, asked_last - days(29)));
  const std::string granularity = filter.granularity.value_or("day");
  if (first > today) return refuse_field(filter.from ? "?from" : "?to", "lies in the future");
  if (first > asked_last) return refuse_field("?to", "The range ends before it begins.");
  if (is_more_than_allowed(first, asked_last, granularity)) {
    return refuse_field("?from", "The range has more than " + std::to_string(kMostPeriods) + " periods (" +
                                     granularity + "s): ask for fewer, or for longer ones.");
  }
  Periods periods{granularity, *zone, {}, {}};
  const base::Day last = std::min(asked_last, today);
  base::Day day = start_of_period(first, granularity);
  while (day <= last) {
    const base::Time start = zone->start_of(day);
    // A day that the zone has skipped begins when the next one does.
    if (!periods.edges.empty() && periods.edges.back() == start)
      periods.days.back() = day;
    else {
      periods.days.push_back(day);
      periods.edges.push_back(start);
    }
    day = next_period(day, granularity);
  }
  periods.days.push_back(day);
  periods.edges.push_back(zone->start_of(day));
  return periods;
}

std::vector<store::Counts> count_by_period(db::Transaction& tx, store::OrganizationId organization,
                                           store::Series series, const std::vector<base::Time>& edges) {
  const store::Level level = cheapest_level(edges);
  std::vector<store::Counts> parts;
  std::vector<std::int64_t> first_buckets;
  for (const base::Time edge : edges) {
    first_buckets.push_back(store::bucket_of(edge, level));
    parts.push_back(count_in_bucket_until(tx, organization, series, level, edge));
  }
  std::vector<store::Counts> periods(edges.size() - 1);
  for (const auto& [bucket, counts] :
       list_counts(tx, organization, series, level, first_buckets.front(), first_buckets.back())) {
    const auto next = std::ranges::upper_bound(first_buckets, bucket);
    add(periods.at(std::size_t(next - first_buckets.begin()) - 1), counts, 1);
  }
  for (std::size_t i = 0; i < periods.size(); ++i) {
    add(periods[i], parts[i], -1);
    add(periods[i], parts[i + 1], 1);
  }
  return periods;
}

std::vector<DetailCounts> count_until_days(db::Transaction& tx, store::OrganizationId organization,
                                           std::string_view kind, const std::vector<base::Day>& days_of_utc) {
  const auto bucket_of = [](base::Day day) { return std::int64_t(day.time_since_epoch().count()); };
  const std::int64_t first = bucket_of(days_of_utc.front());
  DetailCounts sums;
  const auto add_to_sums = [&](const store::Counts& counts) {
    for (const auto& [key, n] : counts) {
      if (key.kind == kind) sums[key.detail] += n;
    }
  };
  store::SecondRange before;
  before.until = beginning_of(first, store::Level::day);
  add_to_sums(sum_counts(tx, organization, store::Series::events, before));
  const auto buckets =
      list_counts(tx, organization, store::Series::events, store::Level::day, first, bucket_of(days_of_utc.back()) + 1);
  std::vector<DetailCounts> until;
  auto next = buckets.begin();
  for (const base::Day day : days_of_utc) {
    for (; next != buckets.end() && next->first <= bucket_of(day); ++next) add_to_sums(next->second);
    until.push_back(sums);
  }
  return until;
}

std::int64_t count_of(const store::Counts& counts, std::string_view kind, std::string_view detail) {
  std::int64_t sum = 0;
  for (const auto& [key, n] : counts) {
    if (key.kind == kind && (detail.empty() || key.detail == detail)) sum += n;
  }
  return sum;
}

}  // namespace gatehouse::domain
