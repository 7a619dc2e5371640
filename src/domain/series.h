#pragma once

#include "base/result.h"
#include "base/time_zone.h"
#include "store/statistics.h"
#include "wire/fields.h"

#include <array>

/// Statistics over time: which days, weeks and months somebody asks for, and what was counted in each.
namespace gatehouse::domain {

inline constexpr std::array<std::string_view, 2> kTableFormats{"json", "csv"};
inline constexpr std::size_t kMostPeriods = 400;

/// What all series take. The fields are checked by read_periods().
struct SeriesFilter {
  std::optional<std::string> from;
  std::optional<std::string> to;
  std::optional<std::string> granularity;
  std::optional<std::string> time_zone;
  std::optional<std::string> format;

  static constexpr std::array<std::string_view, 3> kGranularities{"day", "week", "month"};
  static constexpr auto fields() {
    return wire::fields(
        wire::field("from", &SeriesFilter::from)
            .length(1, 40)
            .example("2026-10-01")
            .says("A day of the time zone, or an instant of it (RFC 3339 or Unix seconds): the first period is the one "
                  "that holds it. The thirtieth day up to `to` when it is absent."),
        wire::field("to", &SeriesFilter::to)
            .length(1, 40)
            .example("2026-10-31")
            .says("The same of the last period; today when it is absent. Periods to come are left out."),
        wire::field("granularity", &SeriesFilter::granularity)
            .one_of(kGranularities)
            .says("How long a period is: a day when it is absent. Weeks begin on Monday. At most 400 periods."),
        wire::field("time_zone", &SeriesFilter::time_zone)
            .length(1, 64)
            .example("Europe/Berlin")
            .says("Where days begin: a name of the IANA database. UTC when it is absent."),
        wire::field("format", &SeriesFilter::format).one_of(kTableFormats).says("json when it is absent."));
  }
};

struct SeriesInput : SeriesFilter {
  store::OrganizationId organization;

  static constexpr auto fields() {
    return std::tuple_cat(wire::fields(wire::field("organization", &SeriesInput::organization)),
                          SeriesFilter::fields());
  }
};

/// What a series says of itself.
struct SeriesView {
  std::string from;
  std::string to;
  std::string granularity;
  std::string time_zone;

  static constexpr auto fields() {
    return wire::fields(
        wire::field("from", &SeriesView::from).example("2026-10-01").says("The first day of the first period."),
        wire::field("to", &SeriesView::to).example("2026-10-31").says("The last day of the last period."),
        wire::field("granularity", &SeriesView::granularity).example("day").says("day, week or month"),
        wire::field("time_zone", &SeriesView::time_zone).example("Europe/Berlin"));
  }
};

/// Periods without gaps: number i goes from edges[i], inclusive, to edges[i + 1]. Only the last may be in progress.
struct Periods {
  std::string granularity;
  base::TimeZone zone;
  /// The days that begin at the edges.
  std::vector<base::Day> days;
  std::vector<base::Time> edges;

  std::size_t size() const { return edges.size() - 1; }
  SeriesView view() const;
};

/// Refuses `?from`, `?to` and `?time_zone`.
base::Result<Periods> read_periods(const SeriesFilter& filter, base::Time now);

/// Numbers by what they are of (store::CountKey::detail).
using DetailCounts = std::map<std::string, std::int64_t>;
/// For each of these days of UTC, in ascending order, what was counted of a kind of events until it had ended.
std::vector<DetailCounts> count_until_days(db::Transaction& tx, store::OrganizationId organization,
                                           std::string_view kind, const std::vector<base::Day>& days);

/// The sum over all roles.
std::int64_t count_of(const store::Counts& counts, std::string_view kind, std::string_view detail = {});

}  // namespace gatehouse::domain
