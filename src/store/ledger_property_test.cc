#include "store/fixture_test.h"
#include "store/statistics.h"

#include <random>
#include <thread>

namespace gatehouse::store {
namespace {

constexpr db::Statement kRoleKeys{"test role keys", "SELECT id, key FROM roles"};

/// Does one thing after another to the memberships of a few organizations, and remembers what they were at the end of
/// each second, while another thread folds.
class LedgerPropertyTest : public StoreTest {
 protected:
  void act() {
    House& house = pick(houses_);
    now_ = next_instant();
    switch (random(0, 11)) {
      case 0:
      case 1:
      case 2: return join(house, now_);
      case 3: return join(house, now_ - std::chrono::seconds(random(0, 3'000'000)));  // of an import
      case 4: return leave(house);
      case 5:
      case 6: return change_role(house);
      case 7:
      case 8: return change_status(house);
      case 9: return rename_role(house);
      case 10: return replace_role(house);
      default:
        if (random(0, 4) == 0) replace_organization(house);
    }
  }

  void check_after_step() {
    snapshots_[second_of(now_)] = take_snapshot();
    const auto& [second, snapshot] = *std::next(snapshots_.begin(), random(0, std::int64_t(snapshots_.size()) - 1));
    check_state(second, snapshot);
    check_cohorts({}, "ever");
    base::Time from = std::prev(snapshots_.end(), random(1, std::int64_t(snapshots_.size())))->first;
    base::Time until = std::prev(snapshots_.end(), random(1, std::int64_t(snapshots_.size())))->first;
    if (until < from) std::swap(from, until);
    for (const SecondRange& range : {SecondRange{from, until}, SecondRange{from, from + 1s}}) {
      check_cohorts(range, "a range");
      check_roles(range);
    }
    check_buckets(from, Series(random(0, 1)), Level(random(0, std::int64_t(kLevelSeconds.size()) - 1)));
    const std::int64_t width = random(0, 1) == 0 ? 86'400 : random(1, 40'000);
    check_growth(second_of(from), std::chrono::seconds(width));
  }
  void check_whole_past() {
    for (const auto& [second, snapshot] : snapshots_) check_state(second, snapshot);
  }

  void begin() {
    for (const std::string slug : {"a", "b", "c"}) houses_.push_back(found(slug));
  }
  void fold(std::int64_t limit) {
    FoldPosition position;
    while (run([&](db::Transaction& tx) { return has_deltas(tx, position); })) {
      position = run([&](db::Transaction& tx) { return fold_deltas(tx, position, limit); }).value_or(position);
    }
  }
  std::mt19937 generator_{4};  // NOLINT(cert-msc51-cpp): the same sequence each time

 private:
  struct House {
    Tenant tenant;
    std::vector<RoleId> roles;
    std::vector<MemberId> members;
  };
  /// Of each organization, those that are gone too, and of the platform.
  using Snapshot = std::map<OrganizationId, Counts>;

