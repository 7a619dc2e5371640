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

class PostgresBulkLoad final : public BulkLoad {
 public:
  explicit PostgresBulkLoad(const std::string& url)
      : connection_(url, {.connections = 1, .statement_timeout_ms = int(std::chrono::milliseconds(kTimeout).count())}) {
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

  void settle() override { connection_.run_script("VACUUM (ANALYZE)"); }

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

  PostgresConnection connection_;
  std::vector<Table> tables_;
};

class SqliteBulkLoad final : public BulkLoad {
 public:
  explicit SqliteBulkLoad(const std::string& path) : connection_(path, SqliteConnection::Use::write, kTimeout) {
    // Rows of several indexes fall into places all over the file.
    connection_.run_script("PRAGMA cache_size=-262144", "set up bulk load");
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

  void settle() override { connection_.checkpoint(); }

 private:
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
