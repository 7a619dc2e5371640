// The limits that the service is measured beside: the same work by the libraries alone, in loops without a server.
// Prints one JSON object with how many times a second. Run by bench/requests.py.
//
//   bare_bench argon2 SECONDS THREADS           Argon2id of libsodium at the service's default cost
//   bare_bench argon2_kept SECONDS THREADS      the same in memory that each thread keeps, as the service's hashers do
//   bare_bench hash PASSWORD                    its hash at that cost
//   bare_bench sign SECONDS THREADS             ES256 of OpenSSL over 500 bytes
//   bare_bench rotate URL SECONDS CONNECTIONS   a step of rotation of sessions that stand in the database, and a
//                                               signature: on PostgreSQL by libpq, each connection with its prepared
//                                               statement; on SQLite as many steps in one transaction
//   bare_bench refresh URL SECONDS CONNECTIONS  the same with all statements of the service's refresh, in as many round
//                                               trips

#include "crypto/hash_memory.h"
#include "store/application_permissions.h"
#include "store/sessions.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <functional>
#include <iostream>
#include <libpq-fe.h>
#include <memory>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <sqlite3.h>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace gatehouse;
using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& what) {
  std::cerr << what << '\n';
  std::exit(1);
}

/// Runs a loop on each of some threads until the time is over; `make` makes a thread's step, which says how much it
/// did.
void measure(double seconds, std::size_t threads, const std::function<std::function<int(void)>(std::size_t)>& make) {
  std::atomic<std::int64_t> done{0};
  std::atomic<bool> is_over{false};
  std::vector<std::function<int(void)>> steps;
  for (std::size_t i = 0; i < threads; ++i) steps.push_back(make(i));
  const auto begin = Clock::now();
  {
    std::vector<std::jthread> running;
    for (auto& step : steps) {
      running.emplace_back([&done, &is_over, &step] {
        while (!is_over) done += step();
      });
    }
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    is_over = true;
  }
  const double took = std::chrono::duration<double>(Clock::now() - begin).count();
  fmt::print("{{\"per_second\":{:.3f}}}\n", double(done) / took);
}

// As PasswordCost has it by default.
constexpr unsigned long long kPasses = 2;
constexpr std::size_t kBytes = 19456UL * 1024;

int hash_once() {
  unsigned char key[32];
  const unsigned char salt[crypto_pwhash_SALTBYTES] = {};
  const std::string password = "seven kettles on a raft";
  if (crypto_pwhash(key, sizeof key, password.data(), password.size(), salt, kPasses, kBytes,
                    crypto_pwhash_ALG_ARGON2ID13) != 0) {
    fail("no memory for a hash");
  }
  return 1;
}

class Signer {
 public:
  Signer() : key_(EVP_EC_gen("P-256"), &EVP_PKEY_free) {}
  void sign() const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    unsigned char text[500] = {}, signature[128];
    std::size_t size = sizeof signature;
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), signature, &size, text, sizeof text) != 1) {
      fail("no signature");
    }
  }

 private:
  std::shared_ptr<EVP_PKEY> key_;
};

struct Session {
  std::string directory, id;  // 16 bytes each
  std::int64_t generation;
};

std::string big_endian(std::int64_t number) {
  std::string bytes(8, '\0');
  for (int i = 7; i >= 0; --i, number >>= 8) bytes[std::size_t(i)] = char(number & 0xff);
  return bytes;
}

// Of those that each thread has to itself, in turn.
constexpr int kSessionsOfOne = 500;

