#include "store/fixture_test.h"

namespace gatehouse::store {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

GATEHOUSE_STORE_SUITE(MembersTest);

TEST_P(MembersTest, AreFoundByIdByUserAndByAddress) {
  const Tenant a = add_tenant("a");
  const UserId user = add_user(a.directory, "new@a.example");
  const MemberId id = add_member(a, user, a.member_role, at(5));
  run([&](db::Transaction& tx) {
    const auto member = find_member(tx, a.organization, id);
    ASSERT_TRUE(member);
    EXPECT_EQ(member->organization, a.organization);
    EXPECT_EQ(member->id, id);
    EXPECT_EQ(member->account(), (Account{a.directory, user}));
    EXPECT_EQ(member->role, a.member_role);
    EXPECT_EQ(member->role_key, "member");
    EXPECT_EQ(member->role_name, "Member");
    EXPECT_TRUE(member->is_active());
    EXPECT_GT(member->rights_version, 0);
    EXPECT_EQ(member->joined_at, at(5));
    EXPECT_EQ(member->email, email("new@a.example"));
    EXPECT_EQ(find_member_by_user(tx, a.organization, user)->id, id);
    EXPECT_EQ(find_member_by_email(tx, a.organization, email("new@a.example"))->id, id);
    EXPECT_EQ(locate_member(tx, id), a.organization);
    EXPECT_FALSE(find_member(tx, a.organization, MemberId::make(kNoon)));
    EXPECT_FALSE(find_member_by_user(tx, a.organization, UserId::make(kNoon)));
    EXPECT_FALSE(find_member_by_email(tx, a.organization, email("nobody@a.example")));
    EXPECT_FALSE(locate_member(tx, MemberId::make(kNoon)));
  });
}

TEST_P(MembersTest, AUserIsAMemberOnce) {
  const Tenant a = add_tenant("a");
  EXPECT_EQ(violation([&](db::Transaction& tx) {
              insert_member(tx, {a.organization, MemberId::make(kNoon), a.account(), a.member_role, kNoon});
            }),
            "members_organization_id_user_id_key");
}

TEST_P(MembersTest, OfManyWhoJoinAtOnceOneBecomesAMember) {
  const Tenant a = add_tenant("a");
  const UserId user = add_user(a.directory, "new@a.example");
  std::vector<std::future<bool>> joins;
  for (int i = 0; i < 8; ++i) {
    joins.push_back(std::async(std::launch::async, [&] {
      return violation([&](db::Transaction& tx) {
               insert_member(tx, {a.organization, MemberId::make(kNoon), {a.directory, user}, a.member_role, kNoon});
             })
          .empty();
    }));
  }
  int joined = 0;
  for (auto& join : joins) joined += join.get() ? 1 : 0;
  EXPECT_EQ(joined, 1);
}

TEST_P(MembersTest, ANewRoleMakesOlderTokensStale) {
  const Tenant a = add_tenant("a");
  const auto before = run([&](db::Transaction& tx) { return find_member(tx, a.organization, a.member); });
  run([&](db::Transaction& tx) { set_member_role(tx, a.organization, a.member, a.member_role, at(1)); });
  const auto after = run([&](db::Transaction& tx) { return find_member(tx, a.organization, a.member); });
  EXPECT_EQ(after->role, a.member_role);
  EXPECT_GT(after->rights_version, before->rights_version);
}

TEST_P(MembersTest, WhoComesBackHoldsNothingOfTheEarlierMembership) {
  const Tenant a = add_tenant("a");
  const UserId user = add_user(a.directory, "new@a.example");
  const MemberId first = add_member(a, user, a.owner_role, at(1));
  run([&](db::Transaction& tx) {
    for (const RoleId role : {a.member_role, a.owner_role}) set_member_role(tx, a.organization, first, role, at(1));
  });
  const auto before = run([&](db::Transaction& tx) { return find_member(tx, a.organization, first); });
  run([&](db::Transaction& tx) { delete_member(tx, a.organization, first, at(1)); });
  const MemberId again = add_member(a, user, a.member_role, at(2));
  EXPECT_GT(run([&](db::Transaction& tx) { return find_member(tx, a.organization, again); })->rights_version,
            before->rights_version);
}

TEST_P(MembersTest, ADeletedMemberIsGoneAndTheAccountStays) {
  const Tenant a = add_tenant("a");
  run([&](db::Transaction& tx) { delete_member(tx, a.organization, a.member, at(1)); });
  run([&](db::Transaction& tx) {
    EXPECT_FALSE(find_member(tx, a.organization, a.member));
    EXPECT_FALSE(locate_member(tx, a.member));
    EXPECT_THAT(list_memberships(tx, a.account()), IsEmpty());
    EXPECT_TRUE(find_user(tx, a.account()));
  });
}

TEST_P(MembersTest, OnlyActiveMembersWithActiveAccountsCountAsOwners) {
  const Tenant a = add_tenant("a");
  const auto owners = [&] {
    return run([&](db::Transaction& tx) { return count_active_members_with_role(tx, a.organization, "owner"); });
  };
  EXPECT_EQ(owners(), 1);
  add_member(a, add_user(a.directory, "two@a.example"), a.owner_role);
  add_member(a, add_user(a.directory, "three@a.example"), a.owner_role);
  add_member(a, add_user(a.directory, "four@a.example"), a.member_role);
  EXPECT_EQ(owners(), 3);
  sql("UPDATE users SET status = 'disabled' WHERE email = 'two@a.example'");
  EXPECT_EQ(owners(), 2);
  sql("UPDATE members SET status = 'suspended' WHERE user_id = (SELECT id FROM users WHERE email = 'three@a.example')");
  EXPECT_EQ(owners(), 1);
}

TEST_P(MembersTest, MembershipsStandOldestFirst) {
  const Tenant a = add_tenant("a"), b = add_tenant("b"), c = add_tenant("c");
  const UserId user = add_user(kSharedDirectory, "busy@x.example");
  add_member(b, user, b.owner_role, at(20));
  const MemberId in_a = add_member(a, user, a.member_role, at(10));
  add_member(c, user, c.member_role, at(30));
  const auto memberships = run([&](db::Transaction& tx) { return list_memberships(tx, {kSharedDirectory, user}); });
  std::vector<std::string> slugs;
  for (const Membership& membership : memberships) slugs.push_back(membership.organization_slug);
  ASSERT_THAT(slugs, ElementsAre("a", "b", "c"));
  EXPECT_EQ(memberships[0].organization, a.organization);
  EXPECT_EQ(memberships[0].organization_name, "The a");
  EXPECT_EQ(memberships[0].organization_created_at, kNoon);
  EXPECT_EQ(memberships[0].member, in_a);
  EXPECT_EQ(memberships[0].role, a.member_role);
  EXPECT_EQ(memberships[0].role_key, "member");
  EXPECT_EQ(memberships[0].role_name, "Member");
  EXPECT_EQ(memberships[0].rights_version,
            run([&](db::Transaction& tx) { return find_member(tx, a.organization, in_a); })->rights_version);
  EXPECT_EQ(memberships[0].joined_at, at(10));
}

TEST_P(MembersTest, OwnersAloneStillSeeADeletedOrganizationAmongTheirs) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  add_member(b, a.founder, b.member_role, at(10));
  const auto listed = [&](const Account& account, base::Time after, MemberId after_id, std::int64_t limit) {
    std::vector<std::string> slugs;
    for (const Membership& one :
         run([&](db::Transaction& tx) { return list_own_organizations(tx, account, after, after_id, limit); })) {
      slugs.push_back(one.organization_slug + (one.purge_at ? " deleted" : ""));
    }
    return slugs;
  };
  EXPECT_THAT(listed(a.account(), {}, {}, 10), ElementsAre("a", "b"));
  EXPECT_THAT(listed(a.account(), {}, {}, 1), ElementsAre("a"));
  EXPECT_THAT(listed(a.account(), kNoon, a.member, 10), ElementsAre("b"));
  run([&](db::Transaction& tx) {
    mark_organization_deleted(tx, a.organization, at(99));
    mark_organization_deleted(tx, b.organization, at(99));
  });
  EXPECT_THAT(listed(a.account(), {}, {}, 10), ElementsAre("a deleted"));
  EXPECT_THAT(listed(b.account(), {}, {}, 10), ElementsAre("b deleted"));
}

