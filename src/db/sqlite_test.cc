#include "db/sqlite.h"

#include "base/log.h"
#include "tests/support/databases.h"

#include <atomic>
#include <csignal>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <latch>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>

namespace gatehouse::db {
namespace {

using base::Result;

constexpr Statement kInsert{"insert", "INSERT INTO t (x) VALUES ($1)"};
constexpr Statement kCount{"count", "SELECT COUNT(*) FROM t"};
constexpr Statement kInsertChild{"insert child", "INSERT INTO child (parent) VALUES ($1)"};

unsigned mode_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
}

class SqliteTest : public testing::Test {
 protected:
  SqliteTest() : home_(Dialect::sqlite) {
    open({});
    run_script(
        "CREATE TABLE t (x BIGINT PRIMARY KEY NOT NULL);"
        "CREATE TABLE child (parent BIGINT NOT NULL REFERENCES t (x) DEFERRABLE INITIALLY DEFERRED)");
  }

  void run_script(const std::string& script) {
    database_->write([&](Transaction& t) -> Result<void> {
      t.run_script(script);
      return {};
    });
  }

  void open(const DatabaseOptions& options) {
    database_.reset();
    database_ = std::make_unique<SqliteDatabase>(home_.name, options);
  }
  std::int64_t count() {
    return database_->read([](Transaction& t) { return t.query_one(kCount)->get<std::int64_t>(0); });
  }
  Result<int> insert(int x) {
    return database_->write([&](Transaction& t) -> Result<int> {
      t.execute(kInsert, {x});
      return x;
    });
  }
  void wait_for_waiting(std::size_t writers) {
    while (database_->write_statistics().waiting < writers) std::this_thread::yield();
  }
  /// One group: `leader` runs when all of `others` wait for it.
  void run_group(const std::vector<std::function<void()>>& others, const std::function<bool()>& leader) {
    std::vector<std::jthread> threads;
    const auto outcome = [&]() -> Result<void> {
      return database_->write([&](Transaction& t) -> Result<void> {
        t.execute(kInsert, {1000});
        for (const auto& other : others) threads.emplace_back(other);
        wait_for_waiting(others.size());
        if (!leader()) return base::refuse(base::kNotFound);
        return {};
      });
    };
    try {
      leader_committed_ = outcome().has_value();
    } catch (const DatabaseError&) {
      leader_committed_ = std::nullopt;
    }
  }

  support::TestDatabase home_;
  std::unique_ptr<SqliteDatabase> database_;
  std::optional<bool> leader_committed_;
};

TEST_F(SqliteTest, AStatementIsPreparedOnceAlthoughAPartialIndexMayDoForAValue) {
  run_script("CREATE INDEX some ON child (parent) WHERE parent = 3");
  constexpr Statement kFind{"find", "SELECT parent FROM child WHERE parent = $1"};
  constexpr Statement kPreparedAgain{"count_preparations",
                                     "SELECT SUM(reprep) FROM sqlite_stmt WHERE sql LIKE 'SELECT parent%'"};
  database_->read([&](Transaction& t) {
    for (const int x : {1, 3, 3, 4}) t.query(kFind, {x});
    EXPECT_EQ(t.query_one(kPreparedAgain)->get<std::int64_t>(0), 0);
    return true;
  });
}

TEST_F(SqliteTest, FilesAreTheirOwnersOnly) {
  const mode_t before = ::umask(0);
  const support::TestDatabase other(Dialect::sqlite);
  const auto database = open_database(other.url);
  database->write([](Transaction& t) -> Result<void> {
    t.run_script("CREATE TABLE t (x BIGINT)");
    return {};
  });
  ::umask(before);
  EXPECT_EQ(mode_of(other.name), 0600u);
  EXPECT_EQ(mode_of(other.name + "-wal"), 0600u);
  EXPECT_EQ(mode_of(other.name + "-shm"), 0600u);
}

TEST_F(SqliteTest, IsSetUpDurablyAndStrictly) {
  database_->write([](Transaction& t) -> Result<void> {
    EXPECT_EQ(t.query_one({"synchronous", "PRAGMA synchronous"})->get<std::int64_t>(0), 2);
    EXPECT_EQ(t.query_one({"mode", "PRAGMA journal_mode"})->get<std::string>(0), "wal");
    EXPECT_EQ(t.query_one({"keys", "PRAGMA foreign_keys"})->get<std::int64_t>(0), 1);
    EXPECT_EQ(t.query_one({"trusted", "PRAGMA trusted_schema"})->get<std::int64_t>(0), 0);
    return {};
  });
}

TEST_F(SqliteTest, ClosingMovesTheLogIntoTheFile) {
  ASSERT_TRUE(insert(1));
  EXPECT_GT(std::filesystem::file_size(home_.name + "-wal"), 0u);
  // Another connection keeps the log from being removed by SQLite itself.
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(home_.name.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "SELECT * FROM t", nullptr, nullptr, nullptr), SQLITE_OK);
  database_.reset();
  EXPECT_EQ(std::filesystem::file_size(home_.name + "-wal"), 0u);
  sqlite3_close(other);
  open({});
  EXPECT_EQ(count(), 1);
}

