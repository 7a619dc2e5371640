#pragma once

#include "base/result.h"
#include "db/transaction.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gatehouse::db {

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
  /// there (`audit_entries_pkey`), the first run had committed and its result is returned. So a body's audit entry must
  /// have an id made outside it. It may run on another thread, so no lock may be held over write(), which must not be
  /// called from within a body.
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
    Telling telling(listener_);
    run_write(
        [&](Transaction& transaction) {
          latest.emplace(body(transaction));
          telling.add(transaction.remembered());
          return latest->has_value();
        },
        [&] { kept.emplace(std::move(*latest)); });
    return std::move(*kept);
  }

  using Listener = std::function<void(std::span<const base::Uuid>)>;
  /// Calls `listener` with what the transactions of a write() remembered, before that returns or throws, whether it is
  /// known that they committed or not. It must not throw. To be set before anybody else uses the database.
  void listen(Listener listener) { listener_ = std::move(listener); }

  virtual Dialect dialect() const = 0;

 protected:
  friend int migrate(Database& database, std::span<const Migration> migrations);

  /// True from the body asks for COMMIT, false for ROLLBACK. `keep` makes the outcome of the latest run the one that is
  /// returned; it is called before COMMIT is sent, and not for a rerun which finds that an earlier run had committed.
  virtual void run_write(const std::function<bool(Transaction&)>& body, const std::function<void()>& keep) = 0;
  virtual void run_read(const std::function<void(Transaction&)>& body) = 0;
  /// Copies the database aside before migration `number` changes it, where that is ours to do.
  virtual void back_up_before(int number) = 0;

 private:
  /// Tells the listener when it ends.
  class Telling {
   public:
    explicit Telling(const Listener& listener) : listener_(listener) {}
    ~Telling() {
      if (listener_ && !remembered_.empty()) listener_(remembered_);
    }
    Telling(const Telling&) = delete;
    Telling& operator=(const Telling&) = delete;
    void add(const std::vector<base::Uuid>& more) { remembered_.insert(remembered_.end(), more.begin(), more.end()); }

   private:
    const Listener& listener_;
    std::vector<base::Uuid> remembered_;
  };

  Listener listener_;
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