TEST_P(MembersTest, AMembershipNeedsAnActiveMemberAndAnActiveOrganization) {
  const Tenant a = add_tenant("a");
  const auto has_membership = [&] {
    const bool found =
        run([&](db::Transaction& tx) { return find_membership(tx, a.organization, a.account()); }).has_value();
    const bool listed = !run([&](db::Transaction& tx) { return list_memberships(tx, a.account()); }).empty();
    EXPECT_EQ(found, listed);
    return found;
  };
  EXPECT_TRUE(has_membership());
  sql("UPDATE members SET status = 'suspended'");
  EXPECT_FALSE(has_membership());
  sql("UPDATE members SET status = 'active'");
  EXPECT_TRUE(has_membership());
  sql("UPDATE organizations SET status = 'suspended'");
  EXPECT_FALSE(has_membership());
}

TEST_P(MembersTest, AnAddressIsLookedUpInTheDirectoryOfTheOrganizationOnly) {
  const Tenant a = add_tenant("a");
  const DirectoryId elsewhere = add_directory();
  const Tenant b = add_tenant("b", elsewhere);
  const UserId there = add_user(elsewhere, "same@x.example");
  const UserId here = add_user(kSharedDirectory, "same@x.example");
  add_member(a, here, a.member_role);
  add_member(b, there, b.member_role);
  run([&](db::Transaction& tx) {
    EXPECT_EQ(find_member_by_email(tx, a.organization, email("same@x.example"))->user, here);
    EXPECT_EQ(find_member_by_email(tx, b.organization, email("same@x.example"))->user, there);
  });
}

}  // namespace
}  // namespace gatehouse::store
