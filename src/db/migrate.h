#pragma once

#include "db/database.h"

namespace gatehouse::db {

/// One step of the schema. `number` counts from 1 without gaps. `postgresql` or `sqlite` replaces `text` there when it
/// is not empty.
struct Migration {
  int number;
  std::string_view name;
  std::string_view text;
  std::string_view sqlite;
  std::string_view postgresql;
};

struct MigrationState {
  int applied = 0;
  int known = 0;
};

/// How far the schema is. Reads only.
MigrationState migration_state(Database& database, std::span<const Migration> migrations);

/// Brings the schema up to the last migration, each in a transaction of its own, under a lock so that several nodes may
/// start at once. SQLite files that hold data are first copied to "PATH.before-NNNN" (mode 0600). Returns how many were
/// applied. Throws DatabaseError when the database is newer than this program.
int migrate(Database& database, std::span<const Migration> migrations);

}  // namespace gatehouse::db