TEST_F(SqliteTest, WritersThatWaitShareOneCommitAndKeepTheirOwnOutcomes) {
  const auto before = database_->write_statistics();
  std::atomic<int> committed = 0, refused = 0, violated = 0, thrown = 0;
  std::vector<std::function<void()>> others;
  for (int i = 0; i < 32; ++i) {
    others.push_back([&, i] {
      try {
        const auto outcome = database_->write([&](Transaction& t) -> Result<int> {
          t.execute(kInsert, {i});
          if (i % 4 == 1) return base::refuse(base::kNotFound);
          if (i % 4 == 2) t.execute(kInsert, {i});
          if (i % 4 == 3) throw std::out_of_range("mine");
          return i;
        });
        ++(outcome ? committed : refused);
      } catch (const UniqueViolation& violation) {
        EXPECT_EQ(violation.constraint(), "t_pkey");
        ++violated;
      } catch (const std::out_of_range&) {
        ++thrown;
      }
    });
  }
  run_group(others, [] { return true; });
  const auto after = database_->write_statistics();
  EXPECT_EQ(leader_committed_, true);
  EXPECT_EQ(committed, 8);
  EXPECT_EQ(refused, 8);
  EXPECT_EQ(violated, 8);
  EXPECT_EQ(thrown, 8);
  EXPECT_EQ(count(), 9);
  EXPECT_EQ(after.operations - before.operations, 33u);
  EXPECT_EQ(after.commits - before.commits, 1u);
}

TEST_F(SqliteTest, TheRefusalOfTheFirstUndoesNobodyElse) {
  run_group({[&] { EXPECT_TRUE(insert(1)); }, [&] { EXPECT_TRUE(insert(2)); }}, [] { return false; });
  EXPECT_EQ(leader_committed_, false);
  EXPECT_EQ(count(), 2);
}

TEST_F(SqliteTest, AGroupHasAnEnd) {
  const auto before = database_->write_statistics();
  std::vector<std::function<void()>> others;
  for (int i = 0; i < 100; ++i) others.push_back([this, i] { EXPECT_TRUE(insert(i)); });
  run_group(others, [] { return true; });
  EXPECT_EQ(count(), 101);
  EXPECT_EQ(database_->write_statistics().commits - before.commits, 2u);
}

/// The disk is full at COMMIT: the log may not grow any more.
TEST_F(SqliteTest, AFailingCommitReachesAllOfTheGroup) {
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  rlimit unlimited{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &unlimited), 0);
  std::atomic<int> errors = 0;
  const auto other = [&](int x) {
    return [&, x] {
      EXPECT_THROW(insert(x), DatabaseError);
      ++errors;
    };
  };
  const auto refused = [&] {
    EXPECT_THROW(database_->write([](Transaction&) -> Result<int> { return base::refuse(base::kNotFound); }),
                 DatabaseError);
    ++errors;
  };
  run_group({other(1), refused, other(2)}, [&] {
    const rlimit full{std::filesystem::file_size(home_.name + "-wal"), unlimited.rlim_max};
    return ::setrlimit(RLIMIT_FSIZE, &full) == 0;
  });
  ::setrlimit(RLIMIT_FSIZE, &unlimited);
  std::signal(SIGXFSZ, previous);
  EXPECT_EQ(errors, 3);
  EXPECT_EQ(leader_committed_, std::nullopt);
  EXPECT_EQ(count(), 0);
  EXPECT_TRUE(insert(1));
  EXPECT_EQ(count(), 1);
}

TEST_F(SqliteTest, ABrokenDeferredKeyFailsItsOwnerOnly) {
  run_group({[&] { EXPECT_TRUE(insert(1)); },
             [&] {
               EXPECT_THROW(database_->write([](Transaction& t) -> Result<int> {
                 t.execute(kInsertChild, {77});
                 return 1;
               }),
                            DatabaseError);
             },
             [&] { EXPECT_TRUE(insert(2)); }},
            [] { return true; });
  EXPECT_EQ(leader_committed_, true);
  EXPECT_EQ(count(), 3);
}