class Postgres {
 public:
  Postgres(const std::string& url, std::size_t number) : connection_(PQconnectdb(url.c_str()), &PQfinish) {
    if (PQstatus(connection_.get()) != CONNECTION_OK) fail(PQerrorMessage(connection_.get()));
    const std::string find = fmt::format(
        "SELECT directory_id, id, generation FROM sessions WHERE revoked_at IS NULL ORDER BY id LIMIT {} "
        "OFFSET {}",
        kSessionsOfOne, number * kSessionsOfOne);
    const auto rows = expect(PQexecParams(connection_.get(), find.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1),
                             PGRES_TUPLES_OK);
    for (int i = 0; i < PQntuples(rows.get()); ++i) {
      const auto field = [&](int column) {
        return std::string(PQgetvalue(rows.get(), i, column), std::size_t(PQgetlength(rows.get(), i, column)));
      };
      std::int64_t generation = 0;
      for (const char byte : field(2)) generation = generation << 8 | std::uint8_t(byte);
      sessions_.push_back({field(0), field(1), generation});
    }
    if (sessions_.empty()) fail("there are no sessions to rotate");
    prepare(
        "rotate",
        "UPDATE sessions SET generation = generation + 1, rotated_at = now(), expires_at = now() + INTERVAL '30 "
        "days' WHERE directory_id = $1 AND id = $2 AND revoked_at IS NULL AND expires_at > now() AND generation = $3 "
        "RETURNING generation, user_id, organization_id");
    prepare("find", std::string(store::kFindWholeSession.text));
    prepare("permissions", std::string(store::kListApplicationPermissions.text));
    prepare("step", std::string(store::kRotateSession.text));
    prepare("begin", "BEGIN");
    prepare("commit", "COMMIT");
  }
  int rotate() {
    Session& session = next();
    const std::string generation = big_endian(session.generation);
    const char* values[] = {session.directory.data(), session.id.data(), generation.data()};
    const int lengths[] = {16, 16, 8}, formats[] = {1, 1, 1};
    const auto rows =
        expect(PQexecPrepared(connection_.get(), "rotate", 3, values, lengths, formats, 1), PGRES_TUPLES_OK);
    if (PQntuples(rows.get()) != 1) fail("a session did not rotate");
    ++session.generation;
    signer_.sign();
    return 1;
  }
  int refresh() {
    if (PQpipelineStatus(connection_.get()) == PQ_PIPELINE_OFF) PQenterPipelineMode(connection_.get());
    Session& session = next();
    using namespace std::chrono;
    // Microseconds since 2000.
    const auto now = duration_cast<microseconds>(system_clock::now() - sys_days(2000y / 1 / 1)).count();
    const std::string now_bytes = big_endian(now), generation = big_endian(session.generation++),
                      end = big_endian(now + microseconds(days(30)).count());
    send("begin", {});
    send("find", {session.directory, session.id, now_bytes});
    send("permissions", {});
    receive({PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_TUPLES_OK});
    send("step", {session.directory, session.id, generation, now_bytes, end});
    send("commit", {});
    receive({PGRES_COMMAND_OK, PGRES_COMMAND_OK});
    if (!has_stepped_) fail("a session did not rotate");
    signer_.sign();
    return 1;
  }

 private:
  using Rows = std::unique_ptr<PGresult, decltype(&PQclear)>;
  Rows expect(PGresult* result, ExecStatusType status) {
    if (PQresultStatus(result) != status) fail(PQerrorMessage(connection_.get()));
    return {result, &PQclear};
  }
  void prepare(const char* name, const std::string& text) {
    expect(PQprepare(connection_.get(), name, text.c_str(), 0, nullptr), PGRES_COMMAND_OK);
  }
  Session& next() { return sessions_[next_++ % sessions_.size()]; }
  void send(const char* name, const std::vector<std::string>& values) {
    std::vector<const char*> bytes;
    std::vector<int> lengths;
    for (const std::string& value : values) bytes.push_back(value.data()), lengths.push_back(int(value.size()));
    const std::vector<int> formats(values.size(), 1);
    if (PQsendQueryPrepared(connection_.get(), name, int(values.size()), bytes.data(), lengths.data(), formats.data(),
                            1) != 1) {
      fail(PQerrorMessage(connection_.get()));
    }
  }
  void receive(const std::vector<ExecStatusType>& statuses) {
    if (PQpipelineSync(connection_.get()) != 1) fail(PQerrorMessage(connection_.get()));
    has_stepped_ = false;
    for (const ExecStatusType status : statuses) {
      const auto rows = expect(PQgetResult(connection_.get()), status);
      has_stepped_ = has_stepped_ || std::string_view(PQcmdStatus(rows.get())) == "UPDATE 1";
      PQclear(PQgetResult(connection_.get()));
    }
    expect(PQgetResult(connection_.get()), PGRES_PIPELINE_SYNC);
  }

  std::shared_ptr<PGconn> connection_;
  bool has_stepped_ = false;  // by what was received last
  std::vector<Session> sessions_;
  std::size_t next_ = 0;
  Signer signer_;
};

