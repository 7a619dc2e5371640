#pragma once

#include "db/database.h"

#include <string>

namespace gatehouse::support {

/// A fresh, empty database for one test, gone with its end: a SQLite file in a directory of its own, or a schema
/// with a random name in the database of GATEHOUSE_TEST_POSTGRESQL_URL (a schema is made and dropped in milliseconds, a
/// database with fsync on is not). What works on it must be closed before it goes.
/// Throws std::runtime_error when that is not set: a test without its database has failed, it was not skipped.
struct TestDatabase {
  explicit TestDatabase(db::Dialect dialect);
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  /// For db::open_database().
  std::string url;
  /// The SQLite file, or the name of the PostgreSQL schema.
  std::string name;
};

/// Runs SQL on a connection of its own, past Gatehouse's pool and transactions. Throws std::runtime_error.
void run_sql(const std::string& url, const std::string& sql);

/// For the names of parameterized tests: "sqlite", "postgresql".
std::string dialect_name(db::Dialect dialect);

}  // namespace gatehouse::support
