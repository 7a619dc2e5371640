#include "store/statistics.h"

#include "store/fixture_test.h"
#include "store/ledger_rows.h"
#include "store/migrations.h"

namespace gatehouse::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

// A thousand members who join each 86.4 seconds, as far as the ledger hears of it.
#define JOIN_MANY(subject, time)                                                                                  \
  "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $4) "                                \
  "INSERT INTO stats_deltas (organization_id, subject_id, step, kind, detail, role_id, role_key, joined_at, at, " \
  "change) SELECT $1, " subject ", 0, 'joined', 'active', $2, 'member', " time ", " time ", 1 FROM n"
constexpr db::Statement kJoinMany{"test join many",
                                  JOIN_MANY("CAST(printf('%016d', i) AS BLOB)", "$3 + i / 1000 * 86400000")};
constexpr db::Statement kJoinManyPostgres{
    "test join many on PostgreSQL",
    JOIN_MANY("CAST(lpad(to_hex(i), 32, '0') AS UUID)", "$3 + i / 1000 * INTERVAL '86400 milliseconds'")};

constexpr db::Statement kTombstone{
    "test tombstone",
    "INSERT INTO stats_tombstones (organization_id, role_id, key, name, created_at, deleted_at) "
    "VALUES ($1, $2, $3, $4, $5, $5)"};

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
  /// Who joined from one second to another, both inclusive.
  static SecondRange seconds(base::Time from, base::Time to) { return {from, to + 1s}; }
  std::vector<std::string> of(const Tenant& tenant, base::Time from, base::Time to) {
    return texts(
        run([&](db::Transaction& tx) { return count_members_by_role(tx, tenant.organization, seconds(from, to)); }));
  }
  std::vector<std::string> all(base::Time from, base::Time to) { return texts(count_all(seconds(from, to))); }
  /// In pages of one organization.
  std::vector<RoleCount> count_all(const SecondRange& joined) {
    std::vector<RoleCount> counts;
    std::optional<AgePosition> after = AgePosition{};
    while (after) {
      auto page = run([&](db::Transaction& tx) { return count_all_members_by_role(tx, joined, *after, 1); });
      std::ranges::move(page.counts, std::back_inserter(counts));
      after = page.last;
    }
    return counts;
  }
  MemberId join(const Tenant& tenant, RoleId role, base::Time joined_at) {
    return add_member(tenant, add_user(tenant.directory, "n" + std::to_string(++people_) + "@x.example"), role,
                      joined_at);
  }
  void fold() {
    FoldPosition position;
    while (run([&](db::Transaction& tx) { return has_deltas(tx, position); })) {
      position = run([&](db::Transaction& tx) { return fold_deltas(tx, position, 5); }).value();
    }
  }
  Counts sum(OrganizationId organization, Series series, const SecondRange& range = {}) {
    return run([&](db::Transaction& tx) { return sum_counts(tx, organization, series, range); });
  }
  static std::int64_t total(const Counts& counts) {
    std::int64_t total = 0;
    for (const auto& [key, n] : counts) total += n;
    return total;
  }

 private:
  int people_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Both, StatisticsTest, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST_P(StatisticsTest, CountsByRoleWithBothSecondsInclusive) {
  const Tenant a = add_tenant("a");
  join(a, a.member_role, at(10));
  join(a, a.member_role, at(20) + 999'999us);
  for (const bool is_folded : {false, true}) {
    SCOPED_TRACE(is_folded);
    if (is_folded) fold();
    EXPECT_THAT(of(a, kNoon, at(20)), ElementsAre("a/Member: 2", "a/Owner: 1"));
    EXPECT_THAT(of(a, at(10), at(20)), ElementsAre("a/Member: 2"));
    EXPECT_THAT(of(a, at(11), at(20)), ElementsAre("a/Member: 1"));
    EXPECT_THAT(of(a, at(10), at(19)), ElementsAre("a/Member: 1"));
    EXPECT_THAT(of(a, at(10), at(10)), ElementsAre("a/Member: 1"));
    EXPECT_THAT(of(a, at(11), at(19)), IsEmpty());
  }
}

TEST_P(StatisticsTest, CountsActiveMembersOnlyAndLeavesEmptyRolesOut) {
  const Tenant a = add_tenant("a");
  const MemberId second = join(a, a.member_role, kNoon);
  EXPECT_THAT(of(a, kNoon, kNoon), ElementsAre("a/Member: 1", "a/Owner: 1"));
  run([&](db::Transaction& tx) { set_member_role(tx, a.organization, a.member, a.member_role, at(1)); });
  EXPECT_THAT(of(a, kNoon, kNoon), ElementsAre("a/Member: 2"));
  run([&](db::Transaction& tx) { set_member_status(tx, a.organization, second, "suspended", at(2)); });
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
  for (const bool is_folded : {false, true}) {
    SCOPED_TRACE(is_folded);
    if (is_folded) fold();
    EXPECT_THAT(all(kNoon, at(11)), ElementsAre("b/Member: 2", "b/Owner: 1", "a/Member: 1", "a/Owner: 1"));
    EXPECT_THAT(all(at(10), at(10)), ElementsAre("b/Member: 1", "a/Member: 1"));
    EXPECT_THAT(all(at(12), at(13)), IsEmpty());
    const auto counts =
        run([&](db::Transaction& tx) { return count_members_by_role(tx, old.organization, seconds(at(11), at(11))); });
    ASSERT_EQ(counts.size(), 1U);
    EXPECT_EQ(counts[0].organization, old.organization);
    EXPECT_EQ(counts[0].organization_name, "The b");
    EXPECT_EQ(counts[0].organization_created_at, base::Time(base::Duration(1)));
  }
}

// Its members were in the counts, which are asked for no more, while their end was in the deltas: less than nobody.
TEST_P(StatisticsTest, AnOrganizationIsLeftOutAsSoonAsItIsDeleted) {
  add_tenant("a");
  const Tenant b = add_tenant("b");
  fold();
  run([&](db::Transaction& tx) { delete_organization(tx, b.organization, at(1)); });
  EXPECT_THAT(all(kNoon, at(10)), ElementsAre("a/Owner: 1"));
  fold();
  EXPECT_THAT(all(kNoon, at(10)), ElementsAre("a/Owner: 1"));
}

TEST_P(StatisticsTest, APersonInTwoOrganizationsCountsInEach) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  add_member(b, a.founder, b.member_role);
  EXPECT_THAT(of(a, kNoon, kNoon), ElementsAre("a/Owner: 1"));
  EXPECT_THAT(of(b, kNoon, kNoon), ElementsAre("b/Member: 1", "b/Owner: 1"));
}

