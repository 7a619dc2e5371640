#include "db/database.h"

#include "tests/support/databases.h"

#include <atomic>
#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

namespace gatehouse::db {
namespace {

using base::Result;
using std::chrono::microseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct NoteKind {
  static constexpr std::string_view kPrefix = "not";
};
using NoteId = base::Id<NoteKind>;

constexpr std::string_view kSchema = R"(
  CREATE TABLE notes (
    id UUID PRIMARY KEY NOT NULL, label TEXT, amount BIGINT, flag BOOLEAN, at TIMESTAMPTZ, data BYTEA, body JSONB);
  CREATE TABLE counters (name TEXT PRIMARY KEY NOT NULL, n BIGINT NOT NULL CHECK (n < 1000000));
  CREATE TABLE seats (
    room TEXT NOT NULL, place TEXT NOT NULL, holder TEXT, taken BOOLEAN NOT NULL,
    PRIMARY KEY (room, place), UNIQUE (room, holder));
  CREATE UNIQUE INDEX seats_holder_place_key ON seats (holder, place) WHERE taken = TRUE;
  INSERT INTO counters (name, n) VALUES ('a', 0), ('b', 0);
)";

constexpr Statement kInsertNote{
    "insert note", "INSERT INTO notes (id, label, amount, flag, at, data, body) VALUES ($1, $2, $3, $4, $5, $6, $7)"};
constexpr Statement kReadNote{"read note", "SELECT id, label, amount, flag, at, data, body FROM notes WHERE id = $1"};
constexpr Statement kAdd{"add", "UPDATE counters SET n = n + $2 WHERE name = $1 RETURNING n"};
constexpr Statement kCounter{"counter", "SELECT n FROM counters WHERE name = $1"};
constexpr Statement kNewCounter{"new counter", "INSERT INTO counters (name, n) VALUES ($1, $2)"};
constexpr Statement kTake{"take seat", "INSERT INTO seats (room, place, holder, taken) VALUES ($1, $2, $3, $4)"};
constexpr Statement kBadTable{"bad table", "SELECT n FROM nowhere"};

struct Note {
  NoteId id;
  std::string label;
  std::int64_t amount;
  bool flag;
  base::Time at;
  Bytes data;
  Json body;
};

NoteId new_note_id() { return NoteId::make(base::SystemClock().now()); }

class DatabaseTest : public testing::TestWithParam<Dialect> {
 protected:
  DatabaseTest() : home_(GetParam()), database_(open_database(home_.url)) {
    support::run_sql(home_.url, std::string(kSchema));
  }

  void reopen(const DatabaseOptions& options) {
    database_.reset();
    database_ = open_database(home_.url, options);
  }
  std::int64_t counter(std::string_view name) {
    return database_->read([&](Transaction& t) { return t.query_one(kCounter, {name})->get<std::int64_t>(0); });
  }
  Result<std::int64_t> add(std::string_view name, std::int64_t amount) {
    return database_->write([&](Transaction& t) -> Result<std::int64_t> {
      return t.query_one(kAdd, {name, amount})->get<std::int64_t>(0);
    });
  }
  std::string violated(const Statement& statement, std::initializer_list<Value> values) {
    try {
      database_->write([&](Transaction& t) -> Result<void> {
        t.execute(statement, values);
        return {};
      });
    } catch (const UniqueViolation& violation) {
      return violation.constraint();
    }
    return "none";
  }

