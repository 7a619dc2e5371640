#include "db/migrate.h"

#include "tests/support/databases.h"

#include <array>
#include <filesystem>
#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace gatehouse::db {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::array kMigrations{
    Migration{1, "first", "CREATE TABLE t (x BIGINT); INSERT INTO t VALUES (1);", "", ""},
    Migration{2, "second", "INSERT INTO t VALUES (2); -- with a comment; and a semicolon\nINSERT INTO t VALUES (3)", "",
              ""},
    Migration{3, "third", "", "INSERT INTO t VALUES (10)", "INSERT INTO t VALUES (CAST('10' AS BIGINT))"},
};
constexpr Statement kSum{"sum", "SELECT CAST(SUM(x) AS BIGINT) FROM t"};

class MigrateTest : public testing::TestWithParam<Dialect> {
 protected:
  MigrateTest() : home_(GetParam()), database_(open_database(home_.url)) {}

  std::int64_t sum() {
    return database_->read([](Transaction& t) { return t.query_one(kSum)->get<std::int64_t>(0); });
  }
  std::span<const Migration> first(std::size_t count) { return std::span(kMigrations).first(count); }

  support::TestDatabase home_;
  std::unique_ptr<Database> database_;
};

INSTANTIATE_TEST_SUITE_P(Both, MigrateTest, testing::Values(Dialect::sqlite, Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST_P(MigrateTest, BringsAFreshDatabaseUpOnce) {
  EXPECT_EQ(migration_state(*database_, kMigrations).applied, 0);
  EXPECT_EQ(migrate(*database_, kMigrations), 3);
  EXPECT_EQ(migration_state(*database_, kMigrations).applied, 3);
  EXPECT_EQ(migration_state(*database_, kMigrations).known, 3);
  EXPECT_EQ(sum(), 16);
  EXPECT_EQ(migrate(*database_, kMigrations), 0);
  EXPECT_EQ(sum(), 16);
}

TEST_P(MigrateTest, AppliesOnlyWhatIsMissing) {
  EXPECT_EQ(migrate(*database_, first(1)), 1);
  EXPECT_EQ(migrate(*database_, first(3)), 2);
  EXPECT_EQ(sum(), 16);
}

TEST_P(MigrateTest, SeveralNodesMayStartAtOnce) {
  std::vector<std::future<int>> nodes;
  for (int i = 0; i < 4; ++i) {
    nodes.push_back(std::async(std::launch::async, [&] { return migrate(*open_database(home_.url), kMigrations); }));
  }
  int applied = 0;
  for (auto& node : nodes) applied += node.get();
  EXPECT_EQ(applied, 3);
  EXPECT_EQ(sum(), 16);
}

TEST_P(MigrateTest, ANewerDatabaseIsRefusedAndLeftAlone) {
  migrate(*database_, kMigrations);
  try {
    migrate(*database_, first(2));
    FAIL();
  } catch (const DatabaseError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("3"), HasSubstr("2")));
  }
  EXPECT_EQ(sum(), 16);
}

TEST_P(MigrateTest, AFailingMigrationLeavesNothing) {
  const std::array broken{kMigrations[0],
                          Migration{2, "broken", "INSERT INTO t VALUES (2); INSERT INTO nowhere VALUES (1)", "", ""}};
  EXPECT_THROW(migrate(*database_, broken), DatabaseError);
  EXPECT_EQ(migration_state(*database_, broken).applied, 1);
  EXPECT_EQ(sum(), 1);
  EXPECT_EQ(migrate(*database_, kMigrations), 2);
}

TEST_P(MigrateTest, NumbersWithoutGapsAreAskedFor) {
  const std::array gap{kMigrations[0], kMigrations[2]};
  EXPECT_THROW(migrate(*database_, gap), std::logic_error);
}

TEST(MigrateSqlite, BacksUpAFileWithDataBeforeItChangesIt) {
  const support::TestDatabase home(Dialect::sqlite);
  const auto database = open_database(home.url);
  const mode_t before = ::umask(0);
  migrate(*database, std::span(kMigrations).first(2));
  EXPECT_FALSE(std::filesystem::exists(home.name + ".before-0001"));
  const std::array broken{kMigrations[0], kMigrations[1],
                          Migration{3, "broken", "INSERT INTO nowhere VALUES (1)", "", ""}};
  EXPECT_THROW(migrate(*database, broken), DatabaseError);
  migrate(*database, kMigrations);
  ::umask(before);

  const std::string backup = home.name + ".before-0003";
  struct stat status {};
  ASSERT_EQ(::stat(backup.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const auto copy = open_database("sqlite:" + backup);
  EXPECT_EQ(migration_state(*copy, kMigrations).applied, 2);
  EXPECT_EQ(copy->read([](Transaction& t) { return t.query_one(kSum)->get<std::int64_t>(0); }), 6);
}

}  // namespace
}  // namespace gatehouse::db
