#include "domain/statistics.h"

#include "base/mutation.h"
#include "store/members.h"
#include "store/organizations.h"
#include "store/statistics.h"

#include <algorithm>
#include <tuple>

namespace gatehouse::domain {

using base::refuse;
using namespace std::chrono_literals;

namespace {

using RoleCounts = std::vector<store::RoleCount>;

base::Result<RoleCounts> count_for_operator(db::Transaction& tx, const std::optional<store::OrganizationId>& only,
                                            const store::SecondRange& joined) {
  if (!only) return store::count_all_members_by_role(tx, joined);
  if (!store::find_organization(tx, *only)) return refuse(base::kNotFound);
  return store::count_members_by_role(tx, *only, joined);
}

base::Result<RoleCounts> count_for_member(db::Transaction& tx, const store::Account& account,
                                          const std::optional<store::OrganizationId>& only,
                                          const store::SecondRange& joined) {
  RoleCounts counts;
  bool is_member = false, may_read = false;
  for (const store::Membership& membership : store::list_memberships(tx, account)) {
    if (only && membership.organization != *only) continue;
    is_member = true;
    const bool holds_right = permissions_of(membership.role_key, membership.role_permissions, {}).contains(kStatsRead);
    if (!holds_right && !base::is_skipped("member may read statistics")) continue;
    may_read = true;
    std::ranges::move(store::count_members_by_role(tx, membership.organization, joined), std::back_inserter(counts));
  }
  if (only && !is_member) return refuse(base::kNotFound);
  if (!may_read) return refuse(base::kForbidden);
  std::ranges::sort(counts, {}, [](const store::RoleCount& count) {
    return std::tuple(count.organization_created_at, count.organization, count.role_name);
  });
  return counts;
}

base::Result<RoleCounts> count(const Services& services, const StatisticsReader& reader,
                               const std::optional<store::OrganizationId>& only, const store::SecondRange& joined) {
  return services.database.read([&](db::Transaction& tx) -> base::Result<RoleCounts> {
    if (std::holds_alternative<Operator>(reader)) return count_for_operator(tx, only, joined);
    return count_for_member(tx, std::get<SignedIn>(reader).account(), only, joined);
  });
}

/// What each organization is called in one answer. `counts` are ordered by the age of their organizations.
std::map<store::OrganizationId, std::string> name_organizations(const RoleCounts& counts) {
  std::map<store::OrganizationId, std::string> names;
  std::set<std::string> taken;
  for (const store::RoleCount& count : counts) {
    if (names.contains(count.organization)) continue;
    std::string name = count.organization_name;
    while (!taken.insert(name).second) name += " (" + count.organization_slug + ")";
    names.emplace(count.organization, std::move(name));
  }
  return names;
}

NestedCounts nest(const RoleCounts& counts) {
  const auto names = name_organizations(counts);
  NestedCounts nested;
  for (const store::RoleCount& count : counts) {
    nested[names.at(count.organization)][count.role_name] += count.members;
  }
  return nested;
}

}  // namespace

base::Result<Counts> count_by_role(const Services& services, const StatisticsReader& reader,
                                   const StatisticsInput& input) {
  Counts by_role;
  for (const auto& one : TRY(count(services, reader, input.organization_id, {}))) {
    by_role[one.role_name] += one.members;
  }
  return by_role;
}

base::Result<Counts> count_by_organization(const Services& services, const StatisticsReader& reader,
                                           const StatisticsInput& input) {
  Counts by_organization;
  for (const auto& [organization, roles] : nest(TRY(count(services, reader, input.organization_id, {})))) {
    for (const auto& [role, members] : roles) by_organization[organization] += members;
  }
  return by_organization;
}

base::Result<NestedCounts> count_by_organization_and_role(const Services& services, const StatisticsReader& reader,
                                                          const StatisticsInput& input) {
  return nest(TRY(count(services, reader, input.organization_id, {})));
}

base::Result<NestedCounts> count_joined_by_organization_and_role(const Services& services,
                                                                 const StatisticsReader& reader,
                                                                 const FilteredStatisticsInput& input) {
  store::SecondRange joined;
  if (input.from && input.to && input.to->time + input.to->precision <= input.from->time) {
    return base::refuse_field("?to", "The range ends before it begins.");
  }
  if (input.from) joined.from = std::chrono::floor<std::chrono::seconds>(input.from->time);
  if (input.to) {
    const base::Time last = input.to->time + input.to->precision - base::Duration(1);
    joined.until = std::min(joined.until, base::Time(std::chrono::floor<std::chrono::seconds>(last) + 1s));
  }
  return nest(TRY(count(services, reader, input.organization_id, joined)));
}

}  // namespace gatehouse::domain
