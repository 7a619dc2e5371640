#pragma once

#include "db/sqlite_connection.h"

namespace gatehouse::db {

/// A transaction of SQLite as its body sees it. Whoever makes one has begun it and ends it.
class SqliteTransaction final : public Transaction {
 public:
  explicit SqliteTransaction(SqliteConnection& connection) : connection_(connection) {}

  void run_script(const std::string& script) override {
    ran_script_ = true;
    guarded([&] { connection_.run_script(script, "script"); });
  }
  bool ran_script() const { return ran_script_; }
  /// Throws DatabaseError when a statement has failed: committing what is left would be half a change.
  void require_whole() const {
    if (failed_) throw DatabaseError("an earlier statement of this transaction has failed");
  }

 protected:
  Rows run_query(const Statement& statement, std::span<const Value> values) override {
    Rows rows;
    guarded([&] { rows = connection_.run(statement, values); });
    return rows;
  }
  std::vector<Rows> run_queries(std::span<const Query> queries) override {
    std::vector<Rows> rows;
    for (const Query& query : queries) rows.push_back(run_query(query.statement, query.values));
    return rows;
  }
  void run_execute(const Statement& statement, std::span<const Value> values) override {
    guarded([&] { connection_.run(statement, values); });
  }

 private:
  /// SQLite would go on after most errors, and after some it has ended the transaction and would autocommit what
  /// follows.
  template <class Work>
  void guarded(Work work) {
    require_whole();
    failed_ = true;
    work();
    failed_ = false;
  }

  SqliteConnection& connection_;
  bool failed_ = false;
  bool ran_script_ = false;
};

}  // namespace gatehouse::db
