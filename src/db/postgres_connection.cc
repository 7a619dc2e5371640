#include "db/postgres_connection.h"

#include "db/postgres_types.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <libpq-fe.h>
#include <poll.h>

namespace gatehouse::db {
namespace {

/// Bounds what the server has to keep in its buffers before we read an answer.
constexpr std::size_t kQueueLimit = 128;
constexpr std::size_t kQueueLimitBytes = 256 * 1024;
constexpr std::size_t kCopyPieceBytes = 1024 * 1024;
/// How much longer than the server's own limit we wait before a silent connection counts as lost.
constexpr std::chrono::seconds kAnswerGrace{5};

std::string state_of(const PGresult* result) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  return state == nullptr ? "" : state;
}

/// The server ended the connection. 08P01 is a mistake in what we sent.
bool means_lost(const std::string& state) {
  return (state.starts_with("08") && state != "08P01") || state == "57P01" || state == "57P02" || state == "57P03";
}

/// Never the detail, the hint or the context, which quote values; nor the text of a data exception, which quotes them
/// too.
std::string describe(const PGresult* result, const std::string& state, std::string_view statement) {
  std::string text = "PostgreSQL error " + state + " in statement " + std::string(statement);
  const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  if (primary != nullptr && !state.starts_with("22")) text += std::string(": ") + primary;
  return text;
}

std::exception_ptr to_exception(const PGresult* result, std::string_view statement) {
  const std::string state = state_of(result);
  const std::string text = describe(result, state, statement);
  if (state.empty() || means_lost(state)) return std::make_exception_ptr(ConnectionLost(text));
  if (state == "40001" || state == "40P01") return std::make_exception_ptr(TransientError(text));
  if (state == "23503") return std::make_exception_ptr(BrokenReference(text));
  const char* constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
  if (state == "23505" && constraint != nullptr) return std::make_exception_ptr(UniqueViolation(constraint));
  return std::make_exception_ptr(SqlError(text, state));
}

/// The n of the highest `$n`. Unlike PostgreSQL, which takes values that nothing refers to, SQLite wants them to match.
std::size_t highest_parameter(std::string_view sql) {
  std::size_t highest = 0;
  for (std::size_t at = sql.find('$'); at != std::string_view::npos; at = sql.find('$', at + 1)) {
    std::size_t number = 0;
    std::from_chars(sql.data() + at + 1, sql.data() + sql.size(), number);
    highest = std::max(highest, number);
  }
  return highest;
}

struct InfoDeleter {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using ParsedUrl = std::unique_ptr<PQconninfoOption, InfoDeleter>;

/// Libpq's own message quotes the text that it can't read, which may be the password.
ParsedUrl parse(const std::string& url) {
  char* message = nullptr;
  ParsedUrl parsed(PQconninfoParse(url.c_str(), &message));
  PQfreemem(message);
  if (!parsed) throw DatabaseError("the database URL is not a PostgreSQL connection URI");
  return parsed;
}

bool names_several_hosts(const std::string& url) {
  const ParsedUrl parsed = parse(url);
  for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
    const std::string_view keyword = option->keyword;
    if (option->val != nullptr && (keyword == "host" || keyword == "hostaddr") &&
        std::string_view(option->val).find(',') != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

PGconn* connect(const std::string& url, const DatabaseOptions& options) {
  const std::string connect_timeout = std::to_string(std::max(2, options.acquire_timeout_ms / 1000));
  const std::string user_timeout_ms = std::to_string(options.statement_timeout_ms);
  std::vector<const char*> keywords = {"connect_timeout", "tcp_user_timeout"};
  std::vector<const char*> values = {connect_timeout.c_str(), user_timeout_ms.c_str()};
  if (names_several_hosts(url)) {
    keywords.push_back("target_session_attrs");
    values.push_back("read-write");
  }
  // What stands before the URI it may override; what stands after, it may not.
  for (const auto& [keyword, value] :
       std::initializer_list<std::pair<const char*, const char*>>{{"dbname", url.c_str()},
                                                                  {"application_name", "gatehouse"},
                                                                  {"client_encoding", "UTF8"},
                                                                  {nullptr, nullptr}}) {
    keywords.push_back(keyword);
    values.push_back(value);
  }
  return PQconnectdbParams(keywords.data(), values.data(), 1);
}

void read_rows(const PGresult& result, std::string_view statement, Rows& rows) {
  const int count = PQntuples(&result);
  const int columns = PQnfields(&result);
  rows.reserve(std::size_t(count));
  for (int row = 0; row < count; ++row) {
    std::vector<Cell> cells(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) {
      if (PQgetisnull(&result, row, column) != 0) continue;
      const std::string_view bytes(PQgetvalue(&result, row, column), std::size_t(PQgetlength(&result, row, column)));
      cells[std::size_t(column)] = decode_cell(PQftype(&result, column), bytes, statement);
    }
    rows.emplace_back(std::move(cells));
  }
}

}  // namespace

void check_postgres_url(const std::string& url) {
  parse(url);
  const std::string_view rest = std::string_view(url).substr(url.find("://") + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  const bool has_user = authority.find('@') != std::string_view::npos;
  if (std::count(rest.begin(), rest.end(), '@') > (has_user ? 1 : 0)) {
    throw DatabaseError(
        "the database URL has an '@' too many: percent-encode '@', '/' and '?' in its user and password");
  }
}

void PostgresConnection::ConnectionDeleter::operator()(pg_conn* connection) const { PQfinish(connection); }
void PostgresConnection::ResultDeleter::operator()(pg_result* result) const { PQclear(result); }

PostgresConnection::PostgresConnection(const std::string& url, const DatabaseOptions& options, Ownership ownership)
    : connection_(connect(url, options)),
      answer_timeout_(std::chrono::milliseconds(options.statement_timeout_ms) + kAnswerGrace) {
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    throw ConnectionLost("can't connect to PostgreSQL: " + std::string(PQerrorMessage(connection_.get())));
  }
  PQsetNoticeProcessor(
      connection_.get(), [](void*, const char*) {}, nullptr);
  set_up_session(options, ownership);
  if (PQenterPipelineMode(connection_.get()) != 1 || PQsetnonblocking(connection_.get(), 1) != 0) {
    lose("can't enter pipeline mode");
  }
}

PostgresConnection::~PostgresConnection() = default;

void PostgresConnection::set_up_session(const DatabaseOptions& options, Ownership ownership) {
  const std::string limit_ms = std::to_string(options.statement_timeout_ms);
  // Compiling a statement just in time takes hundreds of times as long as running any of ours, and a large database's
  // estimates tempt PostgreSQL to it.
  const std::string settings =
      "SET statement_timeout = " + limit_ms + "; SET lock_timeout = " + limit_ms +
      "; SET idle_in_transaction_session_timeout = " + limit_ms +
      "; SET TimeZone = 'UTC'; SET default_transaction_isolation = 'read committed'; SET jit = off; "
      "SELECT current_setting('fsync'), current_setting('synchronous_commit'), "
      "current_setting('server_encoding')";
  const Result result(PQexec(connection_.get(), settings.c_str()));
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK)
    std::rethrow_exception(to_exception(result.get(), "set up session"));
  if (ownership == Ownership::foreign) return;
  const auto setting = [&](int column) { return std::string_view(PQgetvalue(result.get(), 0, column)); };
  if (setting(0) == "off") {
    throw DatabaseError("PostgreSQL runs with fsync = off: what it commits would not survive a crash");
  }
  if (setting(1) == "off") {
    throw DatabaseError("PostgreSQL runs with synchronous_commit = off: what it commits would not survive a crash");
  }
  if (setting(2) != "UTF8") throw DatabaseError("the encoding of the PostgreSQL database must be UTF8");
}

bool PostgresConnection::is_full() const { return queue_.size() >= kQueueLimit || queued_bytes_ >= kQueueLimitBytes; }

void PostgresConnection::send(const Statement& statement, const EncodedValues& values) {
  const Prepared& prepared = prepare(statement, values);
  const std::size_t count = values.values.size();
  std::vector<const char*> pointers(count);
  std::vector<int> lengths(count);
  const std::vector<int> formats(count, 1);
  for (std::size_t i = 0; i < count; ++i) {
    if (!values.values[i]) continue;
    pointers[i] = values.values[i]->data();
    lengths[i] = int(values.values[i]->size());
    queued_bytes_ += values.values[i]->size();
  }
  if (PQsendQueryPrepared(connection_.get(), prepared.name.c_str(), int(count), pointers.data(), lengths.data(),
                          formats.data(), 1) != 1) {
    lose("can't send a statement");
  }
  queue_.push_back({statement.name, {}, false});
}

const PostgresConnection::Prepared& PostgresConnection::prepare(const Statement& statement,
                                                                const EncodedValues& values) {
  std::string key = std::string(statement.name) + '/' + values.signature;
  if (const auto found = prepared_.find(key); found != prepared_.end()) {
    if (found->second.text != statement.text) {
      throw DatabaseError("two statements are named " + std::string(statement.name));
    }
    return found->second;
  }
  if (const std::size_t wanted = highest_parameter(statement.text); wanted != values.values.size()) {
    throw DatabaseError("statement " + std::string(statement.name) + " takes " + std::to_string(wanted) +
                        " values, but was given " + std::to_string(values.values.size()));
  }
  Prepared prepared{"s" + std::to_string(++prepared_count_), std::string(statement.text)};
  if (PQsendPrepare(connection_.get(), prepared.name.c_str(), prepared.text.c_str(), int(values.types.size()),
                    values.types.data()) != 1) {
    lose("can't prepare a statement");
  }
  queue_.push_back({statement.name, key, false});
  return prepared_.emplace(std::move(key), std::move(prepared)).first->second;
}

std::vector<Rows> PostgresConnection::receive_each() {
  if (PQpipelineSync(connection_.get()) != 1) lose("can't send a sync");
  std::vector<Rows> rows;
  std::exception_ptr first_failure;
  while (!queue_.empty()) {
    const Queued& queued = queue_.front();
    if (queued.is_sync) {
      receive_sync();
      if (first_failure) lose("what was to be received later has failed");
      rows.clear();
    } else {
      Rows rows_of_one;
      const std::exception_ptr failure = receive_one(queued, rows_of_one);
      if (failure && !first_failure) first_failure = failure;
      if (queued.prepares.empty()) rows.push_back(std::move(rows_of_one));
    }
    queue_.pop_front();
  }
  receive_sync();
  queued_bytes_ = 0;
  if (first_failure) std::rethrow_exception(first_failure);
  return rows;
}

Rows PostgresConnection::receive() {
  std::vector<Rows> rows = receive_each();
  return rows.empty() ? Rows() : std::move(rows.back());
}

void PostgresConnection::receive_later() {
  if (PQpipelineSync(connection_.get()) != 1) lose("can't send a sync");
  queue_.push_back({.statement = "sync", .prepares = {}, .is_sync = true});
}

/// A failure is returned and not thrown, since the answers behind it must be read as well, unless the connection is
/// lost.
std::exception_ptr PostgresConnection::receive_one(const Queued& queued, Rows& rows) {
  std::exception_ptr failure;
  bool done = false;
  while (const Result result = next_result()) {
    switch (PQresultStatus(result.get())) {
      case PGRES_TUPLES_OK:
      case PGRES_COMMAND_OK: done = true; break;
      case PGRES_PIPELINE_ABORTED: continue;
      default:
        failure = to_exception(result.get(), queued.statement);
        if (PQstatus(connection_.get()) == CONNECTION_BAD) lose("the server closed it");
        continue;
    }
    if (!queued.prepares.empty()) continue;
    last_tag_ = PQcmdStatus(result.get());
    try {
      read_rows(*result, queued.statement, rows);
    } catch (const DatabaseError&) {
      failure = std::current_exception();
    }
  }
  if (!done && !queued.prepares.empty()) prepared_.erase(queued.prepares);
  return failure;
}

void PostgresConnection::receive_sync() {
  const Result result = next_result();
  if (!result || PQresultStatus(result.get()) != PGRES_PIPELINE_SYNC) lose("its pipeline is out of step");
}

PostgresConnection::Result PostgresConnection::next_result() {
  const auto deadline = std::chrono::steady_clock::now() + answer_timeout_;
  for (;;) {
    const int unsent = PQflush(connection_.get());
    if (PQisBusy(connection_.get()) == 0) return Result(PQgetResult(connection_.get()));
    if (unsent < 0) lose("can't send");
    wait_for_socket(unsent > 0, deadline);
    if (PQconsumeInput(connection_.get()) != 1) lose("can't receive");
  }
}

void PostgresConnection::wait_for_socket(bool also_writable, std::chrono::steady_clock::time_point deadline) {
  pollfd socket{PQsocket(connection_.get()), short(POLLIN | (also_writable ? POLLOUT : 0)), 0};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) lose("no answer in time");
    const int ready = ::poll(&socket, 1, int(left.count()));
    if (ready > 0) return;
    if (ready < 0 && errno != EINTR) lose("can't wait for it");
  }
}

