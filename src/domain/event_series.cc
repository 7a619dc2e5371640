#include "domain/event_series.h"

#include <charconv>
#include <set>

namespace gatehouse::domain {

namespace {

using std::chrono::seconds;

/// The details of sign-ins that an answer names even when there were none.
constexpr std::array<std::string_view, 2> kSignIns{"succeeded password", "failed password"};

std::vector<store::Counts> read_events(const Services& services, store::OrganizationId organization,
                                       const std::vector<base::Time>& edges, const store::Kinds& kinds) {
  return services.database.read([&](db::Transaction& tx) {
    return store::count_by_period(tx, organization, store::Series::events, edges, kinds);
  });
}

base::Result<SignInSeries> read_sign_ins(const Services& services, store::OrganizationId organization,
                                         const SeriesFilter& filter) {
  const Periods periods = TRY(read_periods(filter, services.clock.now()));
  const auto counts = read_events(services, organization, periods.edges, {"sign_in"});
  std::set<std::string, std::less<>> details(kSignIns.begin(), kSignIns.end());
  for (const store::Counts& period : counts) {
    for (const auto& [key, n] : period) details.insert(key.detail);
  }
  SignInSeries answer{periods.view(), {}};
  for (std::size_t i = 0; i < periods.size(); ++i) {
    for (const std::string& detail : details) {
      const auto space = detail.find(' ');
      answer.data.push_back({periods.edges[i], periods.edges[i + 1], detail.substr(0, space), detail.substr(space + 1),
                             count_of(counts[i], "sign_in", detail)});
    }
  }
  return answer;
}

/// The lower of two. Nothing when nothing was accepted.
std::optional<std::int64_t> median_seconds_to_accept(const store::Counts& counts) {
  std::map<std::int64_t, std::int64_t> accepted;  // how many by how long it took
  std::int64_t all = 0;
  for (const auto& [key, n] : counts) {
    if (key.kind != "accepted_after") continue;
    std::int64_t took_seconds = 0;
    std::from_chars(key.detail.data(), key.detail.data() + key.detail.size(), took_seconds);
    accepted[took_seconds] += n;
    all += n;
  }
  std::int64_t within = 0;
  for (const auto& [took_seconds, n] : accepted) {
    within += n;
    if (within > 0 && within * 2 >= all) return took_seconds;
  }
  return std::nullopt;
}

base::Result<InvitationSeries> read_invitations(const Services& services, store::OrganizationId organization,
                                                const SeriesFilter& filter) {
  const base::Time now = services.clock.now();
  const Periods periods = TRY(read_periods(filter, now));
  // What is known to expire is written beforehand.
  auto edges = periods.edges;
  edges.back() = std::min(edges.back(), base::Time(std::chrono::floor<seconds>(now) + seconds(1)));
  const auto counts = read_events(services, organization, edges, {"invitation", "accepted_after"});
  InvitationSeries answer{periods.view(), {}};
  for (std::size_t i = 0; i < periods.size(); ++i) {
    answer.data.push_back({periods.edges[i], periods.edges[i + 1], count_of(counts[i], "invitation", "sent"),
                           count_of(counts[i], "invitation", "accepted"), count_of(counts[i], "invitation", "expired"),
                           median_seconds_to_accept(counts[i])});
  }
  return answer;
}

}  // namespace

base::Result<SignInSeries> show_sign_ins(const Services& services, const InOrganization& caller,
                                         const SeriesInput& input) {
  return read_sign_ins(services, caller.organization(), input);
}

base::Result<SignInSeries> show_platform_sign_ins(const Services& services, const Operator&,
                                                  const SeriesFilter& input) {
  return read_sign_ins(services, store::kPlatformOrganization, input);
}

base::Result<InvitationSeries> show_invitation_series(const Services& services, const InOrganization& caller,
                                                      const SeriesInput& input) {
  return read_invitations(services, caller.organization(), input);
}

base::Result<InvitationSeries> show_platform_invitation_series(const Services& services, const Operator&,
                                                               const SeriesFilter& input) {
  return read_invitations(services, store::kPlatformOrganization, input);
}

base::Result<OrganizationSeries> show_organization_series(const Services& services, const Operator&,
                                                          const SeriesFilter& input) {
  const Periods periods = TRY(read_periods(input, services.clock.now()));
  std::vector<base::Day> last_days;
  for (std::size_t i = 0; i < periods.size(); ++i) last_days.push_back(periods.days[i + 1] - std::chrono::days(1));
  // By how many days the window goes back that ends with the last one.
  const std::string window = periods.granularity == "day" ? "1" : periods.granularity == "week" ? "7" : "30";
  OrganizationSeries answer{periods.view(), {}};
  services.database.read([&](db::Transaction& tx) {
    const auto counts = store::count_by_period(tx, store::kPlatformOrganization, store::Series::events, periods.edges,
                                               {"organization"});
    auto active = count_until_days(tx, store::kPlatformOrganization, "active_organization", last_days);
    for (std::size_t i = 0; i < periods.size(); ++i) {
      answer.data.push_back(
          {periods.edges[i], periods.edges[i + 1], count_of(counts[i], "organization", "created"), active[i][window]});
    }
    return true;
  });
  return answer;
}

}  // namespace gatehouse::domain
