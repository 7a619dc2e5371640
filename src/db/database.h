#pragma once

#include "base/result.h"
#include "db/row.h"

#include <chrono>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace gatehouse::db {

/// One SQL text for both databases, `$n` placeholders, named for metrics and error messages. Made as a constant only;
/// its `name` is unique and keys the cache of prepared statements.
struct Statement {
  std::string_view name;
  std::string_view text;
};

/// The database is gone, locked or full: nobody's refusal. Caught once, far up, where it becomes a 503 or 500.
class DatabaseError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A write met a unique index. `constraint` is `table_column_column_key` or `table_pkey`, the same on both databases.
class UniqueViolation : public DatabaseError {
 public:
  explicit UniqueViolation(std::string constraint)
      : DatabaseError("unique constraint " + constraint), constraint_(std::move(constraint)) {}
  const std::string& constraint() const { return constraint_; }

 private:
  std::string constraint_;
};

/// The work of one transaction. Belongs to one thread; dead when the body that was given it returns. After a statement
/// failed, nothing more can be done in it, on either database.
class Transaction {
 public:
  virtual ~Transaction() = default;

  /// Runs a statement and waits for its rows. Everything queued before it has then run as well.
  /// Throws UniqueViolation, DatabaseError.
  Rows query(const Statement& statement, std::initializer_list<Value> values = {}) {
    return run_query(in_force(statement), std::span(values.begin(), values.size()));
  }
  /// The first row, when there is one.
  std::optional<Row> query_one(const Statement& statement, std::initializer_list<Value> values = {}) {
    Rows rows = run_query(in_force(statement), std::span(values.begin(), values.size()));
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
  }
  /// Queues a write whose result nobody reads. On PostgreSQL its violation may surface only at the next query or at
  /// COMMIT; no step whose doing depends on its success may follow it. Copies the values.
  void execute(const Statement& statement, std::initializer_list<Value> values = {}) {
    run_execute(in_force(statement), std::span(values.begin(), values.size()));
  }
  /// Runs several statements separated by `;`. From then on the transaction has no time limit: for migrations.
  virtual void run_script(const std::string& script) = 0;

 protected:
  virtual Rows run_query(const Statement& statement, std::span<const Value> values) = 0;
  virtual void run_execute(const Statement& statement, std::span<const Value> values) = 0;

 private:
  /// The statement itself, but in tests of the tests (base/mutation.h).
  static Statement in_force(const Statement& statement);
};

enum class Dialect { sqlite, postgresql };

struct Migration;

/// A pool of connections to one database. Thread safe.
class Database {
 public:
  virtual ~Database() = default;

  /// Runs `body(Transaction&)`, which reads committed data as of its first statement, and returns what it returns.
  template <class Body>
  auto read(Body&& body) {
    std::optional<std::invoke_result_t<Body, Transaction&>> outcome;
    run_read([&](Transaction& transaction) { outcome.emplace(body(transaction)); });
    return std::move(*outcome);
  }

  /// Runs `body(Transaction&)`, which returns a base::Result: a value commits, a refusal rolls back, and either is
  /// returned only when all that it saw is durable (grouped commits, see sqlite.h). READ COMMITTED on PostgreSQL, one
  /// writer at a time on SQLite.
  /// The body may run more than once (serialization failure, deadlock, broken reference, failover), so ids, times and
  /// secrets are made outside it. After a COMMIT of unknown outcome it runs again. When that run does not commit (it
  /// met the first one's rows: a conflict, a refusal), the audit entry decides: if the one that the first run wrote is
  /// there
  /// (`audit_entries_pkey`), the first run had committed and its result is returned. So a body's audit entry must have
  /// an id made outside it. write() must not be called from within a body.
  ///
  /// COMMIT is not asked for later than the write limit after write() was called, whatever the time went into: the wait
  /// for a connection, the body, statements, runs before. DatabaseError then, and nothing was written. How long the
  /// database takes over a COMMIT that it has got in time (SQLite's sync of the file; PostgreSQL's, its deferred
  /// triggers, its replicas) nobody can bound, nor how long the network takes to deliver one; only of that can a write
  /// become visible later.
  /// Throws UniqueViolation (rolled back), DatabaseError.
  template <class Body>
  auto write(Body&& body) {
    std::optional<std::invoke_result_t<Body, Transaction&>> latest;
    std::optional<std::invoke_result_t<Body, Transaction&>> kept;
    run_write(
        [&](Transaction& transaction) {
          latest.emplace(body(transaction));
          return latest->has_value();
        },
        [&] { kept.emplace(std::move(*latest)); });
    return std::move(*kept);
  }

  virtual Dialect dialect() const = 0;

 protected:
  friend int migrate(Database& database, std::span<const Migration> migrations);

  /// True from the body asks for COMMIT, false for ROLLBACK. `keep` makes the outcome of the latest run the one that is
  /// returned; it is called before COMMIT is sent, and not for a rerun which finds that an earlier run had committed.
  virtual void run_write(const std::function<bool(Transaction&)>& body, const std::function<void()>& keep) = 0;
  virtual void run_read(const std::function<void(Transaction&)>& body) = 0;
  /// Copies the database aside before migration `number` changes it, where that is ours to do.
  virtual void back_up_before(int number) = 0;
};

/// The write limit of a program. What must be read after everything that was begun before a time waits longer than
/// this.
inline constexpr std::chrono::milliseconds kWriteLimit{10'000};

struct DatabaseOptions {
  std::size_t connections = 8;
  /// Milliseconds that one statement may take, and that a wait for a connection may take.
  int statement_timeout_ms = 10'000;
  int acquire_timeout_ms = 5'000;
  int write_limit_ms = int(kWriteLimit.count());
};

/// Opens "sqlite:PATH" or "postgresql://…" (any libpq connection URI: several hosts, sslmode). Throws DatabaseError
/// with a text that names what is wrong and never holds a password: unreachable, `fsync` or `synchronous_commit` off.
std::unique_ptr<Database> open_database(const std::string& url, const DatabaseOptions& options = {});

}  // namespace gatehouse::db
