#include "db/sqlite_connection.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace gatehouse::db {
namespace {

constexpr int kVirtualOperationsPerDeadlineCheck = 4000;
constexpr std::size_t kPostgresNameLimit = 63;

int compare_bytes(void*, int left_size, const void* left, int right_size, const void* right) {
  const int order = std::memcmp(left, right, std::size_t(std::min(left_size, right_size)));
  return order != 0 ? order : left_size - right_size;
}

int is_overdue(void* deadline) {
  return std::chrono::steady_clock::now() > *static_cast<std::chrono::steady_clock::time_point*>(deadline) ? 1 : 0;
}

/// A null pointer would bind NULL instead of an empty text or blob.
const char* pointer_to(std::string_view bytes) { return bytes.data() == nullptr ? "" : bytes.data(); }

struct Binder {
  sqlite3_stmt* statement;
  int index;

  int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
  int operator()(std::int64_t number) const { return sqlite3_bind_int64(statement, index, number); }
  int operator()(bool flag) const { return sqlite3_bind_int(statement, index, flag ? 1 : 0); }
  int operator()(std::string_view text) const {
    return sqlite3_bind_text64(statement, index, pointer_to(text), text.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  int operator()(BytesView bytes) const {
    return sqlite3_bind_blob64(statement, index, pointer_to(bytes.data), bytes.data.size(), SQLITE_STATIC);
  }
  int operator()(JsonView json) const { return (*this)(json.text); }
  int operator()(const base::Uuid& uuid) const { return (*this)(BytesView{uuid.view()}); }
  int operator()(base::Time time) const { return (*this)(std::int64_t(time.time_since_epoch().count())); }
};

Cell read_cell(sqlite3_stmt* statement, int column, std::string_view name) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL: return std::monostate();
    case SQLITE_INTEGER: return std::int64_t(sqlite3_column_int64(statement, column));
    case SQLITE_TEXT:
    case SQLITE_BLOB: {
      const auto* data = static_cast<const char*>(sqlite3_column_blob(statement, column));
      const auto size = std::size_t(sqlite3_column_bytes(statement, column));
      return size == 0 ? std::string() : std::string(data, size);
    }
    default:
      throw DatabaseError("statement " + std::string(name) +
                          " answers with a floating point number: CAST it to BIGINT");
  }
}

/// PostgreSQL's convert_from(bytes, 'UTF8').
void text_of_bytes(sqlite3_context* context, int, sqlite3_value** values) {
  const auto* bytes = static_cast<const char*>(sqlite3_value_blob(values[0]));
  sqlite3_result_text(context, bytes, sqlite3_value_bytes(values[0]), SQLITE_TRANSIENT);
}

/// Ends a statement's run, so that it holds no lock and no borrowed value.
class Reset {
 public:
  explicit Reset(sqlite3_stmt* statement) : statement_(statement) {}
  ~Reset() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  Reset(const Reset&) = delete;
  Reset& operator=(const Reset&) = delete;

 private:
  sqlite3_stmt* statement_;
};

}  // namespace

/// An existing file is not opened here: closing it again would drop the locks that SQLite holds on it in this process
/// (POSIX locks belong to the process, not to the descriptor).
void create_private_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) {
    if (errno == EEXIST) return;
    throw DatabaseError("can't create the SQLite file " + path + ": " + std::strerror(errno));
  }
  const bool done = ::fchmod(file, 0600) == 0;
  ::close(file);
  if (!done) throw DatabaseError("can't set the mode of the SQLite file " + path);
}

