#pragma once

#include "db/database.h"

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace gatehouse::db {

/// Where rows go, and the columns that they fill, in the order of their values: "a, b, c".
struct BulkTable {
  std::string_view name;
  std::string_view columns;
};

/// Many rows on a connection of its own: by COPY on PostgreSQL, by prepared inserts in large transactions on SQLite.
/// The database checks them as it checks any row. Indexes that check nothing are dropped and made again by settle(),
/// for each row would fall into another place of theirs: a load that ends before leaves a database to throw away. Not
/// thread safe.
class BulkLoad {
 public:
  virtual ~BulkLoad() = default;

  /// One more row, in memory or in an open transaction until commit(). Throws as commit() does.
  virtual void add(const BulkTable& table, std::initializer_list<Value> values) = 0;
  /// Makes all rows since the last one durable: the tables in the order in which they were first named, so name those
  /// first that others point at. Throws UniqueViolation, DatabaseError; what was not committed is gone then.
  virtual void commit() = 0;
  /// After the last commit(): makes the indexes, and does at once what the database would do by itself some minutes
  /// later, so that the rows are read as fast as old ones. May take minutes.
  virtual void settle() = 0;
};

/// `url` as open_database() takes it. Throws DatabaseError.
std::unique_ptr<BulkLoad> open_bulk_load(const std::string& url);

}  // namespace gatehouse::db