class Sqlite {
 public:
  Sqlite(const std::string& path, int group) : group_(group) {
    expect(sqlite3_open(path.c_str(), &database_));
    sqlite3_busy_timeout(database_, 5'000);
    run("PRAGMA journal_mode=WAL");
    run("PRAGMA synchronous=FULL");
    sqlite3_stmt* find = nullptr;
    expect(sqlite3_prepare_v2(database_,
                              "SELECT directory_id, id, generation FROM sessions WHERE revoked_at IS NULL LIMIT ?", -1,
                              &find, nullptr));
    sqlite3_bind_int(find, 1, kSessionsOfOne * group);
    while (sqlite3_step(find) == SQLITE_ROW) {
      const auto blob = [&](int column) {
        return std::string(static_cast<const char*>(sqlite3_column_blob(find, column)), 16);
      };
      sessions_.push_back({blob(0), blob(1), sqlite3_column_int64(find, 2)});
    }
    sqlite3_finalize(find);
    if (sessions_.empty()) fail("there are no sessions to rotate");
    rotate_ = prepare(
        "UPDATE sessions SET generation = generation + 1, rotated_at = $4, expires_at = $4 + 2592000000000 WHERE "
        "directory_id = $1 AND id = $2 AND revoked_at IS NULL AND expires_at > $4 AND generation = $3 RETURNING "
        "generation, user_id, organization_id");
    sqlite3_create_collation(database_, "C", SQLITE_UTF8, nullptr, &compare_bytes);
    find_ = prepare(store::kFindWholeSession.text);
    permissions_ = prepare(store::kListApplicationPermissions.text);
    step_ = prepare(store::kRotateSession.text);
  }
  int rotate_group() {
    run("BEGIN IMMEDIATE");
    for (int i = 0; i < group_; ++i) {
      Session& session = next();
      bind(rotate_, session);
      bind(rotate_, "$3", session.generation++);
      bind(rotate_, "$4", now());
      if (step(rotate_) != 1) fail("a session did not rotate");
      signer_.sign();
    }
    run("COMMIT");
    return group_;
  }
  int refresh_group() {
    run("BEGIN IMMEDIATE");
    for (int i = 0; i < group_; ++i) {
      Session& session = next();
      bind(find_, session);
      bind(find_, "$3", now());
      if (step(find_) != 1) fail("a session was not found");
      step(permissions_);
      bind(step_, session);
      bind(step_, "$3", session.generation++);
      bind(step_, "$4", now());
      bind(step_, "$5", now() + std::chrono::microseconds(std::chrono::days(30)).count());
      step(step_);
      if (sqlite3_changes(database_) != 1) fail("a session did not rotate");
      signer_.sign();
    }
    run("COMMIT");
    return group_;
  }

 private:
  void expect(int code) {
    if (code != SQLITE_OK) fail(sqlite3_errmsg(database_));
  }
  void run(const char* sql) { expect(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr)); }
  sqlite3_stmt* prepare(std::string_view text) {
    sqlite3_stmt* statement = nullptr;
    expect(
        sqlite3_prepare_v3(database_, text.data(), int(text.size()), SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
    return statement;
  }
  void bind(sqlite3_stmt* statement, const Session& session) {
    sqlite3_bind_blob(statement, sqlite3_bind_parameter_index(statement, "$1"), session.directory.data(), 16,
                      SQLITE_STATIC);
    sqlite3_bind_blob(statement, sqlite3_bind_parameter_index(statement, "$2"), session.id.data(), 16, SQLITE_STATIC);
  }
  void bind(sqlite3_stmt* statement, const char* name, std::int64_t value) {
    sqlite3_bind_int64(statement, sqlite3_bind_parameter_index(statement, name), value);
  }
  /// How many rows there were.
  int step(sqlite3_stmt* statement) {
    int rows = 0;
    while (sqlite3_step(statement) == SQLITE_ROW) ++rows;
    expect(sqlite3_reset(statement));
    return rows;
  }
  static std::int64_t now() {
    using namespace std::chrono;
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
  }
  static int compare_bytes(void*, int size, const void* text, int other_size, const void* other) {
    const int order = std::memcmp(text, other, std::size_t(std::min(size, other_size)));
    return order != 0 ? order : size - other_size;
  }
  Session& next() { return sessions_[next_++ % sessions_.size()]; }

  const int group_;
  sqlite3* database_ = nullptr;
  sqlite3_stmt *rotate_ = nullptr, *find_ = nullptr, *permissions_ = nullptr, *step_ = nullptr;
  std::vector<Session> sessions_;
  std::size_t next_ = 0;
  Signer signer_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto number = [&](std::size_t i) { return std::stod(words.at(i)); };
  if (sodium_init() < 0) fail("libsodium does not start");
  if (words.at(0) == "argon2") {
    measure(number(1), std::size_t(number(2)), [](std::size_t) { return &hash_once; });
  } else if (words.at(0) == "argon2_kept") {
    measure(number(1), std::size_t(number(2)), [](std::size_t) {
      return [] {
        thread_local const crypto::HashMemory memory(kBytes);
        return hash_once();
      };
    });
  } else if (words.at(0) == "sign") {
    measure(number(1), std::size_t(number(2)), [](std::size_t) {
      return [signer = Signer()] {
        signer.sign();
        return 1;
      };
    });
  } else if (words.at(0) == "rotate" || words.at(0) == "refresh") {
    const bool is_whole = words[0] == "refresh";
    if (words.at(1).starts_with("sqlite:")) {
      const auto database = std::make_shared<Sqlite>(words[1].substr(7), int(number(3)));
      measure(number(2), 1, [&](std::size_t) {
        return [=] { return is_whole ? database->refresh_group() : database->rotate_group(); };
      });
    } else {
      measure(number(2), std::size_t(number(3)), [&](std::size_t i) {
        return [=, database = std::make_shared<Postgres>(words[1], i)] {
          return is_whole ? database->refresh() : database->rotate();
        };
      });
    }
  } else {
    fail("no such measurement");
  }
}
