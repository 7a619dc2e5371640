#pragma once

#include "store/ledger.h"

#include <compare>
#include <map>
#include <string>
#include <vector>

/// The ledger of the statistics, as it is read. Every sum is one statement over counts and deltas: what COMMIT has made
/// true, whatever is folded meanwhile; those of one read() are of one moment. What it costs depends on neither the
/// members nor the time that it goes over.
namespace gatehouse::store {

/// Whole seconds: from `from` on, before `until`. Both to be given as whole ones, and `from` not behind `until`. By
/// itself it is all of time, to the edges of buckets of the widest level, so that it is read from that level alone.
struct SecondRange {
  base::Time from{-180 * std::chrono::days(4'096)};  // 49 BC
  base::Time until{717 * std::chrono::days(4'096)};  // the year 10010
};

/// What a count is of, see Series.
struct CountKey {
  RoleId role;  // nil for events, and in the platform's counts
  std::string kind;
  std::string detail;
  auto operator<=>(const CountKey&) const = default;
};
/// Those that are not zero.
using Counts = std::map<CountKey, std::int64_t>;

/// What was counted within the range, of any series but growth. Of the timeline until the end of a second: the state at
/// that instant. Of the platform organization: over all organizations.
Counts sum_counts(db::Transaction& tx, OrganizationId organization, Series series, const SecondRange& range = {});

/// Which kinds are asked for; all of them when both are empty.
struct Kinds {
  std::string_view one = {};
  std::string_view other = one;
};
/// The same for each of the periods between two edges, whole seconds in ascending order. It reads the buckets of one
/// level, and of finer ones what lies between an edge and the nearest bucket: in a time zone, a few hours of each day.
/// Of Series::growth (its kinds are always all asked for) what is finer than its levels is read from the timeline.
std::vector<Counts> count_by_period(db::Transaction& tx, OrganizationId organization, Series series,
                                    const std::vector<base::Time>& edges, const Kinds& kinds = {});
/// The same, and all that was counted before the first edge (of growth, in the timeline), in one round trip.
struct PeriodsAndBefore {
  Counts before;
  std::vector<Counts> periods;
};
PeriodsAndBefore count_by_period_and_before(db::Transaction& tx, OrganizationId organization, Series series,
                                            const std::vector<base::Time>& edges, const Kinds& kinds = {});

/// What a role is or was called.
struct RoleName {
  std::string key;
  std::string name;
  bool is_deleted;
};
/// Of the organization's roles, and of those that it had.
std::map<RoleId, RoleName> list_role_names(db::Transaction& tx, OrganizationId organization);

/// Active members of one role in one organization.
struct RoleCount {
  OrganizationId organization;
  std::string organization_name;
  std::string organization_slug;
  base::Time organization_created_at;
  std::string role_name;
  std::int64_t members;
};
/// Who joined within the range and is an active member now: oldest organization first, then by the name of the role.
std::vector<RoleCount> count_members_by_role(db::Transaction& tx, OrganizationId organization,
                                             const SecondRange& joined);

/// Where an organization stands in the order of their age; by itself before all of them.
struct AgePosition {
  base::Time created_at;
  OrganizationId organization;
};
struct RoleCountPage {
  std::vector<RoleCount> counts;
  /// The last organization of the page; nothing when there are none behind it.
  std::optional<AgePosition> last;
};
/// The same of the `limit` organizations behind `after`, for operators.
RoleCountPage count_all_members_by_role(db::Transaction& tx, const SecondRange& joined, const AgePosition& after,
                                        std::int64_t limit);

/// Counted from the memberships themselves, however many: what the cohort series has to say of the range.
Counts recount_members(db::Transaction& tx, OrganizationId organization, const SecondRange& joined);

}  // namespace gatehouse::store