TEST_P(StatisticsTest, SumsAreExactAtTheEdgesOfEveryLevel) {
  const Tenant a = add_tenant("a");
  run([&](db::Transaction& tx) { delete_member(tx, a.organization, a.member, kNoon); });
  std::vector<base::Time> edges;
  for (const std::int64_t width : kLevelSeconds) {
    const std::int64_t edge = (kNoon.time_since_epoch() / 1s) / width * width;
    for (const std::int64_t second : {edge - 1, edge, edge + 1}) {
      edges.emplace_back(std::chrono::seconds(second));
      join(a, a.member_role, edges.back());
      join(a, a.member_role, edges.back() + 999'999us);
    }
  }
  const auto joined_before = [&](base::Time until) {
    return 2 * std::ranges::count_if(edges, [&](base::Time edge) { return edge < until; });
  };
  for (const bool is_folded : {false, true}) {
    SCOPED_TRACE(is_folded);
    if (is_folded) fold();
    for (const base::Time until : edges) {
      for (const Series series : {Series::cohort, Series::timeline}) {
        // The founder has come and gone, at noon.
        EXPECT_EQ(total(sum(a.organization, series, {.until = until})), joined_before(until));
      }
      for (const base::Time from : edges) {
        if (from > until) continue;
        EXPECT_EQ(total(sum(a.organization, Series::cohort, {from, until})),
                  joined_before(until) - joined_before(from));
      }
    }
    EXPECT_EQ(total(sum(a.organization, Series::cohort)), std::int64_t(2 * edges.size()));
  }
}

TEST_P(StatisticsTest, PeriodsHaveWhatWasCountedWithinThemFoldedOrNot) {
  const Tenant a = add_tenant("a");
  join(a, a.member_role, kNoon - 1us);
  join(a, a.member_role, kNoon + 1h);
  fold();
  join(a, a.member_role, kNoon - 1us);
  join(a, a.member_role, kNoon + 2h);
  const auto list = [&](OrganizationId organization) {
    std::vector<std::int64_t> totals;
    const std::vector<base::Time> edges{kNoon - 1h, kNoon, kNoon, kNoon + 1h, kNoon + 2h};
    for (const Counts& counts :
         run([&](db::Transaction& tx) { return count_by_period(tx, organization, Series::timeline, edges); })) {
      totals.push_back(total(counts));
    }
    return totals;
  };
  for (const auto organization : {a.organization, kPlatformOrganization}) {
    EXPECT_THAT(list(organization), ElementsAre(2, 0, 1, 1));
  }
  fold();
  for (const auto organization : {a.organization, kPlatformOrganization}) {
    EXPECT_THAT(list(organization), ElementsAre(2, 0, 1, 1));
  }
}

TEST_P(StatisticsTest, AMillionJoinsInOneDayAreCountedExactlyWhileTheyAreFolded) {
  const Tenant a = add_tenant("a");
  fold();
  const std::int64_t founders = total(sum(a.organization, Series::cohort));
  const base::Time midnight = kNoon + 12h;
  constexpr std::int64_t kJoins = 1'000'000;
  run([&](db::Transaction& tx) {
    tx.execute(GetParam() == db::Dialect::sqlite ? kJoinMany : kJoinManyPostgres,
               {a.organization, a.member_role, midnight, kJoins - 1});
  });
  const auto until = [](base::Duration since_midnight) { return (since_midnight / 1ms + 86'399) / 86'400 * 1'000; };
  const auto check = [&] {
    for (const OrganizationId organization : {a.organization, kPlatformOrganization}) {
      EXPECT_EQ(total(sum(organization, Series::cohort)), kJoins + founders);
      for (const base::Duration time : {base::Duration(1s), base::Duration(7h + 59min + 59s)}) {
        EXPECT_EQ(total(sum(organization, Series::timeline, {{}, midnight + time})), until(time) + founders);
      }
      std::vector<base::Time> hours;
      for (int hour = 0; hour <= 24; ++hour) hours.push_back(midnight + hour * 1h);
      const auto counts =
          run([&](db::Transaction& tx) { return count_by_period(tx, organization, Series::timeline, hours); });
      for (int hour = 0; hour < 24; ++hour) {
        EXPECT_EQ(total(counts.at(std::size_t(hour))), until((hour + 1) * 1h) - until(hour * 1h)) << hour;
      }
    }
  };
  FoldPosition position;
  for (int batch = 1; run([&](db::Transaction& tx) { return has_deltas(tx, position); }); ++batch) {
    position = run([&](db::Transaction& tx) { return fold_deltas(tx, position, kJoins / 30); }).value();
    if (batch == 15) check();
  }
  check();
}

TEST_P(StatisticsTest, ThePlatformHasTheSumsOfAllByTheKeysOfTheRoles) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  const MemberId member = join(b, b.member_role, at(5));
  run([&](db::Transaction& tx) {
    set_member_status(tx, b.organization, member, "suspended", at(7));
    insert_event(tx, {a.organization, a.member.uuid, 9, "sign_in", "succeeded password", at(3)});
    insert_event(tx, {kPlatformOrganization, b.member.uuid, 9, "sign_in", "succeeded password", at(4)});
  });
  for (const bool is_folded : {false, true}) {
    SCOPED_TRACE(is_folded);
    if (is_folded) fold();
    EXPECT_THAT(sum(kPlatformOrganization, Series::cohort),
                ElementsAre(Pair(CountKey{{}, "member", "active owner"}, 2),
                            Pair(CountKey{{}, "member", "suspended member"}, 1)));
    EXPECT_THAT(
        sum(kPlatformOrganization, Series::timeline, {.until = at(7)}),
        ElementsAre(Pair(CountKey{{}, "joined", "active member"}, 1), Pair(CountKey{{}, "joined", "active owner"}, 2)));
    EXPECT_THAT(sum(kPlatformOrganization, Series::events),
                ElementsAre(Pair(CountKey{{}, "organization", "created"}, 2),
                            Pair(CountKey{{}, "sign_in", "succeeded password"}, 2)));
    EXPECT_THAT(sum(a.organization, Series::events),
                ElementsAre(Pair(CountKey{{}, "sign_in", "succeeded password"}, 1)));
  }
}

// Damage that `gatehouse stats rebuild` would put right was an answer of 500.
TEST_P(StatisticsTest, ACountOfARoleThatIsGoneHasANameUntilItIsPutRight) {
  const Tenant a = add_tenant("a");
  const auto gone = RoleId::make(kNoon);
  run([&](db::Transaction& tx) {
    tx.execute(kTombstone, {kPlatformOrganization, gone, "gone", "Of nobody", at(1)});
    insert_role(tx, {a.organization, gone, "gone", "Gone", kNoon});
    delete_role(tx, a.organization, gone, at(1));
    for (const RoleId role : {gone, RoleId::make(kNoon)}) {
      add_to_count(tx, {a.organization, Series::cohort, Level::days_4096, 5, {role, "member", "active"}, 1});
    }
  });
  const std::vector<RoleCount> counts =
      run([&](db::Transaction& tx) { return count_members_by_role(tx, a.organization, {}); });
  EXPECT_THAT(texts(counts), ElementsAre("a/?: 1", "a/Gone: 1", "a/Owner: 1"));
  EXPECT_THAT(texts(count_all({})), ElementsAre("a/?: 1", "a/Gone: 1", "a/Owner: 1"));
}

TEST_P(StatisticsTest, GrowthFromBeforeItHadASeriesIsTakenFromTheTimeline) {
  const support::TestDatabase home(GetParam());
  const auto database = db::open_database(home.url);
  db::migrate(*database, migrations().first(16));
  ensure_directories(*database, kNoon);
  const auto organization = OrganizationId::make(kNoon);
  const auto other = RoleId::make(kNoon);
  const std::int64_t hour = bucket_of(kNoon, Level::hour), day = bucket_of(kNoon, Level::day);
  ASSERT_TRUE(database->write([&](db::Transaction& tx) -> base::Result<void> {
    const auto add = [&](Level level, std::int64_t bucket, RoleId role, const char* kind, std::int64_t n) {
      add_to_count(tx, {organization, Series::timeline, level, bucket, {role, kind, "active"}, n});
    };
    add(Level::minute, hour * 60, {}, "joined", 5);
    add(Level::hour, hour, {}, "joined", 5);
    add(Level::hour, hour, other, "joined", 2);
    add(Level::hour, hour, other, "left", -1);
    add(Level::hour, hour, other, "changed", -1);
    add(Level::day, day, {}, "joined", 7);
    return {};
  }));
  db::migrate(*database, migrations());
  std::vector<std::string> rows;
  database->read([&](db::Transaction& tx) {
    for (const Level level : {Level::minute, Level::hour, Level::day}) {
      for (const CountRow& row : list_count_rows(tx, organization, {Series::growth, level, 0, hour * 3'600}, {}, 100)) {
        EXPECT_EQ(row.key.role, RoleId{});
        rows.push_back(std::to_string(int(level)) + row.key.kind + row.key.detail + std::to_string(row.n));
      }
    }
    return true;
  });
  EXPECT_THAT(rows, ElementsAre("2joined7", "2left-1", "3joined7"));
}

TEST_P(StatisticsTest, WhatIsDeletedKeepsItsName) {
  const Tenant a = add_tenant("a");
  const auto gone = RoleId::make(kNoon);
  run([&](db::Transaction& tx) {
    insert_role(tx, {a.organization, gone, "gone", "Gone", kNoon});
    delete_role(tx, a.organization, gone, at(1));
  });
  const auto names = [&] { return run([&](db::Transaction& tx) { return list_role_names(tx, a.organization); }); };
  EXPECT_EQ(names().at(gone).name, "Gone");
  EXPECT_TRUE(names().at(gone).is_deleted);
  EXPECT_FALSE(names().at(a.owner_role).is_deleted);
  run([&](db::Transaction& tx) { delete_organization(tx, a.organization, at(2)); });
  EXPECT_EQ(names().size(), 3U) << "the organization itself is none of its roles";
  EXPECT_TRUE(names().at(a.owner_role).is_deleted);
  EXPECT_EQ(names().at(a.owner_role).key, "owner");
}

}  // namespace
}  // namespace gatehouse::store