  support::TestDatabase home_;
  std::unique_ptr<Database> database_;
};

INSTANTIATE_TEST_SUITE_P(Both, DatabaseTest, testing::Values(Dialect::sqlite, Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST_P(DatabaseTest, KeepsEveryType) {
  const Note note{new_note_id(),
                  "käse \"x\" '); --",
                  std::numeric_limits<std::int64_t>::min(),
                  true,
                  base::Time(microseconds(1'795'000'000'123'456)),
                  Bytes{std::string("\0\xff\1", 3)},
                  Json{R"({"a":[1]})"}};
  database_->write([&](Transaction& t) -> Result<void> {
    t.execute(kInsertNote, {note.id, note.label, note.amount, note.flag, note.at, note.data, note.body});
    return {};
  });
  const Note found = database_->read([&](Transaction& t) {
    return t.query_one(kReadNote, {note.id})
        ->as<Note, NoteId, std::string, std::int64_t, bool, base::Time, Bytes, Json>();
  });
  EXPECT_EQ(found.id, note.id);
  EXPECT_EQ(found.id.to_string(), note.id.to_string());
  EXPECT_EQ(found.label, note.label);
  EXPECT_EQ(found.amount, note.amount);
  EXPECT_EQ(found.flag, note.flag);
  EXPECT_EQ(found.at, note.at);
  EXPECT_EQ(found.data, note.data);
  std::string body = found.body.text;
  std::erase(body, ' ');
  EXPECT_EQ(body, note.body.text);
}

TEST_P(DatabaseTest, KeepsEdgesOfTypes) {
  const auto id = new_note_id();
  const base::Time before_1970(microseconds(-1));
  database_->write([&](Transaction& t) -> Result<void> {
    t.execute(kInsertNote, {id, std::string_view(), -1, false, before_1970, Bytes{}, Json{"[]"}});
    return {};
  });
  const Row row = database_->read([&](Transaction& t) { return *t.query_one(kReadNote, {id}); });
  EXPECT_EQ(row.get<std::optional<std::string>>(1), "");
  EXPECT_EQ(row.get<std::int64_t>(2), -1);
  EXPECT_EQ(row.get<bool>(3), false);
  EXPECT_EQ(row.get<base::Time>(4), before_1970);
  EXPECT_EQ(row.get<std::optional<Bytes>>(5), Bytes{});
  EXPECT_EQ(row.get<Json>(6).text, "[]");
}

TEST_P(DatabaseTest, TakesOneStatementWithAndWithoutNulls) {
  const auto without = new_note_id(), with = new_note_id(), plain = new_note_id();
  const auto insert = [&](Transaction& t, const NoteId& id, const std::optional<std::string>& label,
                          const std::optional<base::Time>& at, const std::optional<Json>& body) {
    t.execute(kInsertNote,
              {id, label, std::optional<std::int64_t>(), std::optional<bool>(), at, std::optional<Bytes>(), body});
  };
  database_->write([&](Transaction& t) -> Result<void> {
    insert(t, without, std::nullopt, std::nullopt, std::nullopt);
    insert(t, with, "text", base::Time(microseconds(5)), Json{"{}"});
    t.execute(kInsertNote, {plain, std::nullopt, 1, std::nullopt, std::nullopt, Bytes{"x"}, std::nullopt});
    t.execute(kInsertNote, {new_note_id(), "y", std::nullopt, true, std::nullopt, std::nullopt, Json{"[]"}});
    return {};
  });
  database_->read([&](Transaction& t) {
    const Row nulls = *t.query_one(kReadNote, {without});
    EXPECT_EQ(nulls.get<std::optional<std::string>>(1), std::nullopt);
    EXPECT_EQ(nulls.get<std::optional<std::int64_t>>(2), std::nullopt);
    EXPECT_EQ(nulls.get<std::optional<bool>>(3), std::nullopt);
    EXPECT_EQ(nulls.get<std::optional<base::Time>>(4), std::nullopt);
    EXPECT_THROW(nulls.get<std::string>(1), ColumnError);
    EXPECT_THROW(nulls.get<std::int64_t>(2), ColumnError);
    const Row values = *t.query_one(kReadNote, {with});
    EXPECT_EQ(values.get<std::string>(1), "text");
    EXPECT_EQ(values.get<base::Time>(4), base::Time(microseconds(5)));
    EXPECT_THROW(values.get<std::int64_t>(1), ColumnError);
    EXPECT_THROW(values.get<std::string>(4), ColumnError);
    EXPECT_THROW(values.get<NoteId>(1), ColumnError);
    EXPECT_EQ(t.query_one(kReadNote, {plain})->get<std::optional<Bytes>>(5), Bytes{"x"});
    return 0;
  });
}

TEST_P(DatabaseTest, AnEmptyOptionalStillHasItsType) {
  constexpr Statement kFiltered{"filtered", "SELECT COUNT(*) FROM counters WHERE $1 IS NULL OR name = $1"};
  database_->read([&](Transaction& t) {
    EXPECT_EQ(t.query_one(kFiltered, {std::optional<std::string>()})->get<std::int64_t>(0), 2);
    EXPECT_EQ(t.query_one(kFiltered, {std::optional<std::string>("a")})->get<std::int64_t>(0), 1);
    return 0;
  });
}

TEST_P(DatabaseTest, BindsByNumberNotByAppearance) {
  constexpr Statement kMixed{"mixed", "SELECT CAST($3 AS TEXT), CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($1 AS TEXT)"};
  const Row row = database_->read([&](Transaction& t) { return *t.query_one(kMixed, {"one", "two", "three"}); });
  EXPECT_EQ(
      (std::vector{row.get<std::string>(0), row.get<std::string>(1), row.get<std::string>(2), row.get<std::string>(3)}),
      (std::vector<std::string>{"three", "one", "two", "one"}));
}

TEST_P(DatabaseTest, SortsTextByBytes) {
  constexpr Statement kSorted{"sorted", "SELECT name FROM counters ORDER BY name COLLATE \"C\""};
  database_->write([&](Transaction& t) -> Result<void> {
    for (const char* name : {"B", "ä", "Z", "_"}) t.execute(kNewCounter, {name, 0});
    return {};
  });
  const Rows rows = database_->read([&](Transaction& t) { return t.query(kSorted); });
  std::vector<std::string> names;
  for (const Row& row : rows) names.push_back(row.get<std::string>(0));
  EXPECT_THAT(names, ElementsAre("B", "Z", "_", "a", "b", "ä"));
}

TEST_P(DatabaseTest, RefusesWhatThePortableCardForbids) {
  constexpr Statement kColons{"colons", "SELECT $1::text"};
  constexpr Statement kQuoted{"quoted", "SELECT \"no such column\" FROM counters"};
  constexpr Statement kTwo{"two", "SELECT 1; SELECT 2"};
  constexpr Statement kOne{"one", "SELECT n FROM counters WHERE name = $1"};
  const auto run = [&](const Statement& statement, auto... values) {
    database_->read([&](Transaction& t) { return t.query(statement, {values...}).size(); });
  };
  if (GetParam() == Dialect::sqlite) {
    EXPECT_THROW(run(kColons, "x"), DatabaseError);
  }
  EXPECT_THROW(run(kQuoted), DatabaseError);
  EXPECT_THROW(run(kTwo), DatabaseError);
  EXPECT_THROW(run(kOne), DatabaseError);
  EXPECT_THROW(run(kOne, "a", "b"), DatabaseError);
  EXPECT_NO_THROW(run(kOne, "a"));
}

TEST_P(DatabaseTest, TwoStatementsOfOneNameAreRefused) {
  constexpr Statement kFirst{"same", "SELECT 1"}, kSecond{"same", "SELECT 2"};
  EXPECT_THROW(database_->read([&](Transaction& t) { return t.query(kFirst).size() + t.query(kSecond).size(); }),
               DatabaseError);
}

TEST_P(DatabaseTest, AReadCannotWrite) {
  EXPECT_THROW(database_->read([&](Transaction& t) { return t.query(kAdd, {"a", 1}).size(); }), DatabaseError);
  EXPECT_EQ(counter("a"), 0);
}

TEST_P(DatabaseTest, AValueCommits) {
  EXPECT_EQ(*add("a", 3), 3);
  EXPECT_EQ(counter("a"), 3);
}

TEST_P(DatabaseTest, ARefusalRollsBack) {
  const auto outcome = database_->write([&](Transaction& t) -> Result<int> {
    t.query(kAdd, {"a", 5});
    t.execute(kAdd, {"b", 5});
    return base::refuse(base::kLastOwner);
  });
  EXPECT_EQ(outcome.error().code, &base::kLastOwner);
  EXPECT_EQ(counter("a"), 0);
  EXPECT_EQ(counter("b"), 0);
}

TEST_P(DatabaseTest, AnExceptionRollsBackAndComesOut) {
  EXPECT_THROW(database_->write([&](Transaction& t) -> Result<int> {
    t.execute(kAdd, {"a", 5});
    throw std::out_of_range("mine");
  }),
               std::out_of_range);
  EXPECT_EQ(counter("a"), 0);
  EXPECT_EQ(*add("a", 1), 1);
}

TEST_P(DatabaseTest, UniqueViolationsHaveTheSameNamesOnBoth) {
  EXPECT_EQ(violated(kNewCounter, {"a", 1}), "counters_pkey");
  EXPECT_EQ(violated(kTake, {"r", "1", "me", true}), "none");
  EXPECT_EQ(violated(kTake, {"r", "1", "you", true}), "seats_pkey");
  EXPECT_EQ(violated(kTake, {"r", "2", "me", true}), "seats_room_holder_key");
  EXPECT_EQ(violated(kTake, {"s", "1", "me", true}), "seats_holder_place_key");
  EXPECT_EQ(violated(kTake, {"s", "1", "me", false}), "none");
}

TEST_P(DatabaseTest, LongConstraintNamesAreShortenedTheSameOnBoth) {
  support::run_sql(
      home_.url,
      "CREATE TABLE a_table_whose_name_is_really_quite_long (a_first_column_with_a_long_name TEXT NOT NULL,"
      " another_column TEXT NOT NULL, UNIQUE (a_first_column_with_a_long_name, another_column))");
  constexpr Statement kInsert{"insert long", "INSERT INTO a_table_whose_name_is_really_quite_long VALUES ($1, $1)"};
  EXPECT_EQ(violated(kInsert, {"x"}), "none");
  EXPECT_EQ(violated(kInsert, {"x"}), "a_table_whose_name_is_really__a_first_column_with_a_long_na_key");
}

TEST_P(DatabaseTest, OtherBrokenConstraintsAreDatabaseErrorsWithoutValues) {
  try {
    violated(kNewCounter, {"hidden-value", 2'000'000});
    FAIL();
  } catch (const DatabaseError& error) {
    EXPECT_THAT(error.what(), HasSubstr("new counter"));
    EXPECT_THAT(error.what(), Not(HasSubstr("hidden-value")));
  }
}

TEST_P(DatabaseTest, NothingFollowsAFailedStatement) {
  const auto outcome = database_->write([&](Transaction& t) -> Result<int> {
    EXPECT_THROW(t.query(kBadTable), DatabaseError);
    EXPECT_THROW(t.query(kAdd, {"a", 1}), DatabaseError);
    return base::refuse(base::kNotFound);
  });
  EXPECT_EQ(outcome.error().code, &base::kNotFound);
  EXPECT_THROW(database_->write([&](Transaction& t) -> Result<int> {
    t.execute(kAdd, {"a", 1});
    EXPECT_THROW(t.query(kBadTable), DatabaseError);
    return 1;
  }),
               DatabaseError);
  EXPECT_EQ(counter("a"), 0);
  EXPECT_EQ(*add("a", 1), 1);
}

TEST_P(DatabaseTest, AQueryComesAfterAllThatWasQueued) {
  const auto outcome = database_->write([&](Transaction& t) -> Result<std::int64_t> {
    for (int i = 0; i < 500; ++i) t.execute(kAdd, {"a", 1});
    return t.query_one(kCounter, {"a"})->get<std::int64_t>(0);
  });
  EXPECT_EQ(*outcome, 500);
}

TEST_P(DatabaseTest, StatementsThatRunTogetherGiveTheirOwnRows) {
  const auto outcome = database_->write([&](Transaction& t) -> Result<std::vector<Rows>> {
    t.execute(kAdd, {"a", 3});
    t.execute(kAdd, {"b", 4});
    return t.query_together({{kCounter, {"a"}}, {kCounter, {"nobody"}}, {kCounter, {"b"}}});
  });
  ASSERT_EQ(outcome->size(), 3);
  EXPECT_EQ((*outcome)[0].at(0).get<std::int64_t>(0), 3);
  EXPECT_TRUE((*outcome)[1].empty());
  EXPECT_EQ((*outcome)[2].at(0).get<std::int64_t>(0), 4);
  EXPECT_THROW(database_->read([&](Transaction& t) {
    return t.query_together({{kCounter, {"a"}}, {kBadTable, {}}});
  }),
               DatabaseError);
  EXPECT_EQ(counter("a"), 3);
}

TEST_P(DatabaseTest, ReadersSeeCommittedDataOnly) {
  database_->write([&](Transaction& t) -> Result<void> {
    t.query(kAdd, {"a", 1});
    EXPECT_EQ(std::async(std::launch::async, [&] { return counter("a"); }).get(), 0);
    return {};
  });
  EXPECT_EQ(counter("a"), 1);
}

TEST_P(DatabaseTest, ConcurrentIncrementsAreNotLost) {
  std::vector<std::jthread> threads;
  std::atomic<int> failures = 0;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 100; ++round) {
        if (!add("a", 1)) ++failures;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(counter("a"), 1600);
}

TEST_P(DatabaseTest, AStatementThatTakesTooLongIsStopped) {
  DatabaseOptions options;
  options.statement_timeout_ms = 60;
  reopen(options);
  constexpr Statement kEndless{
      "endless", "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"};
  EXPECT_THROW(database_->read([&](Transaction& t) { return t.query(kEndless).size(); }), DatabaseError);
  EXPECT_THROW(database_->write([&](Transaction& t) -> Result<int> { return int(t.query(kEndless).size()); }),
               DatabaseError);
  EXPECT_EQ(*add("a", 1), 1);
}

TEST_P(DatabaseTest, ALeaseThatDoesNotComeIsAnError) {
  DatabaseOptions options;
  options.connections = 1;
  options.acquire_timeout_ms = 20;
  reopen(options);
  database_->read([&](Transaction& t) {
    EXPECT_THROW(std::async(std::launch::async, [&] { return counter("a"); }).get(), DatabaseError);
    return t.query(kCounter, {"a"}).size();
  });
  EXPECT_EQ(counter("a"), 0);
}

TEST_P(DatabaseTest, AScriptIsPartOfItsTransaction) {
  EXPECT_FALSE(database_->write([&](Transaction& t) -> Result<int> {
    t.execute(kAdd, {"a", 1});
    t.run_script("UPDATE counters SET n = n + 10; CREATE TABLE later (x BIGINT);");
    EXPECT_EQ(t.query_one(kCounter, {"a"})->get<std::int64_t>(0), 11);
    return base::refuse(base::kNotFound);
  }));
  EXPECT_EQ(counter("a"), 0);
}

TEST(OpenDatabase, NamesWhatIsWrongWithTheUrlButNeverThePassword) {
  for (const std::string url : {"mysql://u:geheim@h/d", "sqlite:", "sqlite:/no/such/folder/x.db", "sqlite::memory:",
                                "postgresql://u:geheim@127.0.0.1:1/d", "postgresql://u:geheim@[::1/d",
                                "postgresql://u:ge@geheim@127.0.0.1:1/d", "postgresql://u:ge/geheim@127.0.0.1:1/d",
                                "postgresql://u:geheim?x@127.0.0.1:1/d", "postgresql://u:geheim%zz@127.0.0.1:1/d"}) {
    try {
      open_database(url);
      FAIL() << url;
    } catch (const DatabaseError& error) {
      EXPECT_THAT(error.what(), Not(HasSubstr("geheim")));
      EXPECT_GT(std::string_view(error.what()).size(), 20u);
    }
  }
}

}  // namespace
}  // namespace gatehouse::db
