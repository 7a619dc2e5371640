#include "store/ledger.h"

#include "store/fixture_test.h"
#include "store/statistics.h"

#include <atomic>
#include <random>

namespace gatehouse::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr db::Statement kDeltas{"test deltas",
                                "SELECT kind, detail, role_key, at, change FROM stats_deltas "
                                "WHERE organization_id = $1 AND subject_id = $2 ORDER BY step"};
constexpr db::Statement kSuspendNobody{"test forget deltas", "DELETE FROM stats_deltas"};

class LedgerTest : public StoreTest {
 protected:
  /// "kind status role at change", seconds since noon.
  std::vector<std::string> deltas(OrganizationId organization, MemberId member) {
    return run([&](db::Transaction& tx) {
      std::vector<std::string> lines;
      for (const db::Row& row : tx.query(kDeltas, {organization, member})) {
        lines.push_back(row.get<std::string>(0) + " " + row.get<std::string>(1) + " " + row.get<std::string>(2) + " " +
                        std::to_string((row.get<base::Time>(3) - kNoon) / 1s) + " " +
                        std::to_string(row.get<std::int64_t>(4)));
      }
      return lines;
    });
  }
  void forget_deltas() {
    run([&](db::Transaction& tx) { tx.execute(kSuspendNobody); });
  }
  void fold(std::int64_t limit) {
    FoldPosition position;
    while (run([&](db::Transaction& tx) { return has_deltas(tx, position); })) {
      const auto last = run([&](db::Transaction& tx) { return fold_deltas(tx, position, limit); });
      if (!last) return;
      position = *last;
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Both, LedgerTest, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST(LedgerLevelTest, BucketsBeginWith1970AndAreRoundedDownBeforeIt) {
  const base::Time zero{};
  EXPECT_EQ(bucket_of(zero, Level::day), 0);
  EXPECT_EQ(bucket_of(zero - 1us, Level::day), -1);
  EXPECT_EQ(bucket_of(zero - 1us, Level::second), -1);
  EXPECT_EQ(bucket_of(zero - 24h, Level::day), -1);
  EXPECT_EQ(bucket_of(zero - 24h - 1us, Level::day), -2);
  EXPECT_EQ(bucket_of(zero + 24h - 1us, Level::day), 0);
  EXPECT_EQ(bucket_of(zero + 24h, Level::day), 1);
}

TEST_P(LedgerTest, EachChangeOfAMembershipLeavesItsDeltas) {
  const Tenant a = add_tenant("a");
  EXPECT_THAT(deltas(a.organization, a.member), ElementsAre("joined active owner 0 1"));
  forget_deltas();
  run([&](db::Transaction& tx) { set_member_role(tx, a.organization, a.member, a.member_role, at(1)); });
  EXPECT_THAT(deltas(a.organization, a.member), ElementsAre("changed active owner 1 -1", "changed active member 1 1"));
  forget_deltas();
  run([&](db::Transaction& tx) { set_member_status(tx, a.organization, a.member, "suspended", at(2)); });
  EXPECT_THAT(deltas(a.organization, a.member),
              ElementsAre("changed active member 2 -1", "changed suspended member 2 1"));
  forget_deltas();
  run([&](db::Transaction& tx) { move_members_to_role(tx, a.organization, a.member_role, a.owner_role, at(3)); });
  EXPECT_THAT(deltas(a.organization, a.member),
              ElementsAre("changed suspended member 3 -1", "changed suspended owner 3 1"));
  forget_deltas();
  run([&](db::Transaction& tx) { delete_member(tx, a.organization, a.member, at(4)); });
  EXPECT_THAT(deltas(a.organization, a.member), ElementsAre("left suspended owner 4 -1"));
}

TEST_P(LedgerTest, WhatChangesNothingLeavesNothing) {
  const Tenant a = add_tenant("a");
  forget_deltas();
  run([&](db::Transaction& tx) {
    set_member_role(tx, a.organization, a.member, a.owner_role, at(1));
    set_member_status(tx, a.organization, a.member, "active", at(1));
    move_members_to_role(tx, a.organization, a.member_role, a.owner_role, at(1));
    delete_member(tx, a.organization, MemberId::make(kNoon), at(1));
  });
  EXPECT_THAT(deltas(a.organization, a.member), IsEmpty());
}

TEST_P(LedgerTest, SeveralChangesOfOneTransactionStandBesideEachOther) {
  const Tenant a = add_tenant("a");
  forget_deltas();
  run([&](db::Transaction& tx) {
    set_member_role(tx, a.organization, a.member, a.member_role, at(1));
    set_member_role(tx, a.organization, a.member, a.owner_role, at(1));
    set_member_status(tx, a.organization, a.member, "suspended", at(1));
    delete_member(tx, a.organization, a.member, at(1));
  });
  EXPECT_EQ(deltas(a.organization, a.member).size(), 7U);
}

TEST_P(LedgerTest, OfOneMembershipNothingHappensBeforeWhatHappenedBefore) {
  const Tenant a = add_tenant("a");
  forget_deltas();
  run([&](db::Transaction& tx) { set_member_role(tx, a.organization, a.member, a.member_role, at(-5)); });
  run([&](db::Transaction& tx) { set_member_status(tx, a.organization, a.member, "suspended", at(9)); });
  run([&](db::Transaction& tx) { set_member_role(tx, a.organization, a.member, a.owner_role, at(8)); });
  run([&](db::Transaction& tx) { delete_member(tx, a.organization, a.member, at(7)); });
  EXPECT_THAT(
      deltas(a.organization, a.member),
      UnorderedElementsAre("changed active owner 0 -1", "changed active member 0 1", "changed active member 9 -1",
                           "changed suspended member 9 1", "changed suspended member 9 -1",
                           "changed suspended owner 9 1", "left suspended owner 9 -1"));
}

TEST_P(LedgerTest, AnOrganizationThatIsDeletedTakesItsMembersAndLeavesThePast) {
  const Tenant a = add_tenant("a");
  add_member(a, add_user(a.directory, "two@a.example"), a.member_role, at(2));
  fold(100);
  run([&](db::Transaction& tx) { delete_organization(tx, a.organization, at(10)); });
  for (const bool is_folded : {false, true}) {
    if (is_folded) fold(100);
    run([&](db::Transaction& tx) {
      EXPECT_THAT(sum_counts(tx, a.organization, Series::cohort), IsEmpty());
      EXPECT_THAT(sum_counts(tx, kPlatformOrganization, Series::cohort), IsEmpty());
      EXPECT_EQ(sum_counts(tx, a.organization, Series::timeline, {.until = at(10)}).size(), 2U);
    });
  }
}

TEST_P(LedgerTest, MembersFromBeforeTheLedgerAreInIt) {
  const support::TestDatabase home(GetParam());
  const auto database = db::open_database(home.url);
  db::migrate(*database, migrations().first(7));
  ensure_directories(*database, kNoon);
  const auto organization = OrganizationId::make(kNoon);
  const auto user = UserId::make(kNoon);
  const auto role = RoleId::make(kNoon);
  const auto member = MemberId::make(kNoon);
  constexpr db::Statement kInsertMember{
      "test insert member",
      "INSERT INTO members (organization_id, id, directory_id, user_id, email, name_folded, role_id, status, "
      "rights_version, joined_at) VALUES ($1, $2, $3, $4, 'old@a.example', 'ada', $5, 'suspended', 7, $6)"};
  ASSERT_TRUE(database->write([&](db::Transaction& tx) -> base::Result<void> {
    insert_old_organization(tx, organization);
    insert_role(tx, {organization, role, "owner", "Owner", kNoon});
    insert_old_user(tx, user, "old@a.example");
    tx.execute(kInsertMember, {organization, member, kSharedDirectory, user, role, at(3)});
    return {};
  }));
  EXPECT_GE(db::migrate(*database, migrations()), 1);
  const auto sum = [&](Series series, const SecondRange& range) {
    return database->read([&](db::Transaction& tx) { return sum_counts(tx, organization, series, range); });
  };
  const CountKey suspended{role, "member", "suspended"};
  EXPECT_THAT(sum(Series::cohort, {at(3), at(4)}), ElementsAre(testing::Pair(suspended, 1)));
  EXPECT_THAT(sum(Series::timeline, {.until = at(3)}), IsEmpty());
  EXPECT_TRUE(database->write([&](db::Transaction& tx) -> base::Result<void> {
    set_member_status(tx, organization, member, "active", at(2));
    return {};
  }));
  EXPECT_THAT(sum(Series::timeline, {.until = at(3)}), IsEmpty()) << "no earlier than it began";
  EXPECT_EQ(sum(Series::timeline, {.until = at(4)}).size(), 3U);
}

TEST_P(LedgerTest, FoldingTakesWhatIsThereInOrderAndLosesNothing) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  const FoldPosition first{a.organization, a.member.uuid};
  EXPECT_TRUE(run([&](db::Transaction& tx) { return has_deltas(tx, {}); }));
  const auto last = run([&](db::Transaction& tx) { return fold_deltas(tx, {}, 1); });
  ASSERT_TRUE(last);
  EXPECT_EQ(last->organization, kPlatformOrganization) << "it has what is created";
  EXPECT_TRUE(run([&](db::Transaction& tx) { return has_deltas(tx, {}); }));
  fold(10);
  EXPECT_FALSE(run([&](db::Transaction& tx) { return has_deltas(tx, {}); }));
  EXPECT_FALSE(run([&](db::Transaction& tx) { return fold_deltas(tx, first, 10); }));
  run([&](db::Transaction& tx) {
    for (const Tenant& tenant : {a, b}) EXPECT_EQ(sum_counts(tx, tenant.organization, Series::timeline).size(), 1U);
  });
}

// Writers, folders and a reader at once: the reader knows how many memberships had committed before it began and after
// it ended, and every answer lies between.
TEST_P(LedgerTest, EveryReadIsExactWhileOthersWriteAndFoldAtOnce) {
  constexpr int kWriters = 3, kRounds = 25;
  const Tenant a = add_tenant("a");
  std::vector<UserId> users;
  for (int i = 0; i < kWriters * kRounds; ++i) {
    users.push_back(add_user(a.directory, "n" + std::to_string(i) + "@x.example"));
  }
  std::atomic<std::int64_t> begun{1}, committed{1};
  std::atomic<bool> is_over{false};
  std::vector<std::future<void>> writers, folders;
  for (int w = 0; w < kWriters; ++w) {
    writers.push_back(std::async(std::launch::async, [&, w] {
      for (int i = 0; i < kRounds; ++i) {
        ++begun;
        add_member(a, users[std::size_t(w * kRounds + i)], a.member_role, at(i));
        ++committed;
      }
    }));
  }
  for (int f = 0; f < 2; ++f) {
    folders.push_back(std::async(std::launch::async, [&] {
      while (!is_over) fold(7);
    }));
  }
  while (committed < 1 + kWriters * kRounds) {
    for (const auto organization : {a.organization, kPlatformOrganization}) {
      for (const Series series : {Series::cohort, Series::timeline}) {
        const std::int64_t before = committed;
        std::int64_t seen = 0;
        for (const auto& [key, n] :
             database_->read([&](db::Transaction& tx) { return sum_counts(tx, organization, series); })) {
          seen += n;
        }
        EXPECT_LE(before, seen);
        EXPECT_LE(seen, begun);
      }
    }
    if (HasFailure()) break;
  }
  for (auto& writer : writers) writer.get();
  is_over = true;
  for (auto& folder : folders) folder.get();
  fold(100);
  run([&](db::Transaction& tx) {
    EXPECT_EQ(sum_counts(tx, a.organization, Series::cohort), recount_members(tx, a.organization, {}));
  });
}

}  // namespace
}  // namespace gatehouse::store
