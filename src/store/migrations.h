#pragma once

#include "db/migrate.h"
#include "store/ids.h"

#include <span>

namespace gatehouse::store {

/// The steps of the schema, oldest first: the files of store/migrations.
std::span<const db::Migration> migrations();

/// Writes the rows that every database has: the shared directory and the platform directory. May run at any time.
void ensure_directories(db::Database& database, base::Time now);

/// Fills in what SQL can't, in rows from before its column was there, or of an older program on the same database:
/// folded names of organizations. In small transactions; may run at any time.
void complete_rows(db::Database& database);

/// Until the end of the transaction nobody else does what only one node may do in that directory, such as making the
/// first signing key.
void lock_directory(db::Transaction& tx, DirectoryId id);

}  // namespace gatehouse::store
