#include "db/postgres.h"

#include "tests/support/databases.h"
#include "tests/support/tcp_proxy.h"

#include <atomic>
#include <barrier>
#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

namespace gatehouse::db {
namespace {

using base::Result;
using support::TcpProxy;
using testing::HasSubstr;

constexpr Statement kAdd{"add", "UPDATE counters SET n = n + 1 WHERE name = $1 RETURNING n"};
constexpr Statement kCounter{"counter", "SELECT n FROM counters WHERE name = $1"};
constexpr Statement kUser{"insert user", "INSERT INTO users (email) VALUES ($1)"};
constexpr Statement kUserExists{"user exists", "SELECT COUNT(*) FROM users WHERE email = $1"};
constexpr Statement kDelete{"delete user", "DELETE FROM users WHERE email = $1 RETURNING 1"};
constexpr Statement kAudit{"insert audit", "INSERT INTO audit_entries (organization_id, id, what) VALUES ($1, $2, $3)"};
constexpr Statement kInvitation{
    "insert invitation", "INSERT INTO invitations (user_email) SELECT email FROM users WHERE email = $1 RETURNING 1"};
constexpr Statement kFailOnce{"fail once", "SELECT fail_once($1)"};

class PostgresTest : public testing::Test {
 protected:
  PostgresTest() : home_(Dialect::postgresql) {
    support::run_sql(home_.url, R"(
      CREATE TABLE counters (name TEXT PRIMARY KEY NOT NULL, n BIGINT NOT NULL);
      INSERT INTO counters VALUES ('a', 0), ('b', 0);
      CREATE TABLE users (email TEXT NOT NULL, UNIQUE (email));
      CREATE TABLE audit_entries (
        organization_id UUID NOT NULL, id UUID NOT NULL, what TEXT, PRIMARY KEY (organization_id, id));
      CREATE TABLE invitations (user_email TEXT NOT NULL REFERENCES users (email));
      CREATE SEQUENCE shots;
      CREATE FUNCTION fail_once(state TEXT) RETURNS BIGINT LANGUAGE plpgsql AS $$
        BEGIN
          IF nextval('shots') = 1 THEN RAISE EXCEPTION USING ERRCODE = state, MESSAGE = 'once'; END IF;
          RETURN 1;
        END $$;)");
  }

  std::unique_ptr<Database> open() { return open_database(home_.url); }
  std::unique_ptr<Database> open_through(const TcpProxy& proxy, const DatabaseOptions& options = {}) {
    return open_database(proxy.url(), options);
  }
  std::int64_t value(const Statement& statement, const std::string& key) {
    return open()->read([&](Transaction& t) { return t.query_one(statement, {key})->get<std::int64_t>(0); });
  }

