#pragma once

#include "db/database.h"

namespace gatehouse::db {

/// Whose database it is. A foreign one belongs to another program: it is read and never changed, and nothing is asked
/// of how it keeps its data.
enum class Ownership { ours, foreign };

/// A foreign database, as open_database() has it. A SQLite file must exist and is opened read-only, in the journal mode
/// that it has; PostgreSQL's transactions are read-only. write() throws DatabaseError. Statements may put names in
/// double quotes: what is quoted here is a name on both databases. Throws DatabaseError.
std::unique_ptr<Database> open_foreign_database(const std::string& url, const DatabaseOptions& options = {});

}  // namespace gatehouse::db
