// The limits that the service is measured beside: the same work by the libraries alone, in loops without a server.
// Prints one JSON object with how many times a second. Run by bench/requests.py.
//
//   bare_bench argon2 SECONDS THREADS           Argon2id of libsodium at the service's default cost
//   bare_bench argon2_kept SECONDS THREADS      the same in memory that each thread keeps, as the service's hashers do
//   bare_bench hash PASSWORD                    its hash at that cost
//   bare_bench sign SECONDS THREADS             ES256 of OpenSSL over 500 bytes
//   bare_bench rotate URL SECONDS CONNECTIONS   a step of rotation of sessions that stand in the database, and a
//   signature:
//                                               on PostgreSQL by libpq, each connection with its prepared statement; on
//                                               SQLite as many steps in one transaction

#include "crypto/hash_memory.h"

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

void print_hash(const std::string& password) {
  char hash[crypto_pwhash_STRBYTES];
  if (crypto_pwhash_str(hash, password.data(), password.size(), kPasses, kBytes) != 0) fail("no memory for a hash");
  fmt::print("{{\"hash\":\"{}\"}}\n", hash);
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
    const auto prepared =
        expect(PQprepare(connection_.get(), "rotate",
                         "UPDATE sessions SET generation = generation + 1, rotated_at = now(), expires_at = now() + "
                         "INTERVAL '30 days' WHERE directory_id = $1 AND id = $2 AND revoked_at IS NULL AND expires_at "
                         "> now() AND generation = $3 RETURNING generation, user_id, organization_id",
                         0, nullptr),
               PGRES_COMMAND_OK);
  }
  int rotate() {
    Session& session = sessions_[next_++ % sessions_.size()];
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

 private:
  using Rows = std::unique_ptr<PGresult, decltype(&PQclear)>;
  Rows expect(PGresult* result, ExecStatusType status) {
    if (PQresultStatus(result) != status) fail(PQerrorMessage(connection_.get()));
    return {result, &PQclear};
  }

  std::shared_ptr<PGconn> connection_;
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
    expect(
        sqlite3_prepare_v2(database_,
                           "UPDATE sessions SET generation = generation + 1, rotated_at = ?4, expires_at = ?4 + "
                           "2592000000000 WHERE directory_id = ?1 AND id = ?2 AND revoked_at IS NULL AND expires_at > "
                           "?4 AND generation = ?3 RETURNING generation, user_id, organization_id",
                           -1, &rotate_, nullptr));
  }
  int rotate_group() {
    run("BEGIN IMMEDIATE");
    for (int i = 0; i < group_; ++i) {
      Session& session = sessions_[next_++ % sessions_.size()];
      using namespace std::chrono;
      sqlite3_bind_blob(rotate_, 1, session.directory.data(), 16, SQLITE_STATIC);
      sqlite3_bind_blob(rotate_, 2, session.id.data(), 16, SQLITE_STATIC);
      sqlite3_bind_int64(rotate_, 3, session.generation++);
      sqlite3_bind_int64(rotate_, 4, duration_cast<microseconds>(system_clock::now().time_since_epoch()).count());
      if (sqlite3_step(rotate_) != SQLITE_ROW) fail("a session did not rotate");
      sqlite3_reset(rotate_);
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

  const int group_;
  sqlite3* database_ = nullptr;
  sqlite3_stmt* rotate_ = nullptr;
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
        thread_local const gatehouse::crypto::HashMemory memory(kBytes);
        return hash_once();
      };
    });
  } else if (words.at(0) == "hash") {
    print_hash(words.at(1));
  } else if (words.at(0) == "sign") {
    measure(number(1), std::size_t(number(2)), [](std::size_t) {
      return [signer = Signer()] {
        signer.sign();
        return 1;
      };
    });
  } else if (words.at(0) == "rotate" && words.at(1).starts_with("sqlite:")) {
    const auto database = std::make_shared<Sqlite>(words[1].substr(7), int(number(3)));
    measure(number(2), 1, [&](std::size_t) { return [database] { return database->rotate_group(); }; });
  } else if (words.at(0) == "rotate") {
    measure(number(2), std::size_t(number(3)), [&](std::size_t i) {
      return [database = std::make_shared<Postgres>(words[1], i)] { return database->rotate(); };
    });
  } else {
    fail("no such measurement");
  }
}