  support::TestDatabase home_;
  const base::Uuid organization_ = base::make_uuid_v7(base::SystemClock().now());
  const base::Uuid audit_ = base::make_uuid_v7(base::SystemClock().now());
};

TEST_F(PostgresTest, BothSidesOfADeadlockSucceed) {
  const auto database = open();
  std::barrier both_hold_one(2);
  std::atomic<int> runs = 0;
  const auto add_to = [&](const char* first, const char* second) {
    bool has_met = false;
    database->write([&](Transaction& t) -> Result<void> {
      ++runs;
      t.query(kAdd, {first});
      if (!has_met) both_hold_one.arrive_and_wait();
      has_met = true;
      t.query(kAdd, {second});
      return {};
    });
  };
  std::jthread other([&] { add_to("b", "a"); });
  add_to("a", "b");
  other.join();
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(value(kCounter, "a"), 2);
  EXPECT_EQ(value(kCounter, "b"), 2);
}

TEST_F(PostgresTest, WhatIsTransientRunsAgain) {
  for (const char* state : {"40001", "40P01", "57P01", "25006"}) {
    support::run_sql(home_.url, "ALTER SEQUENCE shots RESTART; UPDATE counters SET n = 0");
    int runs = 0;
    open()->write([&](Transaction& t) -> Result<void> {
      ++runs;
      t.execute(kAdd, {"a"});
      t.query(kFailOnce, {state});
      return {};
    });
    EXPECT_EQ(runs, 2) << state;
    EXPECT_EQ(value(kCounter, "a"), 1) << state;
  }
}

TEST_F(PostgresTest, WhatIsTransientRunsAgainEvenWhenItSurfacesAtCommitOrIsSwallowed) {
  const auto database = open();
  int runs = 0;
  database->write([&](Transaction& t) -> Result<void> {
    ++runs;
    t.execute(kFailOnce, {"40001"});
    return {};
  });
  EXPECT_EQ(runs, 2);
  support::run_sql(home_.url, "ALTER SEQUENCE shots RESTART");
  const auto outcome = database->write([&](Transaction& t) -> Result<int> {
    ++runs;
    try {
      t.query(kFailOnce, {"40001"});
    } catch (const DatabaseError&) {
      return base::refuse(base::kNotFound);
    }
    return 1;
  });
  EXPECT_EQ(runs, 4);
  EXPECT_EQ(outcome.value(), 1);
}

TEST_F(PostgresTest, WhatIsReferredToMayBeDeletedMeanwhile) {
  const auto database = open();
  support::run_sql(home_.url, "INSERT INTO users (email) VALUES ('ada')");
  std::promise<void> has_deleted;
  std::jthread other([&] {
    database->write([&](Transaction& t) -> Result<void> {
      t.query(kDelete, {"ada"});
      has_deleted.set_value();
      // Long enough for the other one to see the row and to wait for ours.
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      return {};
    });
  });
  has_deleted.get_future().wait();
  int runs = 0;
  const auto outcome = database->write([&](Transaction& t) -> Result<bool> {
    ++runs;
    return t.query_one(kInvitation, {"ada"}).has_value();
  });
  EXPECT_EQ(runs, 2);
  EXPECT_FALSE(outcome.value());
}

TEST_F(PostgresTest, WhatIsNotTransientRunsOnceAndLeavesTheConnectionInOrder) {
  DatabaseOptions options;
  options.connections = 1;
  const auto database = open_database(home_.url, options);
  int runs = 0;
  EXPECT_THROW(database->write([&](Transaction& t) -> Result<int> {
    ++runs;
    t.execute(kAdd, {"a"});
    t.execute(kFailOnce, {"22023"});
    t.execute(kAdd, {"b"});
    t.execute(kUser, {"prepared only after a failure"});
    return 1;
  }),
               SqlError);
  EXPECT_EQ(runs, 1);
  const auto n = database->write([&](Transaction& t) -> Result<std::int64_t> {
    t.execute(kUser, {"someone"});
    return t.query_one(kAdd, {"b"})->get<std::int64_t>(0);
  });
  EXPECT_EQ(*n, 1);
  EXPECT_EQ(value(kCounter, "a"), 0);
}

TEST_F(PostgresTest, AQueuedViolationSurfacesAtCommit) {
  const auto database = open();
  const auto insert = [&] {
    database->write([&](Transaction& t) -> Result<void> {
      t.execute(kUser, {"one"});
      t.execute(kAdd, {"a"});
      return {};
    });
  };
  insert();
  EXPECT_THROW(insert(), UniqueViolation);
  EXPECT_EQ(value(kCounter, "a"), 1);
}

TEST_F(PostgresTest, MuchQueuedInBothDirectionsDoesNotStall) {
  constexpr Statement kLong{"long", "SELECT repeat($1, 100)"};
  const std::string kilobyte(1000, 'x');
  const auto database = open();
  const auto answer = database->write([&](Transaction& t) -> Result<std::int64_t> {
    for (int i = 0; i < 1000; ++i) t.execute(kLong, {kilobyte});
    return t.query_one(kAdd, {"a"})->get<std::int64_t>(0);
  });
  EXPECT_EQ(*answer, 1);
}

TEST_F(PostgresTest, ATypeOutsideThePortableCardNamesTheRemedy) {
  constexpr Statement kNumeric{"numeric", "SELECT SUM(n) FROM counters"};
  try {
    open()->read([&](Transaction& t) { return t.query(kNumeric).size(); });
    FAIL();
  } catch (const DatabaseError& error) {
    EXPECT_THAT(error.what(), HasSubstr("CAST"));
  }
}

TEST_F(PostgresTest, OneStatementServesNullsOfAnyType) {
  constexpr Statement kLabel{"label", "UPDATE audit_entries SET what = $1 WHERE id = $2 RETURNING what"};
  const auto database = open();
  database->write([&](Transaction& t) -> Result<void> {
    t.execute(kAudit, {organization_, audit_, std::nullopt});
    EXPECT_EQ(t.query_one(kLabel, {std::nullopt, audit_})->get<std::optional<std::string>>(0), std::nullopt);
    EXPECT_EQ(t.query_one(kLabel, {"x", audit_})->get<std::string>(0), "x");
    EXPECT_EQ(t.query_one(kLabel, {std::optional<std::string>(), audit_})->get<std::optional<std::string>>(0),
              std::nullopt);
    return {};
  });
}

TEST_F(PostgresTest, RefusesASessionWhoseCommitsAreNotDurable) {
  try {
    open_database(home_.url + "%20-csynchronous_commit%3Doff");
    FAIL();
  } catch (const DatabaseError& error) {
    EXPECT_THAT(error.what(), HasSubstr("synchronous_commit"));
  }
}

TEST_F(PostgresTest, AReadRunsAgainWhenTheServerDroppedTheConnections) {
  const auto database = open();
  const auto read = [&] {
    return database->read([&](Transaction& t) { return t.query_one(kCounter, {"a"})->get<std::int64_t>(0); });
  };
  constexpr Statement kPid{"pid", "SELECT pg_backend_pid()"};
  const auto pid = database->read([&](Transaction& t) { return t.query_one(kPid)->get<std::int64_t>(0); });
  support::run_sql(home_.url, "SELECT pg_terminate_backend(" + std::to_string(pid) + ", 1000)");
  EXPECT_EQ(read(), 0);
  EXPECT_NE(database->read([&](Transaction& t) { return t.query_one(kPid)->get<std::int64_t>(0); }), pid);
}

/// The first COMMIT of a new user kills its server process.
constexpr char kDieAtCommit[] = R"(
    CREATE FUNCTION die() RETURNS TRIGGER LANGUAGE plpgsql AS $$
      BEGIN
        IF nextval('shots') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); END IF;
        RETURN NULL;
      END $$;
    CREATE CONSTRAINT TRIGGER die AFTER INSERT ON users DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION die();
)";