std::string sqlite_constraint_name(std::string_view message, bool is_primary_key) {
  message.remove_prefix(std::min(message.size(), message.find(": ") + 2));
  if (message.starts_with("index '") && message.ends_with("'")) {
    return std::string(message.substr(7, message.size() - 8));
  }
  std::string table, columns;
  while (!message.empty()) {
    const std::string_view item = message.substr(0, message.find(", "));
    const std::size_t dot = item.find('.');
    table = item.substr(0, dot);
    if (!columns.empty()) columns += '_';
    columns += item.substr(dot + 1);
    message.remove_prefix(std::min(message.size(), item.size() + 2));
  }
  if (is_primary_key) columns.clear();
  const std::string_view label = is_primary_key ? "pkey" : "key";
  const std::size_t separators = columns.empty() ? 1 : 2;
  columns.resize(std::min(columns.size(), kPostgresNameLimit));
  while (table.size() + columns.size() + separators + label.size() > kPostgresNameLimit) {
    (table.size() > columns.size() ? table : columns).pop_back();
  }
  return table + (columns.empty() ? "" : "_" + columns) + "_" + std::string(label);
}

SqliteConnection::SqliteConnection(const std::string& path, Use use, std::chrono::milliseconds statement_timeout)
    : statement_timeout_(statement_timeout) {
  if (use != Use::foreign) create_private_file(path);
  try {
    open(path, use);
    configure(use);
  } catch (...) {
    sqlite3_close_v2(handle_);
    throw;
  }
}

SqliteConnection::~SqliteConnection() {
  for (auto& [name, prepared] : cache_) sqlite3_finalize(prepared.handle);
  sqlite3_close_v2(handle_);
}

void SqliteConnection::open(const std::string& path, Use use) {
  const int access = use == Use::foreign ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  const int flags = access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
    const std::string reason = handle_ != nullptr ? sqlite3_errmsg(handle_) : "out of memory";
    throw DatabaseError("can't open the SQLite file " + path + ": " + reason);
  }
  sqlite3_busy_timeout(handle_, int(statement_timeout_.count()));
}

void SqliteConnection::configure(Use use) {
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  // Otherwise a statement is prepared anew for each set of values when one of them is compared with the column of a
  // partial index: that index might do for this value.
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr);
  const int made = sqlite3_create_collation_v2(handle_, "C", SQLITE_UTF8, nullptr, compare_bytes, nullptr);
  if (made != SQLITE_OK) fail("create collation");
  constexpr int kPure = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  const int added =
      sqlite3_create_function_v2(handle_, "convert_from", 2, kPure, nullptr, text_of_bytes, nullptr, nullptr, nullptr);
  if (added != SQLITE_OK) fail("create function");
  if (use != Use::foreign) enter_wal();
  run_script(
      "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA recursive_triggers=OFF;"
      "PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;",
      "set up connection");
  if (use != Use::write) run_script("PRAGMA query_only=ON", "set up reader");
  sqlite3_progress_handler(handle_, kVirtualOperationsPerDeadlineCheck, is_overdue, &deadline_);
}

