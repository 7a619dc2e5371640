#include "db/bulk_load.h"

#include "db/postgres_connection.h"
#include "db/sqlite_connection.h"

#include <map>
#include <vector>

namespace gatehouse::db {
namespace {

constexpr std::chrono::minutes kTimeout{30};

// PostgreSQL manual, COPY, "Binary Format".
constexpr std::string_view kCopyHeader("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
constexpr std::string_view kCopyTrailer("\377\377", 2);

void append_big_endian(std::string& bytes, std::int32_t number, int width) {
  for (int i = width; i-- > 0;) bytes += char(std::uint32_t(number) >> (8 * i));
}

struct Index {
  std::string name;
  /// The statement that makes it.
  std::string text;
};

std::vector<Index> to_indexes(const Rows& rows) {
  std::vector<Index> indexes;
  for (const Row& row : rows) indexes.push_back(row.as<Index, std::string, std::string>());
  return indexes;
}

std::string dropping(const std::vector<Index>& indexes) {
  std::string script = "BEGIN; ";
  for (const Index& index : indexes) script += "DROP INDEX " + index.name + "; ";
  return script + "COMMIT";
}

std::string making(const std::vector<Index>& indexes) {
  std::string script = "BEGIN; ";
  for (const Index& index : indexes) script += index.text + "; ";
  return script + "COMMIT";
}

class PostgresBulkLoad final : public BulkLoad {
 public:
  explicit PostgresBulkLoad(const std::string& url)
      : connection_(url, {.connections = 1, .statement_timeout_ms = int(std::chrono::milliseconds(kTimeout).count())}) {
    connection_.send(kIndexes, EncodedValues({}));
    indexes_ = to_indexes(connection_.receive());
    connection_.run_script(dropping(indexes_));
  }

  void add(const BulkTable& table, std::initializer_list<Value> values) override {
    std::string& bytes = buffer_of(table);
    const EncodedValues encoded(std::span(values.begin(), values.size()));
    append_big_endian(bytes, std::int32_t(encoded.values.size()), 2);
    for (const auto& value : encoded.values) {
      append_big_endian(bytes, value ? std::int32_t(value->size()) : -1, 4);
      if (value) bytes += *value;
    }
  }

  void commit() override {
    auto tables = std::move(tables_);
    tables_.clear();
    connection_.run_script("BEGIN");
    try {
      for (auto& table : tables) {
        table.bytes += kCopyTrailer;
        connection_.copy(table.command, table.bytes);
      }
      connection_.run_script("COMMIT");
    } catch (const ConnectionLost&) {
      throw;
    } catch (const DatabaseError&) {
      connection_.run_script("ROLLBACK");
      throw;
    }
  }

  void settle() override {
    connection_.run_script(making(indexes_));
    connection_.run_script("VACUUM (ANALYZE)");
  }

 private:
  struct Table {
    std::string command;
    std::string bytes;
  };

  std::string& buffer_of(const BulkTable& table) {
    const std::string command =
        "COPY " + std::string(table.name) + " (" + std::string(table.columns) + ") FROM STDIN (FORMAT binary)";
    for (Table& known : tables_) {
      if (known.command == command) return known.bytes;
    }
    tables_.push_back({command, std::string(kCopyHeader)});
    return tables_.back().bytes;
  }

  static constexpr Statement kIndexes{
      "list indexes",
      "SELECT CAST(indexname AS TEXT), indexdef FROM pg_indexes WHERE schemaname = current_schema() "
      "AND indexdef NOT LIKE 'CREATE UNIQUE %'"};

  PostgresConnection connection_;
  std::vector<Index> indexes_;
  std::vector<Table> tables_;
};

class SqliteBulkLoad final : public BulkLoad {
 public:
  explicit SqliteBulkLoad(const std::string& path) : connection_(path, SqliteConnection::Use::write, kTimeout) {
    // Rows of several indexes fall into places all over the file.
    connection_.run_script("PRAGMA cache_size=-262144", "set up bulk load");
    indexes_ = to_indexes(connection_.run(kIndexes));
    connection_.run_script(dropping(indexes_), "drop indexes");
  }

  void add(const BulkTable& table, std::initializer_list<Value> values) override {
    if (!is_open_) connection_.run(kBegin);
    is_open_ = true;
    try {
      const auto& [name, text] = insert_into(table, values.size());
      connection_.run({name, text}, std::span(values.begin(), values.size()));
    } catch (const DatabaseError&) {
      roll_back();
      throw;
    }
  }

  void commit() override {
    if (!is_open_) return;
    try {
      connection_.run(kCommit);
      is_open_ = false;
    } catch (const DatabaseError&) {
      roll_back();
      throw;
    }
  }

  void settle() override {
    connection_.run_script(making(indexes_), "make indexes");
    connection_.checkpoint();
  }

 private:
  static constexpr Statement kIndexes{"list indexes",
                                      "SELECT name, sql FROM sqlite_schema WHERE type = 'index' "
                                      "AND sql NOT LIKE 'CREATE UNIQUE %'"};
  static constexpr Statement kBegin{"begin bulk load", "BEGIN IMMEDIATE"};
  static constexpr Statement kCommit{"commit bulk load", "COMMIT"};
  static constexpr Statement kRollback{"rollback bulk load", "ROLLBACK"};

  /// SQLite has ended the transaction by itself after some errors.
  void roll_back() {
    is_open_ = false;
    if (!connection_.in_autocommit()) connection_.run(kRollback);
  }

  const std::pair<const std::string, std::string>& insert_into(const BulkTable& table, std::size_t count) {
    if (const auto known = inserts_.find(table.name); known != inserts_.end()) return *known;
    std::string text = "INSERT INTO " + std::string(table.name) + " (" + std::string(table.columns) + ") VALUES (";
    for (std::size_t i = 1; i <= count; ++i) text += (i == 1 ? "$" : ", $") + std::to_string(i);
    return *inserts_.emplace(table.name, text + ")").first;
  }

  SqliteConnection connection_;
  std::vector<Index> indexes_;
  bool is_open_ = false;
  /// By table, which also names the statement.
  std::map<std::string, std::string, std::less<>> inserts_;
};

}  // namespace

std::unique_ptr<BulkLoad> open_bulk_load(const std::string& url) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (url.starts_with(kSqlite)) return std::make_unique<SqliteBulkLoad>(url.substr(kSqlite.size()));
  check_postgres_url(url);
  return std::make_unique<PostgresBulkLoad>(url);
}

}  // namespace gatehouse::db
