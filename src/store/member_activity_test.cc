#include "store/member_activity.h"

#include "store/fixture_test.h"
#include "store/statistics.h"

#include <random>
#include <set>

namespace gatehouse::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr db::Statement kRows{"test activity rows", "SELECT last_day FROM member_activity WHERE user_id = $1"};

class MemberActivityTest : public StoreTest {
 protected:
  static base::Time noon(std::int64_t day) { return kNoon + std::chrono::days(day); }
  static std::int64_t day_bucket(std::int64_t day) { return bucket_of(noon(day), Level::day); }

  void note(const Tenant& tenant, UserId user, base::Time now) {
    run([&](db::Transaction& tx) {
      note_activity(tx, tenant.organization, {tenant.directory, user}, AuditId::make(now).uuid, now);
    });
  }
  /// How many are active in the days that end with that one.
  std::int64_t active(OrganizationId organization, std::int64_t day, const std::string& window,
                      const std::string& kind = "active") {
    const base::Time until(std::chrono::days(day_bucket(day) + 1));
    const Counts counts =
        run([&](db::Transaction& tx) { return sum_counts(tx, organization, Series::events, {.until = until}); });
    const auto found = counts.find({{}, kind, window});
    return found == counts.end() ? 0 : found->second;
  }
  std::vector<std::int64_t> daily(const Tenant& tenant, const std::string& window, std::int64_t days) {
    std::vector<std::int64_t> counts;
    for (std::int64_t day = 0; day < days; ++day) counts.push_back(active(tenant.organization, day, window));
    return counts;
  }
  std::size_t rows_of(UserId user) {
    return run([&](db::Transaction& tx) { return tx.query(kRows, {user}).size(); });
  }
  void fold() {
    run([&](db::Transaction& tx) { fold_deltas(tx, {}, 1'000); });
  }
};

INSTANTIATE_TEST_SUITE_P(Both, MemberActivityTest, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST_P(MemberActivityTest, ADayCountsUntilItsWindowEnds) {
  const Tenant a = add_tenant("a");
  note(a, a.founder, noon(1));
  EXPECT_THAT(daily(a, "1", 4), ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(daily(a, "7", 10), ElementsAre(0, 1, 1, 1, 1, 1, 1, 1, 0, 0));
  EXPECT_EQ(active(a.organization, 30, "30"), 1);
  EXPECT_EQ(active(a.organization, 31, "30"), 0);
}

TEST_P(MemberActivityTest, OneDayCountsOnce) {
  const Tenant a = add_tenant("a");
  const base::Time midnight{std::chrono::ceil<std::chrono::days>(kNoon)};
  for (const base::Time now : {midnight, midnight + 1h, midnight + 24h - 1us}) note(a, a.founder, now);
  EXPECT_THAT(daily(a, "1", 3), ElementsAre(0, 1, 0));
  note(a, a.founder, midnight + 24h);
  EXPECT_THAT(daily(a, "1", 4), ElementsAre(0, 1, 1, 0));
}

TEST_P(MemberActivityTest, ADayBeforeTheLastOneCountsAsThatOne) {
  const Tenant a = add_tenant("a");
  note(a, a.founder, noon(2));
  note(a, a.founder, noon(1));
  EXPECT_THAT(daily(a, "1", 4), ElementsAre(0, 0, 1, 0));
  EXPECT_EQ(rows_of(a.founder), 1U);
}

TEST_P(MemberActivityTest, ManyAtOnceCountOnce) {
  const Tenant a = add_tenant("a");
  run_parallel(8, [&](db::Transaction& tx) {
    note_activity(tx, a.organization, a.account(), AuditId::make(kNoon).uuid, kNoon);
    return true;
  });
  EXPECT_THAT(daily(a, "1", 2), ElementsAre(1, 0));
}

TEST_P(MemberActivityTest, OrganizationsAreCountedApartAndThePlatformHasTheirSum) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  run([&](db::Transaction& tx) {
    insert_member(tx, {b.organization, MemberId::make(kNoon), a.account(), b.member_role, kNoon});
  });
  note(a, a.founder, noon(0));
  note(b, a.founder, noon(0));
  note(b, b.founder, noon(0));
  for (const bool is_folded : {false, true}) {
    if (is_folded) fold();
    EXPECT_EQ(active(a.organization, 0, "1"), 1);
    EXPECT_EQ(active(b.organization, 0, "1"), 2);
    EXPECT_EQ(active(kPlatformOrganization, 0, "1"), 3);
  }
}

TEST_P(MemberActivityTest, AnOrganizationIsActiveOnceForAllItsMembers) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  const auto second = add_user(a.directory, "second@a.example");
  note(a, a.founder, noon(1));
  note(a, second, noon(1));
  note(b, b.founder, noon(1));
  note(a, second, noon(3));
  const auto organizations = [&](std::int64_t day, const std::string& window) {
    return active(kPlatformOrganization, day, window, "active_organization");
  };
  for (int i = 0; i < 2; ++i, fold()) {
    EXPECT_EQ(organizations(0, "1"), 0);
    EXPECT_EQ(organizations(1, "1"), 2);
    EXPECT_EQ(organizations(2, "1"), 0);
    EXPECT_EQ(organizations(3, "1"), 1);
    EXPECT_EQ(organizations(3, "7"), 2);
    EXPECT_EQ(organizations(8, "7"), 1);
    EXPECT_EQ(organizations(32, "30"), 1);
    EXPECT_EQ(organizations(33, "30"), 0);
  }
}

TEST_P(MemberActivityTest, DeletedAccountsAndOrganizationsLeaveTheCountsAndNoRow) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  const UserId gone = add_user(a.directory, "gone@x.example"), former = add_user(a.directory, "former@x.example");
  const MemberId member = add_member(a, gone, a.member_role), left = add_member(b, former, b.member_role);
  for (const auto& [tenant, user] : {std::pair(a, gone), {b, former}, {b, b.founder}}) note(tenant, user, noon(0));
  run([&](db::Transaction& tx) { delete_member(tx, b.organization, left, kNoon); });
  EXPECT_EQ(rows_of(former), 1U) << "who comes back on that day is not counted again";
  run([&](db::Transaction& tx) {
    delete_member(tx, a.organization, member, kNoon);
    delete_user(tx, {a.directory, gone});
    forget_organization(tx, b.organization, b.account(), kNoon);
  });
  EXPECT_EQ(rows_of(gone), 0U);
  EXPECT_EQ(rows_of(b.founder), 0U);
  EXPECT_EQ(rows_of(former), 1U);
  run([&](db::Transaction& tx) { delete_organization(tx, b.organization, kNoon); });
  EXPECT_EQ(rows_of(former), 0U);
  EXPECT_EQ(active(a.organization, 6, "7"), 1);
  EXPECT_EQ(active(b.organization, 6, "7"), 2);
}

TEST_P(MemberActivityTest, EqualsARecountAfterEveryStepOfARandomSequence) {
  const Tenant a = add_tenant("a");
  std::vector<UserId> people{a.founder};
  for (int i = 0; i < 4; ++i) {
    people.push_back(add_user(a.directory, "p" + std::to_string(i) + "@x.example"));
    add_member(a, people.back(), a.member_role);
  }
  std::mt19937_64 random(20261122);
  std::set<std::pair<UserId, std::int64_t>> facts;
  std::int64_t today = 0;
  for (int step = 0; step < 80; ++step) {
    if (random() % 3 == 0) today += std::int64_t(random() % (random() % 10 == 0 ? 40 : 5));
    const UserId who = people[random() % people.size()];
    note(a, who, noon(today));
    facts.emplace(who, today);
    if (random() % 7 == 0) fold();
    const std::int64_t day = std::max<std::int64_t>(0, today - 35 + std::int64_t(random() % 70));
    for (const std::int64_t window : {1, 7, 30}) {
      std::set<UserId> recount;
      for (const auto& [user, when] : facts) {
        if (when <= day && when > day - window) recount.insert(user);
      }
      ASSERT_EQ(active(a.organization, day, std::to_string(window)), std::int64_t(recount.size()))
          << "step " << step << ", day " << day << ", window " << window;
    }
  }
}

}  // namespace
}  // namespace gatehouse::store