/// SQLite does not wait for its busy timeout here when another process changes the mode at the same time.
void SqliteConnection::enter_wal() {
  const auto give_up = std::chrono::steady_clock::now() + statement_timeout_;
  for (;;) {
    sqlite3_stmt* pragma = nullptr;
    int code = sqlite3_prepare_v2(handle_, "PRAGMA journal_mode=WAL", -1, &pragma, nullptr);
    if (code == SQLITE_OK) code = sqlite3_step(pragma);
    std::string mode;
    if (code == SQLITE_ROW) mode = reinterpret_cast<const char*>(sqlite3_column_text(pragma, 0));
    sqlite3_finalize(pragma);
    if (mode == "wal") return;
    if (code == SQLITE_ROW) throw DatabaseError("this place can't hold a SQLite file in WAL mode");
    if ((code & 0xff) != SQLITE_BUSY || std::chrono::steady_clock::now() > give_up) fail("enter WAL mode");
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

Rows SqliteConnection::run(const Statement& statement, std::span<const Value> values) {
  deadline_ = std::chrono::steady_clock::now() + statement_timeout_;
  Prepared& prepared = prepare(statement);
  const Reset reset(prepared.handle);
  bind(prepared, values, statement.name);
  Rows rows;
  const int columns = sqlite3_column_count(prepared.handle);
  for (;;) {
    const int code = sqlite3_step(prepared.handle);
    if (code == SQLITE_DONE) return rows;
    if (code != SQLITE_ROW) fail(statement.name);
    std::vector<Cell> cells;
    cells.reserve(std::size_t(columns));
    for (int column = 0; column < columns; ++column) {
      cells.push_back(read_cell(prepared.handle, column, statement.name));
    }
    rows.emplace_back(std::move(cells));
  }
}

void SqliteConnection::run_script(const std::string& script, std::string_view name) {
  deadline_ = std::chrono::steady_clock::time_point::max();
  if (sqlite3_exec(handle_, script.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(name);
}

SqliteConnection::Prepared& SqliteConnection::prepare(const Statement& statement) {
  if (const auto found = cache_.find(statement.name); found != cache_.end()) {
    if (found->second.text != statement.text) {
      throw DatabaseError("two statements are named " + std::string(statement.name));
    }
    return found->second;
  }
  Prepared prepared{std::string(statement.text), nullptr, {}};
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v3(handle_, prepared.text.c_str(), int(prepared.text.size()) + 1,
                                      SQLITE_PREPARE_PERSISTENT, &prepared.handle, &rest);
  if (code != SQLITE_OK) fail(statement.name);
  std::string problem;
  if (prepared.handle == nullptr || std::string_view(rest).find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    problem = " must hold exactly one SQL statement";
  }
  const int parameters = sqlite3_bind_parameter_count(prepared.handle);
  for (int index = 1; index <= parameters && problem.empty(); ++index) {
    const char* name = sqlite3_bind_parameter_name(prepared.handle, index);
    const std::string_view text = name == nullptr ? "?" : name;
    int number = 0;
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
    const bool plain = text[0] == '$' && error == std::errc() && end == text.data() + text.size();
    if (!plain || number < 1 || number > parameters)
      problem = " has a parameter " + std::string(text) + ": number them $1, $2, …";
    prepared.order.push_back(std::size_t(number) - 1);
  }
  if (!problem.empty()) {
    sqlite3_finalize(prepared.handle);
    throw DatabaseError("statement " + std::string(statement.name) + problem);
  }
  return cache_.emplace(std::string(statement.name), std::move(prepared)).first->second;
}

void SqliteConnection::bind(const Prepared& prepared, std::span<const Value> values, std::string_view name) {
  if (values.size() != prepared.order.size()) {
    throw DatabaseError("statement " + std::string(name) + " takes " + std::to_string(prepared.order.size()) +
                        " values, but was given " + std::to_string(values.size()));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int code = std::visit(Binder{prepared.handle, int(i) + 1}, values[prepared.order[i]].get());
    if (code != SQLITE_OK) fail(name);
  }
}

bool SqliteConnection::in_autocommit() const { return sqlite3_get_autocommit(handle_) != 0; }

bool SqliteConnection::has_broken_deferred_keys() const {
  int current = 0;
  int highest = 0;
  sqlite3_db_status(handle_, SQLITE_DBSTATUS_DEFERRED_FKS, &current, &highest, 0);
  return current != 0;
}

void SqliteConnection::checkpoint() {
  sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
}

void SqliteConnection::fail(std::string_view name) const {
  const int code = sqlite3_extended_errcode(handle_);
  const std::string message = sqlite3_errmsg(handle_);
  const bool is_primary_key = code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_ROWID;
  if (is_primary_key || code == SQLITE_CONSTRAINT_UNIQUE) {
    throw UniqueViolation(sqlite_constraint_name(message, is_primary_key));
  }
  throw DatabaseError("SQLite error " + std::to_string(code) + " in statement " + std::string(name) + ": " + message);
}

}  // namespace gatehouse::db
