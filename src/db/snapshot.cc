#include "db/snapshot.h"

namespace gatehouse::db {

namespace {

constexpr Statement kOneSnapshot{"hold snapshot", "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"};

}  // namespace

void hold_snapshot(const Database& database, Transaction& transaction) {
  if (database.dialect() == Dialect::postgresql) transaction.execute(kOneSnapshot);
}

}  // namespace gatehouse::db
