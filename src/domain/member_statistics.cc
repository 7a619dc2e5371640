#include "domain/member_statistics.h"

#include <algorithm>
#include <tuple>

namespace gatehouse::domain {

namespace {

using std::chrono::seconds;

/// The second that is named; of a day the last one or, when it is not over yet, that of now.
std::optional<base::Time> second_of(const std::optional<base::ParsedTime>& as_of, base::Time now) {
  if (!as_of) return std::nullopt;
  const base::Time last = as_of->time + as_of->precision - base::Duration(1);
  return std::chrono::floor<seconds>(as_of->precision > seconds(1) ? std::min(last, now) : last);
}

/// What the memberships of that instant sum up to.
base::Result<store::SecondRange> range_until(const std::optional<base::ParsedTime>& as_of, base::Time now) {
  store::SecondRange range;
  const auto second = second_of(as_of, now);
  if (!second) return range;
  if (std::chrono::floor<seconds>(as_of->time) > now) return base::refuse_field("?as_of", "lies in the future");
  range.until = *second + seconds(1);
  return range;
}

/// Sums that are not zero, of what joined, left and changed, by what `name_of` says of it: role and status.
template <class NameOf>
auto sum_by(const store::Counts& counts, const NameOf& name_of) {
  std::map<decltype(name_of(store::CountKey())), std::int64_t> sums;
  for (const auto& [key, n] : counts) sums[name_of(key)] += n;
  std::erase_if(sums, [](const auto& sum) { return sum.second == 0; });
  return sums;
}

template <class Row>
std::int64_t total_of(const std::vector<Row>& rows) {
  std::int64_t total = 0;
  for (const Row& row : rows) total += row.members;
  return total;
}

}  // namespace

base::Result<MemberStatistics> show_member_statistics(const Services& services, const InOrganization& caller,
                                                      const MemberStatisticsInput& input) {
  const base::Time now = services.clock.now();
  const store::SecondRange range = TRY(range_until(input.as_of, now));
  const auto rows = services.database.read([&](db::Transaction& tx) {
    const auto counts = store::sum_counts(tx, caller.organization(), store::Series::timeline, range);
    // Behind the counts: a role whose members they know has a name by then, and keeps one.
    const auto names = store::list_role_names(tx, caller.organization());
    std::vector<RoleMembers> all;
    for (const auto& [key, members] :
         sum_by(counts, [](const store::CountKey& one) { return std::pair(one.role, one.detail); })) {
      const store::RoleName& role = names.at(key.first);
      all.push_back({key.first, role.key, role.name, key.second, members});
    }
    return all;
  });
  MemberStatistics answer{second_of(input.as_of, now), total_of(rows), rows};
  std::ranges::sort(answer.data, {},
                    [](const RoleMembers& row) { return std::tie(row.role, row.role_id, row.status); });
  return answer;
}

base::Result<PlatformMemberStatistics> show_platform_member_statistics(const Services& services, const Operator&,
                                                                       const MemberStatisticsFilter& input) {
  const base::Time now = services.clock.now();
  const store::SecondRange range = TRY(range_until(input.as_of, now));
  const auto counts = services.database.read([&](db::Transaction& tx) {
    return store::sum_counts(tx, store::kPlatformOrganization, store::Series::timeline, range);
  });
  PlatformMemberStatistics answer{second_of(input.as_of, now), 0, {}};
  for (const auto& [role_and_status, members] : sum_by(counts, [](const store::CountKey& key) {
         const auto space = key.detail.find(' ');  // "status role_key"
         return std::pair(key.detail.substr(space + 1), key.detail.substr(0, space));
       })) {
    answer.data.push_back({role_and_status.first, role_and_status.second, members});
  }
  answer.total = total_of(answer.data);
  return answer;
}

}  // namespace gatehouse::domain