TEST_F(SqliteTest, AnotherProcessThatWritesIsWaitedForButNotForever) {
  DatabaseOptions options;
  options.statement_timeout_ms = 50;
  open(options);
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(home_.name.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  std::vector<std::jthread> writers;
  std::atomic<int> errors = 0;
  for (int i = 0; i < 3; ++i) {
    writers.emplace_back([&, i] {
      try {
        insert(i).value();
      } catch (const DatabaseError&) {
        ++errors;
      }
    });
  }
  writers.clear();
  EXPECT_EQ(errors, 3);
  std::jthread late([&] { EXPECT_TRUE(insert(7)); });
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  ASSERT_EQ(sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr), SQLITE_OK);
  late.join();
  sqlite3_close(other);
  EXPECT_EQ(count(), 1);
}

TEST_F(SqliteTest, AWriterWaitsForItsTurnButNotForever) {
  DatabaseOptions options;
  options.acquire_timeout_ms = 20;
  open(options);
  std::latch gone(1);
  run_group({[&] {
              EXPECT_THROW(insert(1), DatabaseError);
              gone.count_down();
            }},
            [&] {
              gone.wait();
              return true;
            });
  EXPECT_EQ(leader_committed_, true);
  EXPECT_TRUE(insert(2));
  EXPECT_EQ(count(), 2);
}

TEST_F(SqliteTest, WhatWasGivenUpIsNotDoneAndAllElseOnce) {
  DatabaseOptions options;
  options.acquire_timeout_ms = 1;
  open(options);
  std::atomic<int> done = 0, given_up = 0;
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < 8; ++i) {
      writers.emplace_back([&, i] {
        for (int j = 0; j < 100; ++j) {
          try {
            insert(i * 100 + j).value();
            ++done;
          } catch (const DatabaseError&) {
            ++given_up;
          }
        }
      });
    }
  }
  EXPECT_EQ(done + given_up, 800);
  EXPECT_EQ(count(), done);
}

TEST_F(SqliteTest, WhatABodyLogsCarriesTheRequestOfItsOwnWriter) {
  testing::internal::CaptureStderr();
  run_group({[&] {
              const base::log::RequestScope scope("req_other");
              database_->write([](Transaction&) -> Result<void> {
                base::log::error("from a body");
                return {};
              });
            }},
            [] { return true; });
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::HasSubstr("from a body request_id=req_other"));
}

TEST_F(SqliteTest, AGroupThatALaterBodyMakesLateIsUndoneAsAWhole) {
  DatabaseOptions options;
  options.write_limit_ms = 400;
  open(options);
  const std::chrono::milliseconds limit(options.write_limit_ms);
  std::atomic<int> errors = 0;
  const auto slow = [&] {
    try {
      database_->write([&](Transaction& t) -> Result<int> {
        t.execute(kInsert, {1});
        std::this_thread::sleep_for(limit);
        return 1;
      });
    } catch (const DatabaseError&) {
      ++errors;
    }
  };
  run_group({slow}, [] { return true; });
  EXPECT_EQ(leader_committed_, std::nullopt) << "its COMMIT would have come after its time";
  EXPECT_EQ(errors, 1);
  EXPECT_EQ(count(), 0);
  EXPECT_TRUE(insert(2));
}

TEST_F(SqliteTest, NobodyJoinsAGroupThatHasLittleTimeLeft) {
  DatabaseOptions options;
  options.write_limit_ms = 400;
  open(options);
  const auto before = database_->write_statistics();
  run_group({[&] { EXPECT_TRUE(insert(1)); }}, [&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(options.write_limit_ms / 2));
    return true;
  });
  EXPECT_EQ(leader_committed_, true);
  EXPECT_EQ(count(), 2);
  EXPECT_EQ(database_->write_statistics().commits - before.commits, 2u);
}

TEST_F(SqliteTest, AWriteWithinAWriteIsABugThatDoesNotHang) {
  EXPECT_THROW(database_->write([&](Transaction&) -> Result<int> { return insert(1); }), std::logic_error);
  EXPECT_TRUE(insert(1));
}

TEST(SqliteConstraintName, IsTheOneOfPostgresql) {
  EXPECT_EQ(sqlite_constraint_name("UNIQUE constraint failed: users.directory_id, users.email", false),
            "users_directory_id_email_key");
  EXPECT_EQ(sqlite_constraint_name("UNIQUE constraint failed: users.directory_id, users.id", true), "users_pkey");
  EXPECT_EQ(sqlite_constraint_name("UNIQUE constraint failed: index 'users_lower_key'", false), "users_lower_key");
}

}  // namespace
}  // namespace gatehouse::db
