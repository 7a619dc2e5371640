#pragma once

#include "domain/services.h"
#include "store/ids.h"
#include "wire/fields.h"

#include <functional>
#include <map>
#include <optional>
#include <string>

/// The ledger of the statistics beside what it counts. Beside a running service, which neither disturbs the check nor
/// is disturbed by it; a repair holds up the changes of one organization at a time.
namespace gatehouse::domain {

/// A count that is not what it should be.
struct StatisticsDifference {
  std::optional<store::OrganizationId> organization_id;  // absent: of the platform
  std::string series;                                    // "cohort", "timeline", "events", "growth"
  std::string level;                                     // "second", …, "4096_days", or "sum" for all of the time
  std::optional<base::Time> start;                       // of what is counted together; absent for "sum"
  std::optional<store::RoleId> role_id;
  std::string kind;
  std::string detail;
  std::int64_t expected;
  std::int64_t actual;

  static constexpr auto fields() {
    using D = StatisticsDifference;
    return wire::fields(wire::field("organization_id", &D::organization_id), wire::field("series", &D::series),
                        wire::field("level", &D::level), wire::field("start", &D::start),
                        wire::field("role_id", &D::role_id), wire::field("kind", &D::kind),
                        wire::field("detail", &D::detail), wire::field("expected", &D::expected),
                        wire::field("actual", &D::actual));
  }
};

struct StatisticsSummary {
  std::int64_t organizations = 0;
  std::int64_t differences = 0;
  /// Of which the audit log does not tell all: their timeline is compared with the memberships in sum, and its levels
  /// with each other.
  std::int64_t organizations_untold = 0;

  static constexpr auto fields() {
    using S = StatisticsSummary;
    return wire::fields(wire::field("organizations", &S::organizations), wire::field("differences", &S::differences),
                        wire::field("organizations_untold", &S::organizations_untold));
  }
};

struct StatisticsReport {
  std::function<void(const StatisticsDifference&)> difference;
  /// The audit log does not account for so many memberships of the organization.
  std::function<void(store::OrganizationId, std::int64_t memberships)> untold;
};

/// Recounts: the cohort from the memberships; the timeline from the audit log; the levels of the events from their
/// seconds; the platform's counts of memberships from those of all organizations. Only one organization when `only` is
/// given, and the platform not at all then. Each organization, and the platform, as they are at one moment.
StatisticsSummary verify_statistics(const Services& services, const std::optional<store::OrganizationId>& only,
                                    const StatisticsReport& report);

/// Puts right what verify_statistics() finds, reports it, and writes an audit entry for each organization that it was
/// found in (and for the platform, which is always looked at). Where the audit log does not tell all, the sum of the
/// timeline becomes right from now on, and its past stays as it is.
StatisticsSummary rebuild_statistics(const Services& services, const std::optional<store::OrganizationId>& only,
                                     const StatisticsReport& report);

}  // namespace gatehouse::domain