TEST_F(PostgresTest, ACommitThatDiesInTheServerRunsAgain) {
  support::run_sql(home_.url, kDieAtCommit);
  int runs = 0;
  const auto outcome = open()->write([&](Transaction& t) -> Result<int> {
    t.execute(kUser, {"one"});
    t.execute(kAudit, {organization_, audit_, "signed up"});
    return ++runs;
  });
  EXPECT_EQ(*outcome, 2);
  EXPECT_EQ(value(kUserExists, "one"), 1);
}

TEST_F(PostgresTest, ARefusalAfterACommitThatDiedWithWhatItsAuditEntryRefersToStands) {
  support::run_sql(home_.url, kDieAtCommit);
  support::run_sql(home_.url, "ALTER TABLE audit_entries ADD FOREIGN KEY (what) REFERENCES users (email)");
  int runs = 0;
  const auto outcome = open()->write([&](Transaction& t) -> Result<void> {
    if (++runs > 1) return base::refuse(base::kNotFound);
    t.execute(kUser, {"one"});
    t.execute(kAudit, {organization_, audit_, "one"});
    return {};
  });
  EXPECT_FALSE(outcome.has_value());
  EXPECT_EQ(runs, 2);
}

TEST_F(PostgresTest, RerunsEndWithTheTimeOfTheWrite) {
  DatabaseOptions options;
  options.write_limit_ms = 40;
  int runs = 0;
  EXPECT_THROW(open_database(home_.url, options)->write([&](Transaction&) -> Result<int> {
    ++runs;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    throw TransientError("again");
  }),
               TransientError);
  EXPECT_EQ(runs, 1);
}

/// How the rerun of a run that had committed after all ends: each time the first run's outcome must come out.
class PostgresDoubtTest : public PostgresTest {
 protected:
  Result<int> write_with_lost_answer(const std::function<void(Transaction&)>& then) {
    TcpProxy proxy(home_.url);
    const auto database = open_through(proxy, options_);
    int runs = 0;
    const auto outcome = database->write([&](Transaction& t) -> Result<int> {
      if (++runs > 1) std::this_thread::sleep_for(rerun_takes_);
      if (refuses_ && t.query_one(kUserExists, {"one"})->get<std::int64_t>(0) != 0)
        return base::refuse(base::kEmailTaken);
      t.query(kAdd, {"a"});
      then(t);
      if (runs == 1) proxy.lose_next_answer();
      return runs;
    });
    runs_ = runs;
    return outcome;
  }

