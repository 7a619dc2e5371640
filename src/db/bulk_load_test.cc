#include "db/bulk_load.h"

#include "tests/support/databases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::db {
namespace {

using testing::HasSubstr;

constexpr std::string_view kSchema = R"(
  CREATE TABLE owners (id UUID PRIMARY KEY NOT NULL, label TEXT UNIQUE);
  CREATE TABLE things (id UUID PRIMARY KEY NOT NULL, owner_id UUID NOT NULL REFERENCES owners (id), amount BIGINT,
    flag BOOLEAN, at TIMESTAMPTZ, data BYTEA, body JSONB);
  CREATE INDEX things_amount ON things (amount) WHERE amount IS NOT NULL;
)";
constexpr BulkTable kOwners{"owners", "id, label"};
constexpr BulkTable kThings{"things", "id, owner_id, amount, flag, at, data, body"};
constexpr Statement kCount{"test count", "SELECT COUNT(*) FROM things"};
constexpr Statement kIndexesSqlite{"test indexes (sqlite)",
                                   "SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = 'things_amount'"};
constexpr Statement kIndexesPostgres{"test indexes (postgresql)",
                                     "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() "
                                     "AND indexname = 'things_amount'"};
constexpr Statement kThing{"test thing",
                           "SELECT o.label, t.amount, t.flag, t.at, t.data, t.body FROM things t "
                           "JOIN owners o ON o.id = t.owner_id WHERE t.id = $1"};

class BulkLoadTest : public testing::TestWithParam<Dialect> {
 protected:
  BulkLoadTest() : home_(GetParam()), database_(open_database(home_.url)) {
    support::run_sql(home_.url, std::string(kSchema));
  }

  static base::Uuid id(std::uint8_t number) {
    base::Uuid uuid;
    uuid.bytes[15] = number;
    return uuid;
  }
  std::int64_t count() {
    return database_->read([](Transaction& tx) { return tx.query_one(kCount)->get<std::int64_t>(0); });
  }

  std::vector<std::string> indexes() {
    const Statement& statement = GetParam() == Dialect::sqlite ? kIndexesSqlite : kIndexesPostgres;
    return database_->read([&](Transaction& tx) {
      std::vector<std::string> texts;
      for (const Row& row : tx.query(statement)) texts.push_back(row.get<std::string>(0));
      return texts;
    });
  }

  support::TestDatabase home_;
  std::unique_ptr<Database> database_;
};

INSTANTIATE_TEST_SUITE_P(Both, BulkLoadTest, testing::Values(Dialect::sqlite, Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST_P(BulkLoadTest, EveryTypeArrivesAsAnInsertWouldBringIt) {
  const auto load = open_bulk_load(home_.url);
  const base::Time at{std::chrono::microseconds(1'700'000'000'000'001)};
  load->add(kOwners, {id(1), "Ünï"});
  load->add(kThings, {id(2), id(1), -5, true, at, Bytes{std::string("\0\xff", 2)}, Json{R"({"a":1})"}});
  load->add(kThings, {id(3), id(1), std::optional<std::int64_t>(), std::optional<bool>(), std::optional<base::Time>(),
                      std::optional<Bytes>(), std::optional<Json>()});
  load->commit();
  load->settle();
  const Row full = *database_->read([&](Transaction& tx) { return tx.query_one(kThing, {id(2)}); });
  EXPECT_EQ(full.get<std::string>(0), "Ünï");
  EXPECT_EQ(full.get<std::int64_t>(1), -5);
  EXPECT_TRUE(full.get<bool>(2));
  EXPECT_EQ(full.get<base::Time>(3), at);
  EXPECT_EQ(full.get<Bytes>(4), Bytes{std::string("\0\xff", 2)});
  EXPECT_THAT(full.get<std::string>(5), HasSubstr("\"a\""));
  const Row empty = *database_->read([&](Transaction& tx) { return tx.query_one(kThing, {id(3)}); });
  for (std::size_t column = 1; column < 6; ++column) EXPECT_FALSE(empty.get<std::optional<std::string>>(column));
}

TEST_P(BulkLoadTest, NothingIsThereBeforeCommitAndEveryRowAfterIt) {
  const auto load = open_bulk_load(home_.url);
  load->commit();
  load->add(kOwners, {id(1), "a"});
  for (int number = 2; number < 250; ++number) {
    load->add(kThings, {id(std::uint8_t(number)), id(1), number, false, base::Time{}, Bytes{std::string(9000, 'x')},
                        Json{"{}"}});
  }
  EXPECT_EQ(count(), 0);
  load->commit();
  EXPECT_EQ(count(), 248);
}

TEST_P(BulkLoadTest, ABrokenRowTakesItsBatchAndNothingElse) {
  const auto load = open_bulk_load(home_.url);
  const auto add_thing = [&](std::uint8_t number, std::uint8_t owner) {
    load->add(kThings, {id(number), id(owner), 1, true, base::Time{}, Bytes{}, Json{"{}"}});
  };
  load->add(kOwners, {id(1), "a"});
  load->commit();
  EXPECT_THROW(
      {
        add_thing(2, 1);
        add_thing(3, 77);
        load->commit();
      },
      DatabaseError);
  try {
    load->add(kOwners, {id(4), "a"});
    load->commit();
    ADD_FAILURE() << "the label is taken";
  } catch (const UniqueViolation& violation) {
    EXPECT_EQ(violation.constraint(), "owners_label_key");
  }
  add_thing(5, 1);
  load->commit();
  EXPECT_EQ(count(), 1);
}

TEST(BulkLoadUrlTest, AnUnknownUrlIsRefused) { EXPECT_THROW(open_bulk_load("mysql://x/y"), DatabaseError); }

TEST_P(BulkLoadTest, IndexesThatCheckNothingAreMadeAgainWhenAllIsThere) {
  const auto before = indexes();
  ASSERT_EQ(before.size(), 1U);
  const auto load = open_bulk_load(home_.url);
  EXPECT_TRUE(indexes().empty());
  load->add(kOwners, {id(1), "one"});
  load->commit();
  load->settle();
  EXPECT_EQ(indexes(), before);
}

}  // namespace
}  // namespace gatehouse::db