  static base::Time second_of(base::Time time) { return std::chrono::floor<std::chrono::seconds>(time); }
  std::int64_t random(std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(generator_);
  }
  template <class T>
  T& pick(std::vector<T>& many) {
    return many[std::size_t(random(0, std::int64_t(many.size()) - 1))];
  }
  /// Often within the same second, or on the edge of a bucket of some level.
  base::Time next_instant() {
    switch (random(0, 6)) {
      case 0: return now_;
      case 1: return now_ + base::Duration(random(1, 900'000));
      case 2: return now_ + std::chrono::seconds(random(1, 600));
      case 3: return now_ + std::chrono::seconds(random(1, 100'000));
      default: break;
    }
    const std::size_t most = random(0, 9) == 0 ? kLevelSeconds.size() - 1 : 3;
    const std::int64_t width = kLevelSeconds[std::size_t(random(0, std::int64_t(most)))];
    const base::Time edge(std::chrono::seconds((second_of(now_).time_since_epoch() / 1s / width + 1) * width));
    return edge - base::Duration(random(0, 1));
  }

  House found(const std::string& slug) {
    const Tenant tenant = add_tenant(slug);
    organizations_.push_back(tenant.organization);
    join_history(tenant.organization, {tenant.owner_role, "member", "active"}, "owner", kNoon);
    return {tenant, {tenant.owner_role, tenant.member_role}, {tenant.member}};
  }
  void under_fence(const House& house, const std::function<void(db::Transaction&)>& body) {
    run([&](db::Transaction& tx) {
      fence_organization(tx, house.tenant.organization);
      body(tx);
    });
  }
  void join(House& house, base::Time joined_at) {
    const RoleId role = pick(house.roles);
    const UserId user = add_user(house.tenant.directory, "p" + std::to_string(++people_) + "@x.example");
    const auto id = MemberId::make(kNoon);
    const std::string status = random(0, 3) == 0 ? "suspended" : "active";
    under_fence(house, [&](db::Transaction& tx) {
      insert_member(tx, {house.tenant.organization, id, {house.tenant.directory, user}, role, joined_at, status});
    });
    house.members.push_back(id);
    join_history(house.tenant.organization, {role, "member", status}, keys_of_roles().at(role), joined_at);
  }
  /// What an import brings was there before: in what was seen since, it is missing.
  void join_history(OrganizationId organization, const CountKey& key, const std::string& role_key, base::Time at) {
    for (auto& [second, snapshot] : snapshots_) {
      if (second < second_of(at)) continue;
      ++snapshot[organization][key];
      ++snapshot[kPlatformOrganization][{{}, "member", key.detail + " " + role_key}];
    }
  }
  void leave(House& house) {
    if (house.members.empty()) return;
    MemberId& gone = pick(house.members);
    under_fence(house, [&](db::Transaction& tx) { delete_member(tx, house.tenant.organization, gone, now_); });
    std::swap(gone, house.members.back());
    house.members.pop_back();
  }
  void change_role(House& house) {
    if (house.members.empty()) return;
    under_fence(house, [&](db::Transaction& tx) {
      set_member_role(tx, house.tenant.organization, pick(house.members), pick(house.roles), now_);
    });
  }
  void change_status(House& house) {
    if (house.members.empty()) return;
    under_fence(house, [&](db::Transaction& tx) {
      set_member_status(tx, house.tenant.organization, pick(house.members), random(0, 1) == 0 ? "active" : "suspended",
                        now_);
    });
  }
  void rename_role(House& house) {
    under_fence(house, [&](db::Transaction& tx) {
      Role role = *find_role(tx, house.tenant.organization, pick(house.roles));
      role.name += "'";
      update_role(tx, role);
    });
  }
  /// A custom role comes, and the last one goes.
  void replace_role(House& house) {
    const auto fresh = RoleId::make(kNoon);
    under_fence(house, [&](db::Transaction& tx) {
      const auto organization = house.tenant.organization;
      insert_role(tx, {organization, fresh, "custom" + std::to_string(++roles_), "Custom", now_});
      if (house.roles.size() > 2) {
        move_members_to_role(tx, organization, house.roles.back(), fresh, now_);
        delete_role(tx, organization, house.roles.back(), now_);
        house.roles.pop_back();
      }
    });
    house.roles.push_back(fresh);
  }
  void replace_organization(House& house) {
    under_fence(house, [&](db::Transaction& tx) { delete_organization(tx, house.tenant.organization, now_); });
    house = found("new" + std::to_string(++roles_));
  }

  std::map<RoleId, std::string> keys_of_roles() {
    return run([&](db::Transaction& tx) {
      std::map<RoleId, std::string> keys;
      for (const db::Row& row : tx.query(kRoleKeys)) keys[row.get<RoleId>(0)] = row.get<std::string>(1);
      return keys;
    });
  }
  Snapshot recount(const SecondRange& joined) {
    const auto keys = keys_of_roles();
    Snapshot snapshot;
    for (const OrganizationId organization : organizations_) {
      snapshot[organization] = run([&](db::Transaction& tx) { return recount_members(tx, organization, joined); });
      for (const auto& [key, n] : snapshot[organization]) {
        snapshot[kPlatformOrganization][{{}, "member", key.detail + " " + keys.at(key.role)}] += n;
      }
    }
    return snapshot;
  }
  Snapshot take_snapshot() { return recount({}); }

  /// The sums of the timeline, whatever it was that happened.
  Counts state_at_end_of(OrganizationId organization, base::Time second) {
    Counts state;
    const auto happened = database_->read(
        [&](db::Transaction& tx) { return sum_counts(tx, organization, Series::timeline, {.until = second + 1s}); });
    for (const auto& [key, n] : happened) state[{key.role, "member", key.detail}] += n;
    std::erase_if(state, [](const auto& one) { return one.second == 0; });
    return state;
  }
  void check_state(base::Time second, const Snapshot& snapshot) {
    for (const auto& [organization, counts] : snapshot) {
      ASSERT_EQ(state_at_end_of(organization, second), counts)
          << base::to_rfc3339(second) << ' ' << organization.to_string();
    }
  }
  void check_cohorts(const SecondRange& range, const char* what) {
    for (const auto& [organization, counts] : recount(range)) {
      ASSERT_EQ(
          database_->read([&](db::Transaction& tx) { return sum_counts(tx, organization, Series::cohort, range); }),
          counts)
          << what << ' ' << organization.to_string();
    }
  }

  /// What the classic statistics show of who joined within the range, organization by organization and of all.
  void check_roles(const SecondRange& joined) {
    using Shown = std::map<std::pair<OrganizationId, std::string>, std::int64_t>;
    Shown expected, one_by_one, all;
    for (const OrganizationId organization : organizations_) {
      run([&](db::Transaction& tx) {
        const auto names = list_role_names(tx, organization);
        for (const auto& [key, n] : recount_members(tx, organization, joined)) {
          if (key.detail == "active") expected[{organization, names.at(key.role).name}] += n;
        }
        for (const RoleCount& count : count_members_by_role(tx, organization, joined)) {
          one_by_one[{count.organization, count.role_name}] += count.members;
        }
      });
    }
    const auto page = run([&](db::Transaction& tx) { return count_all_members_by_role(tx, joined, {}, 1'000); });
    for (const RoleCount& count : page.counts) {
      all[{count.organization, count.role_name}] += count.members;
    }
    ASSERT_EQ(one_by_one, expected);
    ASSERT_EQ(all, expected);
  }
  /// Two buckets of one level are what their ranges say.
  void check_buckets(base::Time time, Series series, Level level) {
    const std::int64_t first = bucket_of(time, level);
    const std::chrono::seconds width(kLevelSeconds.at(std::size_t(level)));
    for (OrganizationId organization : {kPlatformOrganization, organizations_.front(), organizations_.back()}) {
      const base::Time begin(first * width);
      const std::vector<base::Time> edges{begin, begin + width, begin + 2 * width};
      const auto counts = run([&](db::Transaction& tx) { return count_by_period(tx, organization, series, edges); });
      for (std::size_t i = 0; i < counts.size(); ++i) {
        const auto sum = run([&](db::Transaction& tx) {
          return sum_counts(tx, organization, series, {edges[i], edges[i + 1]});
        });
        ASSERT_EQ(counts[i], sum) << "bucket " << first << " of level " << int(level) << " and " << i;
      }
    }
  }

  /// Growth is what the timeline says of joining and leaving, at whatever instants its periods begin and end.
  void check_growth(base::Time first, std::chrono::seconds width) {
    const std::vector<base::Time> edges{first, first + width, first + 2 * width, first + 3 * width};
    for (OrganizationId organization : {kPlatformOrganization, organizations_.front(), organizations_.back()}) {
      database_->read([&](db::Transaction& tx) {
        std::vector<Counts> expected(edges.size() - 1);
        for (std::size_t i = 0; i < expected.size(); ++i) {
          for (const auto& [key, n] : sum_counts(tx, organization, Series::timeline, {edges[i], edges[i + 1]})) {
            if (key.kind != "changed") expected[i][{{}, key.kind, {}}] += n;
          }
          std::erase_if(expected[i], [](const auto& one) { return one.second == 0; });
        }
        EXPECT_EQ(count_by_period(tx, organization, Series::growth, edges), expected)
            << base::to_rfc3339(first) << " and thrice " << width.count();
        const auto all = count_by_period_and_before(tx, organization, Series::growth, edges);
        EXPECT_EQ(all.periods, expected);
        EXPECT_EQ(all.before, sum_counts(tx, organization, Series::timeline, {SecondRange().from, edges[0]}));
        return true;
      });
    }
  }

  base::Time now_ = kNoon;
  std::vector<House> houses_;
  std::vector<OrganizationId> organizations_;
  std::map<base::Time, Snapshot> snapshots_;
  int people_ = 0, roles_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Both, LedgerPropertyTest, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST_P(LedgerPropertyTest, EveryAnswerIsARecountOrWhatWasReallySeenThen) {
  constexpr int kSteps = 150;
  begin();
  std::jthread folder([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) fold(3);
  });
  for (int step = 0; step < kSteps && !HasFailure(); ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    act();
    check_after_step();
  }
  folder.request_stop();
  folder.join();
  check_whole_past();
  fold(100);
  check_whole_past();
}

}  // namespace
}  // namespace gatehouse::store
