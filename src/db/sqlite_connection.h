#pragma once

#include "db/database.h"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace gatehouse::db {

/// One connection to a SQLite file, set up as the portable card wants it: WAL, synchronous=FULL, foreign keys on,
/// double-quoted strings off, collation "C". Not thread safe.
class SqliteConnection {
 public:
  /// `foreign`: a file of another program, opened read-only and left in the mode that it has.
  enum class Use { write, read, foreign };

  /// Creates the file, readable by its owner only, when it is not there and is ours. Throws DatabaseError.
  SqliteConnection(const std::string& path, Use use, std::chrono::milliseconds statement_timeout);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  /// Runs one statement to its end. `$n` is values[n - 1]; every value must be used.
  /// Throws UniqueViolation, DatabaseError (also when the statement takes longer than the statement timeout).
  Rows run(const Statement& statement, std::span<const Value> values = {});
  /// Runs several statements separated by `;` without a time limit. Throws as run() does.
  void run_script(const std::string& script, std::string_view name);

  /// True when no transaction is open. SQLite ends one by itself after some errors (disk full, out of memory).
  bool in_autocommit() const;
  /// True when a foreign key declared DEFERRED is broken at present.
  bool has_broken_deferred_keys() const;
  /// Moves the log into the file and empties it, as far as nobody else holds it.
  void checkpoint();

 private:
  struct Prepared {
    std::string text;
    sqlite3_stmt* handle = nullptr;
    /// Index in the values for each SQL parameter.
    std::vector<std::size_t> order;
  };

  void open(const std::string& path, Use use);
  void configure(Use use);
  void enter_wal();
  Prepared& prepare(const Statement& statement);
  void bind(const Prepared& prepared, std::span<const Value> values, std::string_view name);
  [[noreturn]] void fail(std::string_view name) const;

  sqlite3* handle_ = nullptr;
  const std::chrono::milliseconds statement_timeout_;
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
  std::map<std::string, Prepared, std::less<>> cache_;
};

/// Makes an empty file that only its owner can read, whatever the umask is. One that exists is left as it is.
/// Throws DatabaseError.
void create_private_file(const std::string& path);

/// The name that both databases give to the constraint behind SQLite's message, which lists the columns.
/// Follows PostgreSQL's makeObjectName(), which shortens names over 63 bytes.
std::string sqlite_constraint_name(std::string_view message, bool is_primary_key);

}  // namespace gatehouse::db
