#pragma once

#include "db/foreign.h"
#include "db/grouped_writer.h"
#include "db/pool.h"
#include "db/sqlite_connection.h"

namespace gatehouse::db {

/// A SQLite file: one writer (none for a foreign one) with grouped commits, and a pool of readers that see committed
/// data only.
class SqliteDatabase final : public Database {
 public:
  /// Throws DatabaseError.
  SqliteDatabase(const std::string& path, const DatabaseOptions& options, Ownership ownership = Ownership::ours);
  /// Closes orderly: the log is moved into the file.
  ~SqliteDatabase() override;

  Dialect dialect() const override { return Dialect::sqlite; }
  GroupedWriter::Statistics write_statistics() const { return writer_->statistics(); }

 private:
  void run_write(const std::function<bool(Transaction&)>& body, const std::function<void()>& keep) override;
  void run_read(const std::function<void(Transaction&)>& body) override;
  void back_up_before(int number) override;

  const std::string path_;
  const std::chrono::milliseconds statement_timeout_;
  Pool<SqliteConnection> readers_;
  std::optional<GroupedWriter> writer_;
};

}  // namespace gatehouse::db
