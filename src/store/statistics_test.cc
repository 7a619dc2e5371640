#include "store/statistics.h"

#include "store/fixture_test.h"

namespace gatehouse::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class StatisticsTest : public StoreTest {
 protected:
  /// "slug/role: members" for each count.
  static std::vector<std::string> texts(const std::vector<RoleCount>& counts) {
    std::vector<std::string> lines;
    for (const RoleCount& count : counts) {
      lines.push_back(count.organization_slug + "/" + count.role_name + ": " + std::to_string(count.members));
    }
    return lines;
  }
  std::vector<std::string> of(const Tenant& tenant, base::Time from, base::Time to) {
    return texts(run([&](db::Transaction& tx) { return count_members_by_role(tx, tenant.organization, {from, to}); }));
  }
  std::vector<std::string> all(base::Time from, base::Time to) {
    return texts(run([&](db::Transaction& tx) { return count_all_members_by_role(tx, {from, to}); }));
  }
  void join(const Tenant& tenant, RoleId role, base::Time joined_at) {
    add_member(tenant, add_user(tenant.directory, "n" + std::to_string(++people_) + "@x.example"), role, joined_at);
  }

 private:
  int people_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Both, StatisticsTest, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST_P(StatisticsTest, CountsByRoleWithBothEndsInclusive) {
  const Tenant a = add_tenant("a");
  join(a, a.member_role, at(10));
  join(a, a.member_role, at(20));
  const base::Duration moment(1);
  EXPECT_THAT(of(a, kNoon, at(20)), ElementsAre("a/Member: 2", "a/Owner: 1"));
  EXPECT_THAT(of(a, at(10), at(20)), ElementsAre("a/Member: 2"));
  EXPECT_THAT(of(a, at(10) + moment, at(20)), ElementsAre("a/Member: 1"));
  EXPECT_THAT(of(a, at(10), at(20) - moment), ElementsAre("a/Member: 1"));
  EXPECT_THAT(of(a, at(10), at(10)), ElementsAre("a/Member: 1"));
  EXPECT_THAT(of(a, at(10) + moment, at(20) - moment), IsEmpty());
  EXPECT_THAT(of(a, at(20), at(10)), IsEmpty());
}

TEST_P(StatisticsTest, CountsActiveMembersOnlyAndLeavesEmptyRolesOut) {
  const Tenant a = add_tenant("a");
  join(a, a.member_role, kNoon);
  EXPECT_THAT(of(a, kNoon, kNoon), ElementsAre("a/Member: 1", "a/Owner: 1"));
  run([&](db::Transaction& tx) { set_member_role(tx, a.organization, a.member, a.member_role); });
  EXPECT_THAT(of(a, kNoon, kNoon), ElementsAre("a/Member: 2"));
  sql("UPDATE members SET status = 'suspended' WHERE user_id = (SELECT id FROM users WHERE email = 'n1@x.example')");
  EXPECT_THAT(of(a, kNoon, kNoon), ElementsAre("a/Member: 1"));
  EXPECT_THAT(all(kNoon, kNoon), ElementsAre("a/Member: 1"));
}

TEST_P(StatisticsTest, CountsRolesOfOneNameApart) {
  const Tenant a = add_tenant("a");
  const auto twin = RoleId::make(kNoon);
  run([&](db::Transaction& tx) { insert_role(tx, {a.organization, twin, "twin", "Member", kNoon}); });
  join(a, a.member_role, kNoon);
  join(a, twin, kNoon);
  EXPECT_THAT(of(a, kNoon, kNoon), ElementsAre("a/Member: 1", "a/Member: 1", "a/Owner: 1"));
}

TEST_P(StatisticsTest, AllOrganizationsStandOldestFirst) {
  const Tenant young = add_tenant("a"), old = add_tenant("b");
  sql("UPDATE organizations SET created_at = " +
      std::string(GetParam() == db::Dialect::sqlite ? "1" : "'1970-01-01 00:00:00.000001+00'") + " WHERE slug = 'b'");
  join(young, young.member_role, at(10));
  join(old, old.member_role, at(10));
  join(old, old.member_role, at(11));
  EXPECT_THAT(all(kNoon, at(11)), ElementsAre("b/Member: 2", "b/Owner: 1", "a/Member: 1", "a/Owner: 1"));
  EXPECT_THAT(all(at(10), at(10)), ElementsAre("b/Member: 1", "a/Member: 1"));
  EXPECT_THAT(all(at(12), at(13)), IsEmpty());
  const auto counts = run([&](db::Transaction& tx) {
    return count_members_by_role(tx, old.organization, {at(11), at(11)});
  });
  ASSERT_EQ(counts.size(), 1U);
  EXPECT_EQ(counts[0].organization, old.organization);
  EXPECT_EQ(counts[0].organization_name, "The b");
  EXPECT_EQ(counts[0].organization_created_at, base::Time(base::Duration(1)));
}

TEST_P(StatisticsTest, APersonInTwoOrganizationsCountsInEach) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  add_member(b, a.founder, b.member_role);
  EXPECT_THAT(of(a, kNoon, kNoon), ElementsAre("a/Owner: 1"));
  EXPECT_THAT(of(b, kNoon, kNoon), ElementsAre("b/Member: 1", "b/Owner: 1"));
}

}  // namespace
}  // namespace gatehouse::store
