#include "db/database.h"

#include "tests/support/databases.h"

#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

namespace gatehouse::db {
namespace {

using base::Result;
using testing::HasSubstr;

constexpr Statement kAdd{"add", "UPDATE counters SET n = n + $2 WHERE name = $1 RETURNING n"};
constexpr Statement kCounter{"counter", "SELECT n FROM counters WHERE name = $1"};

/// The time limit of a write, short enough for a test.
class WriteLimitTest : public testing::TestWithParam<Dialect> {
 protected:
  static constexpr std::chrono::milliseconds kLimit{60};

  WriteLimitTest() : home_(GetParam()) {
    support::run_sql(home_.url,
                     "CREATE TABLE counters (name TEXT PRIMARY KEY NOT NULL, n BIGINT NOT NULL);"
                     "INSERT INTO counters (name, n) VALUES ('a', 0), ('b', 0)");
    DatabaseOptions options;
    options.write_limit_ms = int(kLimit.count());
    database_ = open_database(home_.url, options);
  }
  std::int64_t counter(std::string_view name) {
    return database_->read([&](Transaction& t) { return t.query_one(kCounter, {name})->get<std::int64_t>(0); });
  }
  /// Adds to the counter after `before`, and says whether it was refused for its time.
  bool is_too_late(const std::function<void(Transaction&)>& before) {
    try {
      database_->write([&](Transaction& t) -> Result<void> {
        before(t);
        t.execute(kAdd, {"a", 1});
        return {};
      });
      return false;
    } catch (const DatabaseError& error) {
      EXPECT_THAT(error.what(), HasSubstr("time limit"));
      return true;
    }
  }

  support::TestDatabase home_;
  std::unique_ptr<Database> database_;
};

INSTANTIATE_TEST_SUITE_P(Both, WriteLimitTest, testing::Values(Dialect::sqlite, Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST_P(WriteLimitTest, ABodyThatTakesTooLongIsUndone) {
  EXPECT_TRUE(is_too_late([](Transaction&) { std::this_thread::sleep_for(kLimit); }));
  EXPECT_TRUE(is_too_late([](Transaction& t) {
    t.query(kAdd, {"b", 1});
    std::this_thread::sleep_for(kLimit);
  }));
  EXPECT_EQ(counter("a"), 0);
  EXPECT_EQ(counter("b"), 0);
  EXPECT_FALSE(is_too_late([](Transaction&) {}));
  EXPECT_EQ(counter("a"), 1);
}

TEST_P(WriteLimitTest, TheWaitForOthersCounts) {
  const auto other = open_database(home_.url);
  std::promise<void> holds;
  std::jthread holder([&] {
    other->write([&](Transaction& t) -> Result<void> {
      t.query(kAdd, {"a", 10});
      holds.set_value();
      std::this_thread::sleep_for(kLimit * 2);
      return {};
    });
  });
  holds.get_future().wait();
  EXPECT_TRUE(is_too_late([](Transaction&) {}))
      << "on PostgreSQL it is queued and waits for the row when it is sent with COMMIT";
  holder.join();
  EXPECT_EQ(counter("a"), 10);
}

TEST_P(WriteLimitTest, ARefusalAndAScriptMayTakeTheirTime) {
  const auto refused = database_->write([](Transaction&) -> Result<void> {
    std::this_thread::sleep_for(kLimit);
    return base::refuse(base::kNotFound);
  });
  EXPECT_FALSE(refused.has_value());
  database_->write([](Transaction& t) -> Result<void> {
    t.run_script("UPDATE counters SET n = 5 WHERE name = 'a'");
    std::this_thread::sleep_for(kLimit);
    return {};
  });
  EXPECT_EQ(counter("a"), 5);
}

}  // namespace
}  // namespace gatehouse::db
