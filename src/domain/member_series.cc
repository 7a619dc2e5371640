#include "domain/member_series.h"

namespace gatehouse::domain {

namespace {

base::Result<Growth> read_growth(const Services& services, store::OrganizationId organization,
                                 const SeriesFilter& filter) {
  const Periods periods = TRY(read_periods(filter, services.clock.now()));
  Growth answer{periods.view(), {}};
  services.database.read([&](db::Transaction& tx) {
    const auto counts = store::count_by_period_and_before(tx, organization, store::Series::growth, periods.edges);
    std::int64_t total = 0;
    for (const auto& [key, n] : counts.before) total += n;
    for (std::size_t i = 0; i < periods.size(); ++i) {
      const std::int64_t joined = count_of(counts.periods[i], "joined"), left = -count_of(counts.periods[i], "left");
      total += joined - left;
      answer.data.push_back({periods.edges[i], periods.edges[i + 1], joined, left, total});
    }
    return true;
  });
  return answer;
}

base::Result<ActiveMembers> read_active_members(const Services& services, store::OrganizationId organization,
                                                const DaysFilter& filter) {
  SeriesFilter series;
  series.from = filter.from;
  series.to = filter.to;
  const Periods periods = TRY(read_periods(series, services.clock.now()));
  const SeriesView view = periods.view();
  const std::vector<base::Day> days(periods.days.begin(), periods.days.end() - 1);
  const auto active =
      services.database.read([&](db::Transaction& tx) { return count_until_days(tx, organization, "active", days); });
  ActiveMembers answer{view.from, view.to, view.time_zone, {}};
  for (std::size_t i = 0; i < days.size(); ++i) {
    DetailCounts counts = active[i];
    answer.data.push_back({base::to_string(days[i]), counts["1"], counts["7"], counts["30"]});
  }
  return answer;
}

}  // namespace

base::Result<Growth> show_growth(const Services& services, const InOrganization& caller, const SeriesInput& input) {
  return read_growth(services, caller.organization(), input);
}

base::Result<Growth> show_platform_growth(const Services& services, const Operator&, const SeriesFilter& input) {
  return read_growth(services, store::kPlatformOrganization, input);
}

base::Result<ActiveMembers> show_active_members(const Services& services, const InOrganization& caller,
                                                const DaysInput& input) {
  return read_active_members(services, caller.organization(), input);
}

base::Result<ActiveMembers> show_platform_active_members(const Services& services, const Operator&,
                                                         const DaysFilter& input) {
  return read_active_members(services, store::kPlatformOrganization, input);
}

}  // namespace gatehouse::domain
