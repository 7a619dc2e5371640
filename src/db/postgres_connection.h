#pragma once

#include "db/foreign.h"

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct pg_conn;
struct pg_result;

namespace gatehouse::db {

/// An error of PostgreSQL with its five-character SQLSTATE (PostgreSQL manual, appendix A). The text names the
/// statement and never holds a value.
class SqlError : public DatabaseError {
 public:
  SqlError(const std::string& text, std::string state) : DatabaseError(text), state_(std::move(state)) {}
  const std::string& state() const { return state_; }

 private:
  std::string state_;
};

/// What may succeed when the whole transaction runs again: a serialization failure or a deadlock.
class TransientError : public DatabaseError {
 public:
  using DatabaseError::DatabaseError;
};

/// A foreign key refused: what a statement saw, another transaction has deleted meanwhile, or has come to refer to. The
/// next run sees it.
class BrokenReference final : public TransientError {
 public:
  using TransientError::TransientError;
};

/// The connection is gone, and with it the transaction, unless its COMMIT had been sent.
class ConnectionLost final : public TransientError {
 public:
  using TransientError::TransientError;
};

/// The values of a statement in libpq's binary form, owned.
struct EncodedValues {
  explicit EncodedValues(std::span<const Value> values);

  /// One letter for each type: a statement prepared for some types can't serve others.
  std::string signature;
  std::vector<unsigned> types;
  std::vector<std::optional<std::string>> values;
};

/// One connection to PostgreSQL in pipeline mode. Statements are queued by send() and answered by receive().
/// Not thread safe. After ConnectionLost it is good for nothing.
class PostgresConnection {
 public:
  /// Connects, sets up the session, and refuses a cluster of ours whose commits are not durable. Throws ConnectionLost
  /// when it can't connect, DatabaseError when it should not.
  PostgresConnection(const std::string& url, const DatabaseOptions& options, Ownership ownership = Ownership::ours);
  ~PostgresConnection();
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  /// Queues a statement. Throws ConnectionLost.
  void send(const Statement& statement, const EncodedValues& values);
  /// True when so much is queued that it should be received before more is sent.
  bool is_full() const;
  bool has_queued() const { return !queue_.empty(); }
  /// Waits for the answers of all that is queued, and returns the rows of each statement. Afterwards the pipeline is
  /// empty and in order, unless the connection was lost. Throws, for the first statement that failed, UniqueViolation,
  /// TransientError, BrokenReference, SqlError; ConnectionLost.
  std::vector<Rows> receive_each();
  /// The same, and returns the rows of the last statement.
  Rows receive();
  /// Sends what is queued, whose answers the next receive takes and passes over. For what can only fail together with
  /// the connection.
  void receive_later();
  /// How long receive() waits for one answer before the connection counts as lost. By default a little longer than the
  /// server's own limit for a statement.
  void limit_answers(std::chrono::milliseconds timeout) { answer_timeout_ = timeout; }
  /// The tag of the last statement that receive() has seen, such as "COMMIT".
  const std::string& last_tag() const { return last_tag_; }
  /// Runs several statements separated by `;` in the open transaction. Nothing may be queued.
  void run_script(const std::string& script);
  /// Runs COPY … FROM STDIN with all of its data. Otherwise as run_script().
  void copy(const std::string& command, std::string_view data);

 private:
  struct ConnectionDeleter {
    void operator()(pg_conn* connection) const;
  };
  struct ResultDeleter {
    void operator()(pg_result* result) const;
  };
  using Result = std::unique_ptr<pg_result, ResultDeleter>;
  struct Queued {
    std::string_view statement;
    /// The entry of prepared_ that this command makes, when it is one that prepares.
    std::string prepares;
    /// It ends what receive_later() has sent.
    bool is_sync = false;
  };
  struct Prepared {
    std::string name;
    std::string text;
  };

  void set_up_session(const DatabaseOptions& options, Ownership ownership);
  const Prepared& prepare(const Statement& statement, const EncodedValues& values);
  /// Runs `step`, which returns the last Result of a simple query, outside the pipeline. Throws when that one failed.
  template <class Step>
  void outside_pipeline(Step step);
  Result next_result();
  void wait_for_socket(bool also_writable, std::chrono::steady_clock::time_point deadline);
  std::exception_ptr receive_one(const Queued& queued, Rows& rows);
  void receive_sync();
  [[noreturn]] void lose(std::string_view why);

  std::unique_ptr<pg_conn, ConnectionDeleter> connection_;
  std::chrono::milliseconds answer_timeout_;
  std::map<std::string, Prepared, std::less<>> prepared_;
  std::size_t prepared_count_ = 0;
  std::deque<Queued> queue_;
  std::size_t queued_bytes_ = 0;
  std::string last_tag_;
};

/// Throws DatabaseError when the URL can't be read as it was meant, with a text that does not hold it.
void check_postgres_url(const std::string& url);

}  // namespace gatehouse::db
