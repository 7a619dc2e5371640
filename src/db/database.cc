#include "db/database.h"

#include "base/mutation.h"
#include "db/foreign.h"
#include "db/postgres.h"
#include "db/sqlite.h"

namespace gatehouse::db {

Statement Transaction::in_force(const Statement& statement) {
  return {statement.name, base::mutated_sql(statement.name, statement.text), statement.has_one_plan};
}

namespace {

std::unique_ptr<Database> open(const std::string& url, const DatabaseOptions& options, Ownership ownership) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (options.connections == 0 || options.statement_timeout_ms <= 0 || options.acquire_timeout_ms <= 0) {
    throw DatabaseError("connections and time limits of the database must be greater than zero");
  }
  if (url.starts_with(kSqlite)) return std::make_unique<SqliteDatabase>(url.substr(kSqlite.size()), options, ownership);
  if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
    return std::make_unique<PostgresDatabase>(url, options, ownership);
  }
  throw DatabaseError("the database URL must begin with sqlite: or postgresql://");
}

}  // namespace

std::unique_ptr<Database> open_database(const std::string& url, const DatabaseOptions& options) {
  return open(url, options, Ownership::ours);
}

std::unique_ptr<Database> open_foreign_database(const std::string& url, const DatabaseOptions& options) {
  return open(url, options, Ownership::foreign);
}

}  // namespace gatehouse::db
