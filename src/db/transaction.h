#pragma once

#include "base/ids.h"
#include "db/row.h"

#include <initializer_list>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::db {

/// One SQL text for both databases, `$n` placeholders, named for metrics and error messages. Made as a constant only;
/// its `name` is unique and keys the cache of prepared statements.
struct Statement {
  std::string_view name;
  std::string_view text;
  /// One plan is best whatever the values are; a copy may say so for one run. PostgreSQL then does not plan anew, which
  /// takes longer than to run many a statement; neither for others that come later in the transaction.
  bool has_one_plan = false;
};

struct Query {
  Statement statement;
  std::vector<Value> values;
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
  /// Runs statements none of which depends on another one's rows, in one round trip, and returns the rows of each.
  /// Otherwise as query().
  std::vector<Rows> query_together(std::initializer_list<Query> queries) {
    std::vector<Query> in_force_of_each(queries);
    for (Query& query : in_force_of_each) query.statement = in_force(query.statement);
    return run_queries(in_force_of_each);
  }
  /// Queues a write whose result nobody reads. On PostgreSQL its violation may surface only at the next query or at
  /// COMMIT; no step whose doing depends on its success may follow it. Copies the values.
  void execute(const Statement& statement, std::initializer_list<Value> values = {}) {
    run_execute(in_force(statement), std::span(values.begin(), values.size()));
  }
  /// What the database's listener is told of when this transaction commits. Nothing else is done with it.
  void remember(const base::Uuid& what) { remembered_.push_back(what); }
  const std::vector<base::Uuid>& remembered() const { return remembered_; }

  /// Runs several statements separated by `;`. From then on the transaction has no time limit: for migrations.
  virtual void run_script(const std::string& script) = 0;

 protected:
  virtual Rows run_query(const Statement& statement, std::span<const Value> values) = 0;
  virtual std::vector<Rows> run_queries(std::span<const Query> queries) = 0;
  virtual void run_execute(const Statement& statement, std::span<const Value> values) = 0;

 private:
  /// The statement itself, but in tests of the tests (base/mutation.h).
  static Statement in_force(const Statement& statement);

  std::vector<base::Uuid> remembered_;
};

}  // namespace gatehouse::db
