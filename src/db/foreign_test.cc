#include "db/foreign.h"

#include "tests/support/databases.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::db {
namespace {

using testing::HasSubstr;

constexpr Statement kCount{"test count", "SELECT COUNT(*) FROM \"user\""};
constexpr Statement kAdd{"test add", "INSERT INTO \"user\" (id) VALUES (3)"};

class ForeignDatabaseTest : public testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    const auto owner = open_database(home_.url);
    const auto made = owner->write([](Transaction& tx) -> base::Result<void> {
      tx.run_script("CREATE TABLE \"user\" (id BIGINT); INSERT INTO \"user\" (id) VALUES (1), (2)");
      return {};
    });
    ASSERT_TRUE(made);
  }

  support::TestDatabase home_{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Both, ForeignDatabaseTest, testing::Values(Dialect::sqlite, Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

std::int64_t count(Database& database) {
  return database.read([](Transaction& tx) { return tx.query_one(kCount)->get<std::int64_t>(0); });
}

TEST_P(ForeignDatabaseTest, IsReadAndNeverWritten) {
  const auto foreign = open_foreign_database(home_.url);
  EXPECT_EQ(count(*foreign), 2);
  EXPECT_THROW(foreign->write([](Transaction& tx) -> base::Result<void> {
    tx.execute(kAdd);
    return {};
  }),
               DatabaseError);
  EXPECT_THROW(foreign->read([](Transaction& tx) { return tx.query(kAdd); }), DatabaseError);
  EXPECT_EQ(count(*foreign), 2);
}

TEST(ForeignSqliteTest, AFileIsNeitherMadeNorChanged) {
  const support::TestDatabase home(Dialect::sqlite);
  const std::string path = home.url.substr(std::string_view("sqlite:").size());
  EXPECT_THROW(open_foreign_database(home.url), DatabaseError);
  EXPECT_FALSE(std::filesystem::exists(path));
  std::ofstream(path) << "no database at all, but long enough to look at";
  const auto foreign = [&] { return count(*open_foreign_database(home.url)); };
  EXPECT_THROW(foreign(), DatabaseError);
}

// Ours must be durable; another program's need not be, since we only look at it.
TEST(ForeignPostgresqlTest, NothingIsAskedOfItsDurability) {
  const support::TestDatabase home(Dialect::postgresql);
  const std::string url = home.url + "%20-csynchronous_commit%3Doff";
  EXPECT_THROW(open_database(url), DatabaseError);
  EXPECT_NO_THROW(open_foreign_database(url));
}

}  // namespace
}  // namespace gatehouse::db
