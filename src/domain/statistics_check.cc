#include "domain/statistics_check.h"

#include "domain/audit.h"
#include "domain/membership_history.h"
#include "domain/operators.h"
#include "store/organizations.h"

#include <array>
#include <vector>

namespace gatehouse::domain {

namespace {

using store::Level;
using store::OrganizationId;
using store::Series;

constexpr std::int64_t kPage = 5'000;
/// How many windows one transaction puts right.
constexpr std::size_t kWindowsAtOnce = 100;
constexpr std::array kSeries{Series::cohort, Series::timeline, Series::events, Series::growth};
constexpr std::array<const char*, 4> kSeriesNames{"cohort", "timeline", "events", "growth"};
constexpr std::array<const char*, 6> kLevelNames{"second", "minute", "hour", "day", "64_days", "4096_days"};

StatisticsDifference view(const CountDifference& difference) {
  const auto level = std::size_t(difference.level);
  const auto start = base::Time(std::chrono::seconds(difference.bucket * store::kLevelSeconds[level]));
  StatisticsDifference shown{difference.organization, kSeriesNames[std::size_t(difference.series)],
                             kLevelNames[level],      start,
                             difference.key.role,     difference.key.kind,
                             difference.key.detail,   difference.expected,
                             difference.actual};
  if (difference.organization == store::kPlatformOrganization) shown.organization_id.reset();
  if (difference.key.role == store::RoleId{}) shown.role_id.reset();
  return shown;
}

// What should be counted.

template <class Visit>
void visit_deltas(db::Transaction& tx, OrganizationId organization, Visit visit) {
  std::optional<store::DeltaRow> last;
  for (bool more = true; more;) {
    const auto rows = store::list_delta_rows(tx, organization, last, kPage);
    for (const store::DeltaRow& row : rows) visit(row);
    more = std::int64_t(rows.size()) == kPage;
    if (more) last = rows.back();
  }
}

/// The cohort, but for what is not folded yet.
CountSource cohort_of(db::Transaction& tx, OrganizationId organization) {
  return [&tx, organization](const store::SecondRange& range, const CountSink& sink) {
    std::optional<store::CountedMember> last;
    for (bool more = true; more;) {
      const auto members = store::list_counted_members(tx, organization, range, last, kPage);
      for (const auto& member : members) sink(member.joined_at, {member.role, "member", member.status}, 1);
      more = std::int64_t(members.size()) == kPage;
      if (more) last = members.back();
    }
    visit_deltas(tx, organization, [&](const store::DeltaRow& delta) {
      if (delta.joined_at) sink(*delta.joined_at, {delta.key.role, "member", delta.key.detail}, -delta.change);
    });
  };
}

/// The timeline, but for what is not folded yet. `untold` becomes what tell_history() returns.
CountSource timeline_of(db::Transaction& tx, OrganizationId organization, std::int64_t& untold) {
  return [&tx, organization, &untold](const store::SecondRange&, const CountSink& sink) {
    untold = tell_history(tx, organization, sink);
    visit_deltas(tx, organization, [&](const store::DeltaRow& delta) {
      if (delta.joined_at) sink(delta.at, delta.key, -delta.change);
    });
  };
}

/// What the finest level says, for the levels above it.
CountSource finest_of(db::Transaction& tx, OrganizationId organization, Series series) {
  return [&tx, organization, series](const store::SecondRange& range, const CountSink& sink) {
    read_counts(tx, organization, series, store::finest_level(series), range, sink);
  };
}

/// What the platform counts of a series of memberships: all organizations, by the keys of their roles.
CountSource sum_of_all(db::Transaction& tx, Series series) {
  return [&tx, series](const store::SecondRange& range, const CountSink& sink) {
    OrganizationId last;
    while (const auto next = store::next_counted_organization(tx, last)) {
      last = *next;
      const auto names = store::list_role_names(tx, *next);
      read_counts(tx, *next, series, store::finest_level(series), range,
                  [&](base::Time at, const store::CountKey& key, std::int64_t n) {
                    if (series == Series::growth) return sink(at, key, n);
                    const auto name = names.find(key.role);
                    const std::string role_key = name == names.end() ? "?" : name->second.key;
                    sink(at, {{}, key.kind, key.detail + " " + role_key}, n);
                  });
    }
  };
}

/// What growth says of a timeline.
CountSource growth_of(CountSource timeline) {
  return [timeline = std::move(timeline)](const store::SecondRange& range, const CountSink& sink) {
    timeline(range, [&](base::Time at, const store::CountKey& key, std::int64_t n) {
      if (key.kind != "changed") sink(at, {{}, key.kind, {}}, n);
    });
  };
}

/// `untold` is only asked for, and told, of what happened in an organization. Unless it is 0, nothing but the levels of
/// that can be compared.
ComparedCounts compared(db::Transaction& tx, OrganizationId organization, Series series, std::int64_t& untold) {
  ComparedCounts counts{tx, organization, series, finest_of(tx, organization, series)};
  if (series == Series::events) return counts;
  if (organization == store::kPlatformOrganization) {
    counts.expected = sum_of_all(tx, series);
  } else if (series == Series::cohort) {
    counts.expected = cohort_of(tx, organization);
  } else if (untold == 0) {
    counts.expected = timeline_of(tx, organization, untold);
    if (series == Series::growth) counts.expected = growth_of(std::move(counts.expected));
  }
  return counts;
}

// What is found, and put right.

struct Findings {
  /// How many memberships the audit log does not account for.
  std::int64_t untold = 0;
  std::array<std::set<CountWindow>, kSeries.size()> windows;
  bool has_wrong_sum = false;
};

/// Where the timeline over all time is not what there is now; by role and status. Its kinds are added up.
std::vector<CountDifference> list_wrong_sums(db::Transaction& tx, OrganizationId organization) {
  std::map<store::CountKey, std::pair<std::int64_t, std::int64_t>> sums;
  for (const auto& [key, n] : store::recount_members(tx, organization, {})) {
    sums[{key.role, "changed", key.detail}].first += n;
  }
  for (const auto& [key, n] : store::sum_counts(tx, organization, Series::timeline)) {
    sums[{key.role, "changed", key.detail}].second += n;
  }
  std::vector<CountDifference> wrong;
  for (const auto& [key, sum] : sums) {
    if (sum.first == sum.second) continue;
    wrong.push_back({organization, Series::timeline, Level::second, 0, key, sum.first, sum.second});
  }
  return wrong;
}

Findings find(db::Transaction& tx, OrganizationId organization) {
  Findings found;
  for (const Series series : kSeries) {
    auto& windows = found.windows[std::size_t(series)];
    const bool was_told = found.untold == 0;
    windows = find_differences(compared(tx, organization, series, found.untold));
    if (was_told && found.untold > 0) windows = find_differences(compared(tx, organization, series, found.untold));
  }
  found.has_wrong_sum = found.untold > 0 && !list_wrong_sums(tx, organization).empty();
  return found;
}

/// Hears of each difference; a change that it wants made is added to the count of that level.
using Act = std::function<void(const StatisticsDifference&, const store::CountRow& change)>;

/// False when the log no longer tells all, so that nothing heard is to be believed.
bool act_on_windows(db::Transaction& tx, OrganizationId organization, const Findings& found, Series series,
                    const std::set<CountWindow>& windows, const Act& act) {
  std::int64_t untold = found.untold;
  list_differences(compared(tx, organization, series, untold), windows, [&](const CountDifference& difference) {
    act(view(difference), {organization, series, difference.level, difference.bucket, difference.key,
                           difference.expected - difference.actual});
  });
  return untold == found.untold;
}

void act_on_sums(db::Transaction& tx, OrganizationId organization, base::Time now, const Act& act) {
  for (const CountDifference& wrong : list_wrong_sums(tx, organization)) {
    StatisticsDifference shown = view(wrong);
    shown.level = "sum";
    shown.start.reset();
    for (std::size_t level = 0; level < store::kLevelSeconds.size(); ++level) {
      act(shown, {organization, wrong.series, Level(level), store::bucket_of(now, Level(level)), wrong.key,
                  wrong.expected - wrong.actual});
    }
  }
}

class Checker {
 public:
  Checker(const Services& services, const StatisticsReport& report, bool repairs)
      : services_(services), report_(report), repairs_(repairs) {}

