#include "store/sessions_test.h"

namespace gatehouse::store {
namespace {

using testing::Each;
using testing::Eq;

class RotationTest : public SessionsTest {};

INSTANTIATE_TEST_SUITE_P(Both, RotationTest, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST_P(RotationTest, RotationGivesTheNextGenerationAndMoreTimeToIdle) {
  const Tenant a = add_tenant("a");
  const SessionId id = add_session(a.account(), a.organization);
  EXPECT_EQ(rotate(a.account(), id, 1, at(100)), 2);
  EXPECT_EQ(find(a.account(), id)->generation, 2);
  EXPECT_EQ(find(a.account(), id)->rotated_at, at(100));
  EXPECT_EQ(find(a.account(), id)->expires_at, at(100) + 1h);
  EXPECT_EQ(rotate(a.account(), id, 2, at(200)), 3);
}

TEST_P(RotationTest, WhoeverLostTheAnswerGetsTheSameSuccessorForTenSeconds) {
  const Tenant a = add_tenant("a");
  const SessionId id = add_session(a.account(), a.organization);
  ASSERT_EQ(rotate(a.account(), id, 1, at(100)), 2);
  EXPECT_EQ(rotate(a.account(), id, 1, at(105)), 2);
  EXPECT_EQ(rotate(a.account(), id, 1, at(110) - base::Duration(1)), 2);
  EXPECT_FALSE(rotate(a.account(), id, 1, at(110))) << "asking again must not lengthen the ten seconds";
  EXPECT_EQ(rotate(a.account(), id, 2, at(111)), 3) << "the holder of the successor is not harmed";
}

TEST_P(RotationTest, AnOlderOrAnInventedGenerationIsRefused) {
  const Tenant a = add_tenant("a");
  const SessionId id = add_session(a.account(), a.organization);
  ASSERT_EQ(rotate(a.account(), id, 1, at(100)), 2);
  ASSERT_EQ(rotate(a.account(), id, 2, at(101)), 3);
  EXPECT_FALSE(rotate(a.account(), id, 1, at(102))) << "two behind, however quick";
  EXPECT_FALSE(rotate(a.account(), id, 4, at(102)));
  EXPECT_FALSE(rotate(a.account(), id, 0, at(102)));
  EXPECT_EQ(find(a.account(), id)->generation, 3);
}

TEST_P(RotationTest, ManyWhoRotateAtOnceGetTheSameSuccessor) {
  const Tenant a = add_tenant("a");
  const SessionId id = add_session(a.account(), a.organization);
  const auto generations = run_parallel(12, [&](db::Transaction& tx) {
    const auto found = find_whole_session(tx, a.directory, id, at(100));
    return rotate_session(tx, a.directory, id, *found, 1, at(100), at(90), at(3700)).value_or(0);
  });
  EXPECT_THAT(generations, Each(Eq(2)));
  EXPECT_EQ(find(a.account(), id)->generation, 2);
}

TEST_P(RotationTest, IdlingNeverGoesBeyondTheAbsoluteEnd) {
  const Tenant a = add_tenant("a");
  const SessionId id = add_session(a.account(), a.organization);
  std::int64_t held = 1;
  for (auto now = kNoon; now < kNoon + 24h; now += 30min, ++held)
    ASSERT_TRUE(rotate(a.account(), id, held, now)) << held;
  EXPECT_EQ(find(a.account(), id)->expires_at, kNoon + 24h);
  EXPECT_FALSE(rotate(a.account(), id, held, kNoon + 24h));
}

TEST_P(RotationTest, AnExpiredSessionIsNotRotated) {
  const Tenant a = add_tenant("a");
  const SessionId id = add_session(a.account(), a.organization);
  EXPECT_FALSE(rotate(a.account(), id, 1, kNoon + 1h));
  EXPECT_TRUE(rotate(a.account(), id, 1, kNoon + 1h - base::Duration(1)));
}

TEST_P(RotationTest, ARevokedSessionIsNotRotatedEvenWithinTenSeconds) {
  const Tenant a = add_tenant("a");
  const SessionId id = add_session(a.account(), a.organization);
  ASSERT_TRUE(rotate(a.account(), id, 1, at(100)));
  run([&](db::Transaction& tx) { revoke_session(tx, a.directory, id, at(101)); });
  EXPECT_FALSE(rotate(a.account(), id, 1, at(102)));
  EXPECT_FALSE(rotate(a.account(), id, 2, at(102)));
}

// Each row takes away what the session stands on, and gives it back.
TEST_P(RotationTest, RotatesOnlyWhileUserMemberAndOrganizationAreActive) {
  const Tenant a = add_tenant("a");
  const SessionId id = add_session(a.account(), a.organization);
  std::int64_t held = 1;
  for (const std::string table : {"users", "members", "organizations"}) {
    const std::string lost = table == "users" ? "disabled" : "suspended";
    sql("UPDATE " + table + " SET status = '" + lost + "'");
    EXPECT_FALSE(rotate(a.account(), id, held, at(10))) << table;
    sql("UPDATE " + table + " SET status = 'active'");
    EXPECT_TRUE(rotate(a.account(), id, held, at(10))) << table;
    ++held;
  }
  run([&](db::Transaction& tx) { delete_member(tx, a.organization, a.member, at(1)); });
  EXPECT_FALSE(rotate(a.account(), id, held, at(20)));
}

TEST_P(RotationTest, ASessionWithoutAnOrganizationNeedsNoMembership) {
  const Account ann{kSharedDirectory, add_user(kSharedDirectory, "ann@x.example")};
  const SessionId id = add_session(ann, std::nullopt);
  const auto before = refreshable(ann, id, at(10));
  ASSERT_TRUE(before);
  EXPECT_EQ(before->terms.organization, std::nullopt);
  EXPECT_FALSE(before->membership);
  EXPECT_EQ(rotate(ann, id, 1, at(10)), 2);
  const auto found = live(ann, id, at(10));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->organization, std::nullopt);
  EXPECT_EQ(found->member, std::nullopt);
}

TEST_P(RotationTest, WhatARefreshNeedsIsFoundTogether) {
  const Tenant a = add_tenant("a");
  const SessionId id = add_session(a.account(), a.organization);
  run([&](db::Transaction& tx) {
    set_policies(tx, a.organization, {{}, 600, 900, {}, "", {}});
    insert_application_permission(tx, {"invoices:read", "Read", "owner", kNoon});
  });
  const auto found = refreshable(a.account(), id, at(10));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->user, a.founder);
  EXPECT_EQ(found->generation, 1);
  EXPECT_EQ(found->terms.organization, a.organization);
  EXPECT_EQ(found->terms.created_at, kNoon);
  EXPECT_EQ(found->terms.rotated_at, kNoon);
  EXPECT_EQ(found->terms.idle_seconds, 600);
  EXPECT_EQ(found->terms.absolute_seconds, 900);
  const auto membership = run([&](db::Transaction& tx) { return find_membership(tx, a.organization, a.account()); });
  ASSERT_TRUE(found->membership && membership);
  EXPECT_EQ(found->membership->organization, a.organization);
  EXPECT_EQ(found->membership->member, a.member);
  EXPECT_EQ(found->membership->role_key, membership->role_key);
  EXPECT_EQ(found->membership->rights_version, membership->rights_version);
  ASSERT_EQ(found->application_permissions.size(), 1);
  EXPECT_EQ(found->application_permissions[0].key, "invoices:read");
}

TEST_P(RotationTest, WhatChangedSinceItWasFoundIsNotRotated) {
  const Tenant a = add_tenant("a");
  const SessionId rotated = add_session(a.account(), a.organization), ended = add_session(a.account(), a.organization);
  const auto before = refreshable(a.account(), rotated, at(10));
  ASSERT_TRUE(before);
  ASSERT_EQ(rotate(a.account(), rotated, 1, at(11)), 2);
  ASSERT_EQ(rotate(a.account(), rotated, 2, at(12)), 3);
  run([&](db::Transaction& tx) { revoke_session(tx, a.directory, ended, at(12)); });
  for (const SessionId id : {rotated, ended}) {
    const Session stands = *find(a.account(), id);
    run([&](db::Transaction& tx) {
      EXPECT_EQ(rotate_session(tx, a.directory, id, *before, 1, at(13), at(3), at(3700)), 2);
    });
    EXPECT_EQ(find(a.account(), id)->generation, stands.generation);
    EXPECT_EQ(find(a.account(), id)->expires_at, stands.expires_at);
    EXPECT_EQ(find(a.account(), id)->rotated_at, stands.rotated_at);
  }
}

}  // namespace
}  // namespace gatehouse::store
