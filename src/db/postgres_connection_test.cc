#include "db/postgres_connection.h"

#include "tests/support/databases.h"
#include "tests/support/tcp_proxy.h"

#include <gtest/gtest.h>

namespace gatehouse::db {
namespace {

constexpr Statement kSeven{"seven", "SELECT CAST(7 AS BIGINT)"};
constexpr Statement kEight{"eight", "SELECT CAST(8 AS BIGINT)"};
constexpr Statement kFail{"fail", "SELECT 1 / 0"};

class PostgresConnectionTest : public testing::Test {
 protected:
  PostgresConnectionTest() : home_(Dialect::postgresql) {}

  support::TestDatabase home_;
};

TEST_F(PostgresConnectionTest, WhatIsReceivedLaterIsPassedOverAndItsFailureIsALostConnection) {
  PostgresConnection connection(home_.url, {});
  connection.send(kSeven, EncodedValues({}));
  connection.receive_later();
  connection.send(kEight, EncodedValues({}));
  const auto rows = connection.receive_each();
  ASSERT_EQ(rows.size(), 1);
  EXPECT_EQ(rows[0].at(0).get<std::int64_t>(0), 8);
  EXPECT_FALSE(connection.has_queued());
  connection.send(kFail, EncodedValues({}));
  connection.receive_later();
  connection.send(kSeven, EncodedValues({}));
  EXPECT_THROW(connection.receive(), ConnectionLost);
}

// It took 600 ms of the first use of a statement over ten million members.
TEST_F(PostgresConnectionTest, NoStatementIsCompiledJustInTime) {
  constexpr Statement kSetting{"find_setting_of_jit", "SELECT current_setting('jit')"};
  PostgresConnection connection(home_.url, {});
  connection.send(kSetting, EncodedValues({}));
  EXPECT_EQ(connection.receive().front().get<std::string>(0), "off");
}

TEST_F(PostgresConnectionTest, AStatementWithOnePlanIsNotPlannedForEachValueAndOthersAreAsBefore) {
  constexpr Statement kMode{"find plan mode", "SELECT current_setting('plan_cache_mode')"};
  constexpr Statement kLess{"numbers below", "SELECT n FROM generate_series(1, 3) n WHERE n < $1"};
  constexpr Statement kLessWithOnePlan{"numbers below, planned once", kLess.text, true};
  const auto database = open_database(home_.url);
  const auto mode = [&](Transaction& t) { return t.query_one(kMode)->get<std::string>(0); };
  const auto rows = database->read([&](Transaction& t) {
    EXPECT_EQ(mode(t), "auto");
    auto found = t.query_together({{kLess, {4}}, {kLessWithOnePlan, {3}}, {kLessWithOnePlan, {1}}});
    EXPECT_EQ(mode(t), "force_generic_plan");
    return found;
  });
  ASSERT_EQ(rows.size(), 3);
  EXPECT_EQ(rows[0].size(), 3);
  EXPECT_EQ(rows[1].size(), 2);
  EXPECT_EQ(rows[2].size(), 0);
  EXPECT_EQ(database->read(mode), "auto");
}

TEST_F(PostgresConnectionTest, AServerThatFallsSilentCountsAsLost) {
  support::TcpProxy proxy(home_.url);
  DatabaseOptions options;
  options.statement_timeout_ms = 50;
  PostgresConnection connection(proxy.url(), options);
  connection.limit_answers(std::chrono::milliseconds(50));
  proxy.fall_silent();
  connection.send(kEight, EncodedValues({}));
  EXPECT_THROW(connection.receive(), ConnectionLost);
}

}  // namespace
}  // namespace gatehouse::db