  void check(OrganizationId organization) {
    const Findings found = services_.database.read([&](db::Transaction& tx) {
      Findings here = find(tx, organization);
      if (!repairs_) report_all(tx, organization, here);
      return here;
    });
    if (repairs_) repair(organization, found);
    if (found.untold > 0) {
      ++summary_.organizations_untold;
      report_.untold(organization, found.untold);
    }
    if (organization != store::kPlatformOrganization) ++summary_.organizations;
  }

  void check_all() {
    OrganizationId last;
    while (const auto next = services_.database.read(
               [&](db::Transaction& tx) { return store::next_counted_organization(tx, last); })) {
      check(*next);
      last = *next;
    }
  }

  const StatisticsSummary& summary() const { return summary_; }

 private:
  /// Runs `work` for some windows at a time.
  template <class Work>
  static void in_parts(const std::set<CountWindow>& windows, Work work) {
    std::set<CountWindow> some;
    for (const CountWindow& window : windows) {
      some.insert(window);
      if (some.size() < kWindowsAtOnce) continue;
      work(some);
      some.clear();
    }
    if (!some.empty()) work(some);
  }

  /// Of a sum only once, not for each level that it stands in.
  static bool is_reported(const StatisticsDifference& difference, const store::CountRow& change) {
    return difference.start || change.level == Level::second;
  }
  void report(const StatisticsDifference& difference) {
    ++summary_.differences;
    report_.difference(difference);
  }
  void report_all(db::Transaction& tx, OrganizationId organization, const Findings& found) {
    const Act act = [&](const StatisticsDifference& difference, const store::CountRow& change) {
      if (is_reported(difference, change)) report(difference);
    };
    for (const Series series : kSeries) {
      act_on_windows(tx, organization, found, series, found.windows[std::size_t(series)], act);
    }
    if (found.has_wrong_sum) act_on_sums(tx, organization, services_.clock.now(), act);
  }

