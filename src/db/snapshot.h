#pragma once

#include "db/database.h"

namespace gatehouse::db {

/// The first thing in the body of a read(): all of its statements see the data as they are at one moment. (On SQLite
/// they do anyhow.)
void hold_snapshot(const Database& database, Transaction& transaction);

}  // namespace gatehouse::db
