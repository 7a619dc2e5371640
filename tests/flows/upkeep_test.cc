#include "domain/upkeep.h"

#include "store/limits.h"
#include "tests/support/flow_test.h"

#include <stdexcept>

namespace gatehouse::tests {

using namespace std::chrono_literals;

class Upkeep : public FlowTest {
 protected:
  /// Windows of limits that end in a minute.
  void add_windows(int number) {
    const base::Time now = program().now();
    const auto done = program().services().database.write([&](db::Transaction& tx) -> base::Result<void> {
      for (int i = 0; i < number; ++i) {
        store::count_hit(tx, db::Bytes{"window " + std::to_string(i)}, now, now + 1min);
      }
      return {};
    });
    ASSERT_TRUE(done);
  }
  void run_script(const std::string& script) {
    const auto done = program().services().database.write([&](db::Transaction& tx) -> base::Result<void> {
      tx.run_script(script);
      return {};
    });
    ASSERT_TRUE(done);
  }
  void forget(const std::stop_token& stop = {}) { domain::forget_the_past(program().services(), stop); }
  std::int64_t count(const db::Statement& statement) {
    return program().services().database.read(
        [&](db::Transaction& tx) { return tx.query_one(statement)->get<std::int64_t>(0); });
  }

  static constexpr db::Statement kWindows{"test count windows", "SELECT COUNT(*) FROM limit_counters"};
  static constexpr db::Statement kSessions{"test count sessions", "SELECT COUNT(*) FROM sessions"};
  static constexpr db::Statement kLinks{"test count links", "SELECT COUNT(*) FROM one_time_tokens"};
  static constexpr db::Statement kLetters{"test count letters", "SELECT COUNT(*) FROM letters"};
};

TEST_P(Upkeep, WhatOutgrowsAStepIsForgottenInOneRun) {
  add_windows(2'100);
  forget();
  EXPECT_EQ(count(kWindows), 2'100) << "they have not ended";
  program().advance(1min);
  add_windows(1);
  forget();
  EXPECT_EQ(count(kWindows), 1) << "one began anew";
}

TEST_P(Upkeep, AKindThatCanNotBeForgottenStopsNoOther) {
  found("ada@acme.example", "Acme");
  access_token("ada@acme.example");
  program().settle();
  add_windows(1);
  EXPECT_GT(count(kSessions), 0);
  EXPECT_GT(count(kLinks), 0);
  EXPECT_GT(count(kLetters), 0);
  const std::int64_t windows = count(kWindows);
  program().advance(130 * 24h);
  run_script("ALTER TABLE limit_counters RENAME TO limit_counters_elsewhere");
  EXPECT_THROW(forget(), std::runtime_error);
  run_script("ALTER TABLE limit_counters_elsewhere RENAME TO limit_counters");
  EXPECT_EQ(count(kSessions), 0);
  EXPECT_EQ(count(kLinks), 0);
  EXPECT_EQ(count(kLetters), 0);
  EXPECT_EQ(count(kWindows), windows);
  forget();
  EXPECT_EQ(count(kWindows), 0);
}

TEST_P(Upkeep, ForgetsNothingMoreOnceItIsToldToStop) {
  add_windows(3);
  program().advance(1min);
  std::stop_source stopping;
  stopping.request_stop();
  forget(stopping.get_token());
  EXPECT_EQ(count(kWindows), 3);
}

GATEHOUSE_ON_BOTH_DATABASES(Upkeep);

}  // namespace gatehouse::tests