  void repair(OrganizationId organization, const Findings& found) {
    for (const Series series : kSeries) {
      in_parts(found.windows[std::size_t(series)], [&](const std::set<CountWindow>& some) {
        change_counts(organization, [&](db::Transaction& tx, base::Time, const Act& act) {
          return act_on_windows(tx, organization, found, series, some, act);
        });
      });
    }
    if (!found.has_wrong_sum) return;
    change_counts(organization, [&](db::Transaction& tx, base::Time now, const Act& act) {
      act_on_sums(tx, organization, now, act);
      return true;
    });
  }

  /// Looks again, by `look(tx, now, act)`, where nobody changes anything meanwhile, and changes what it finds unless it
  /// returns false.
  template <class Look>
  void change_counts(OrganizationId organization, Look look) {
    const base::Time now = services_.clock.now();
    const auto audit = store::AuditId::make(now);
    std::vector<StatisticsDifference> repaired;
    const auto done = services_.database.write([&](db::Transaction& tx) -> base::Result<void> {
      repaired.clear();
      std::vector<store::CountRow> changes;
      store::fence_organization(tx, organization);
      store::stop_folding(tx);
      const bool is_sure = look(tx, now, [&](const StatisticsDifference& difference, const store::CountRow& change) {
        if (is_reported(difference, change)) repaired.push_back(difference);
        changes.push_back(change);
      });
      if (!is_sure) repaired.clear();
      if (repaired.empty()) return {};
      for (const store::CountRow& change : changes) store::add_to_count(tx, change);
      record(tx, now, command_line_origin(),
             {audit,
              organization,
              action::kStatisticsRebuilt,
              {"command_line", std::nullopt},
              std::nullopt,
              {{"corrections", std::to_string(repaired.size())}}});
      return {};
    });
    static_cast<void>(done);  // the body never refuses; trouble is thrown
    for (const StatisticsDifference& difference : repaired) report(difference);
  }

  const Services& services_;
  const StatisticsReport& report_;
  const bool repairs_;
  StatisticsSummary summary_;
};

}  // namespace

StatisticsSummary verify_statistics(const Services& services, const std::optional<OrganizationId>& only,
                                    const StatisticsReport& report) {
  Checker checker(services, report, false);
  if (only) {
    checker.check(*only);
  } else {
    checker.check_all();
    checker.check(store::kPlatformOrganization);
  }
  return checker.summary();
}

StatisticsSummary rebuild_statistics(const Services& services, const std::optional<OrganizationId>& only,
                                     const StatisticsReport& report) {
  Checker checker(services, report, true);
  if (only) {
    checker.check(*only);
  } else {
    checker.check_all();
  }
  checker.check(store::kPlatformOrganization);
  return checker.summary();
}

}  // namespace gatehouse::domain