  DatabaseOptions options_;
  std::chrono::milliseconds rerun_takes_{0};
  bool refuses_ = false;
  int runs_ = 0;
};

TEST_F(PostgresDoubtTest, ConflictOfTheQueuedAuditEntry) {
  const auto outcome = write_with_lost_answer([&](Transaction& t) { t.execute(kAudit, {organization_, audit_, "x"}); });
  EXPECT_EQ(outcome.value(), 1);
  EXPECT_EQ(runs_, 2);
  EXPECT_EQ(value(kCounter, "a"), 1);
}

TEST_F(PostgresDoubtTest, ConflictOfAnotherConstraint) {
  const auto outcome = write_with_lost_answer([&](Transaction& t) {
    t.execute(kUser, {"one"});
    t.query(kCounter, {"a"});
    t.execute(kAudit, {organization_, audit_, "x"});
  });
  EXPECT_EQ(outcome.value(), 1);
  EXPECT_EQ(value(kCounter, "a"), 1);
}

TEST_F(PostgresDoubtTest, ARerunThatIsLateStillFindsWhatTheFirstRunHasDone) {
  options_.write_limit_ms = 500;
  rerun_takes_ = std::chrono::milliseconds(options_.write_limit_ms);
  const auto outcome = write_with_lost_answer([&](Transaction& t) { t.execute(kAudit, {organization_, audit_, "x"}); });
  EXPECT_EQ(outcome.value(), 1);
  EXPECT_EQ(runs_, 2);
  EXPECT_EQ(value(kCounter, "a"), 1);
}

TEST_F(PostgresDoubtTest, RefusalBecauseOfItsOwnRows) {
  refuses_ = true;
  const auto outcome = write_with_lost_answer([&](Transaction& t) {
    t.execute(kUser, {"one"});
    t.execute(kAudit, {organization_, audit_, "x"});
  });
  EXPECT_EQ(outcome.value(), 1);
  EXPECT_EQ(value(kUserExists, "one"), 1);
}

TEST_F(PostgresDoubtTest, ARefusalForAnotherReasonStaysOneWhenTheFirstRunLeftNothing) {
  TcpProxy proxy(home_.url);
  const auto database = open_through(proxy);
  int runs = 0;
  const auto outcome = database->write([&](Transaction& t) -> Result<int> {
    if (t.query_one(kUserExists, {"one"})->get<std::int64_t>(0) != 0) return base::refuse(base::kEmailTaken);
    t.execute(kUser, {"one"});
    t.execute(kAudit, {organization_, audit_, "x"});
    if (++runs == 1) {
      proxy.lose_next_request();
      support::run_sql(home_.url, "INSERT INTO users VALUES ('one')");
    }
    return runs;
  });
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, &base::kEmailTaken);
}

TEST_F(PostgresTest, NobodyWaitsForTheEndOfARead) {
  TcpProxy proxy(home_.url);
  DatabaseOptions options;
  options.connections = 1;
  const auto database = open_through(proxy, options);
  constexpr Statement kPid{"pid", "SELECT pg_backend_pid()"};
  const auto read_pid = [&] {
    return database->read([&](Transaction& t) { return t.query_one(kPid)->get<std::int64_t>(0); });
  };
  const auto pid = read_pid();
  const auto outcome = database->write(
      [&](Transaction& t) -> Result<std::int64_t> { return t.query_one(kAdd, {"a"})->get<std::int64_t>(0); });
  EXPECT_EQ(*outcome, 1);
  EXPECT_EQ(value(kCounter, "a"), 1) << "its own transaction, after that of the read";
  EXPECT_EQ(read_pid(), pid) << "on the same connection";
  database->read([&](Transaction& t) {
    const auto found = t.query_one(kPid);
    proxy.fall_silent();
    return found;
  });
}

}  // namespace
}  // namespace gatehouse::db
