#include "domain/series.h"

#include <algorithm>

namespace gatehouse::domain {

using base::refuse_field;
using std::chrono::days;

namespace {

constexpr std::string_view kExpectedDay =
    "expected a day such as 2026-10-25, or an instant: RFC 3339 (in a URL + is written %2B) or Unix seconds; of the "
    "years 1970 to 9999";

std::optional<base::Time> parse_instant(std::string_view text) {
  auto parsed = base::parse_unix_seconds(text);
  if (!parsed) parsed = base::parse_rfc3339(text);
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

std::vector<DetailCounts> count_until_days(db::Transaction& tx, store::OrganizationId organization,
                                           std::string_view kind, const std::vector<base::Day>& days_of_utc) {
  DetailCounts sums;
  const auto add_to_sums = [&](const store::Counts& counts) {
    for (const auto& [key, n] : counts) {
      if (key.kind == kind) sums[key.detail] += n;
    }
  };
  std::vector<base::Time> edges{base::Time(days_of_utc.front().time_since_epoch())};
  for (const base::Day day : days_of_utc) edges.emplace_back((day + days(1)).time_since_epoch());
  const auto all = count_by_period_and_before(tx, organization, store::Series::events, edges, {kind});
  add_to_sums(all.before);
  std::vector<DetailCounts> until;
  for (const store::Counts& counts : all.periods) {
    add_to_sums(counts);
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