template <class Step>
void PostgresConnection::outside_pipeline(Step step) {
  if (PQexitPipelineMode(connection_.get()) != 1 || PQsetnonblocking(connection_.get(), 0) != 0) {
    lose("can't leave pipeline mode");
  }
  const Result result = step();
  const ExecStatusType status = PQresultStatus(result.get());
  if (PQenterPipelineMode(connection_.get()) != 1 || PQsetnonblocking(connection_.get(), 1) != 0) {
    lose("can't enter pipeline mode");
  }
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    std::rethrow_exception(to_exception(result.get(), "script"));
  }
}

void PostgresConnection::run_script(const std::string& script) {
  outside_pipeline([&] { return Result(PQexec(connection_.get(), script.c_str())); });
}

void PostgresConnection::copy(const std::string& command, std::string_view data) {
  outside_pipeline([&] {
    Result begun(PQexec(connection_.get(), command.c_str()));
    if (PQresultStatus(begun.get()) != PGRES_COPY_IN) return begun;
    while (!data.empty()) {
      const std::string_view piece = data.substr(0, kCopyPieceBytes);
      if (PQputCopyData(connection_.get(), piece.data(), int(piece.size())) != 1) lose("can't send rows");
      data.remove_prefix(piece.size());
    }
    if (PQputCopyEnd(connection_.get(), nullptr) != 1) lose("can't send the end of the rows");
    Result done(PQgetResult(connection_.get()));
    while (const Result rest{PQgetResult(connection_.get())}) {
    }
    return done;
  });
}

void PostgresConnection::lose(std::string_view why) {
  queue_.clear();
  throw ConnectionLost("the connection to PostgreSQL was lost: " + std::string(why));
}

}  // namespace gatehouse::db
