#include "domain/statistics.h"

#include "base/mutation.h"
#include "store/members.h"
#include "store/organizations.h"
#include "store/statistics.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace gatehouse::domain {

using base::refuse;
using namespace std::chrono_literals;

namespace {

using RoleCounts = std::vector<store::RoleCount>;

/// Of all organizations, as many are counted at once.
constexpr std::int64_t kOrganizationsInPart = 500;

base::Result<RoleCounts> count_for_operator(db::Transaction& tx, store::OrganizationId organization,
                                            const store::SecondRange& joined) {
  if (!store::find_organization(tx, organization)) return refuse(base::kNotFound);
  return store::count_members_by_role(tx, organization, joined);
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

/// What the reader may see, a part after the other, each ordered by the age of its organizations.
class Counting {
 public:
  static base::Result<Counting> begin(const Services& services, const StatisticsReader& reader,
                                      const std::optional<store::OrganizationId>& only,
                                      const store::SecondRange& joined) {
    Counting counting(services, joined);
    if (std::holds_alternative<Operator>(reader) && !only) return counting;
    counting.after_.reset();
    counting.first_ = TRY(services.database.read([&](db::Transaction& tx) -> base::Result<RoleCounts> {
      if (std::holds_alternative<Operator>(reader)) return count_for_operator(tx, *only, joined);
      return count_for_member(tx, std::get<SignedIn>(reader).account(), only, joined);
    }));
    return counting;
  }

  RoleCounts next() {
    if (!after_) return std::move(first_);
    auto page = services_->database.read([&](db::Transaction& tx) {
      return store::count_all_members_by_role(tx, joined_, *after_, kOrganizationsInPart);
    });
    after_ = page.last;
    return std::move(page.counts);
  }
  bool is_at_end() const { return !after_; }

 private:
  Counting(const Services& services, const store::SecondRange& joined) : services_(&services), joined_(joined) {}

  const Services* services_;
  store::SecondRange joined_;
  /// Of all organizations, those behind it are still to come.
  std::optional<store::AgePosition> after_ = store::AgePosition{};
  RoleCounts first_;
};

/// What organizations are called in one answer, those of earlier parts included.
class OrganizationNames {
 public:
  const std::string& of(const store::RoleCount& count) {
    if (count.organization == last_) return name_;
    last_ = count.organization;
    name_ = count.organization_name;
    while (!taken_.insert(name_).second) name_ += " (" + count.organization_slug + ")";
    return name_;
  }

 private:
  std::set<std::string> taken_;
  store::OrganizationId last_;
  std::string name_;
};

/// `add(part, organization's name, count)` puts one count where it belongs.
template <class Part, class Add>
InParts<Part> in_parts(Counting counting, Add add) {
  return {[counting = std::move(counting), names = OrganizationNames(), add]() mutable {
    typename InParts<Part>::Made made;
    for (const store::RoleCount& count : counting.next()) add(made.part, names.of(count), count);
    made.is_last = counting.is_at_end();
    return made;
  }};
}

InParts<NestedCounts> nest(Counting counting) {
  return in_parts<NestedCounts>(std::move(counting),
                                [](NestedCounts& part, const std::string& name, const store::RoleCount& count) {
                                  part[name][count.role_name] += count.members;
                                });
}

}  // namespace

base::Result<Counts> count_by_role(const Services& services, const StatisticsReader& reader,
                                   const StatisticsInput& input) {
  Counting counting = TRY(Counting::begin(services, reader, input.organization_id, {}));
  Counts by_role;
  do {
    for (const store::RoleCount& one : counting.next()) by_role[one.role_name] += one.members;
  } while (!counting.is_at_end());
  return by_role;
}

base::Result<InParts<Counts>> count_by_organization(const Services& services, const StatisticsReader& reader,
                                                    const StatisticsInput& input) {
  return in_parts<Counts>(
      TRY(Counting::begin(services, reader, input.organization_id, {})),
      [](Counts& part, const std::string& name, const store::RoleCount& count) { part[name] += count.members; });
}

base::Result<InParts<NestedCounts>> count_by_organization_and_role(const Services& services,
                                                                   const StatisticsReader& reader,
                                                                   const StatisticsInput& input) {
  return nest(TRY(Counting::begin(services, reader, input.organization_id, {})));
}

base::Result<InParts<NestedCounts>> count_joined_by_organization_and_role(const Services& services,
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
  return nest(TRY(Counting::begin(services, reader, input.organization_id, joined)));
}

}  // namespace gatehouse::domain
