#include "store/ledger_rows.h"

#include "store/fixture_test.h"

#include <algorithm>

namespace gatehouse::store {
namespace {

using testing::ElementsAre;

class LedgerRowsTest : public StoreTest {};
INSTANTIATE_TEST_SUITE_P(Both, LedgerRowsTest, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST_P(LedgerRowsTest, PagesGoThroughTheCountsOfOneLevelInTheOrderOfTheirKeys) {
  const Tenant a = add_tenant("a");
  const auto add = [&](std::int64_t bucket, const CountKey& key, std::int64_t n) {
    run([&](db::Transaction& tx) { add_to_count(tx, {a.organization, Series::events, Level::hour, bucket, key, n}); });
  };
  add(7, {{}, "b", "y"}, 1);
  add(7, {{}, "b", "x"}, 2);
  add(-3, {{}, "c", "z"}, 3);
  add(9, {{}, "a", ""}, 4);
  add(7, {{}, "b", "x"}, 40);
  std::vector<std::int64_t> seen;
  std::optional<CountRow> last;
  for (;;) {
    const auto page = run([&](db::Transaction& tx) {
      return list_count_rows(tx, a.organization, {Series::events, Level::hour, -3, 9}, last, 1);
    });
    if (page.empty()) break;
    seen.push_back(page[0].n);
    last = page[0];
  }
  EXPECT_THAT(seen, ElementsAre(3, 42, 1));
}

TEST_P(LedgerRowsTest, PagesGoThroughDeltasAndMembers) {
  const Tenant a = add_tenant("a");
  for (int i = 0; i < 3; ++i) {
    add_member(a, add_user(a.directory, "u" + std::to_string(i) + "@a.example"), a.member_role, at(i));
  }
  std::size_t deltas = 0;
  std::optional<DeltaRow> last;
  for (;;) {
    const auto page = run([&](db::Transaction& tx) { return list_delta_rows(tx, a.organization, last, 3); });
    if (page.empty()) break;
    deltas += page.size();
    last = page.back();
    EXPECT_TRUE(page.back().joined_at);
  }
  EXPECT_EQ(deltas, 4U);
  std::vector<base::Time> joined;
  std::optional<CountedMember> member;
  for (;;) {
    const auto page = run([&](db::Transaction& tx) {
      return list_counted_members(tx, a.organization, {at(0), at(2)}, member, 1);
    });
    if (page.empty()) break;
    joined.push_back(page[0].joined_at);
    member = page[0];
  }
  EXPECT_THAT(joined, ElementsAre(at(0), at(0), at(1))) << "with the founder, and not who joined at the end";
}

TEST_P(LedgerRowsTest, EveryOrganizationIsVisitedThatExistsOrWasCounted) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  const auto gone = OrganizationId::make(kNoon);
  run([&](db::Transaction& tx) {
    add_to_count(tx, {gone, Series::events, Level::day, 1, {{}, "k", "d"}, 1});
    add_to_count(tx, {kPlatformOrganization, Series::events, Level::day, 1, {{}, "k", "d"}, 1});
  });
  std::vector<OrganizationId> seen, expected{a.organization, b.organization, gone};
  std::ranges::sort(expected);
  OrganizationId last;
  while (const auto next = run([&](db::Transaction& tx) { return next_counted_organization(tx, last); })) {
    seen.push_back(*next);
    last = *next;
  }
  EXPECT_EQ(seen, expected);
}

TEST_P(LedgerRowsTest, TheLedgerKnowsWhenItBegan) {
  EXPECT_GT(run([&](db::Transaction& tx) { return ledger_began_at(tx); }), kNoon - 24h * 365);
  run([&](db::Transaction& tx) { date_ledger_back(tx, at(-5)); });
  EXPECT_EQ(run([&](db::Transaction& tx) { return ledger_began_at(tx); }), at(-5));
}

}  // namespace
}  // namespace gatehouse::store
