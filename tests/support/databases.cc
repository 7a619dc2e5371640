#include "tests/support/databases.h"

#include "base/random.h"
#include "base/text.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <libpq-fe.h>
#include <memory>
#include <sqlite3.h>
#include <stdexcept>

namespace gatehouse::support {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

std::string random_name() {
  std::array<std::uint8_t, 8> bytes{};
  base::fill_random(bytes);
  return "gatehouse_test_" + base::to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string cluster_url() {
  const char* url = std::getenv("GATEHOUSE_TEST_POSTGRESQL_URL");
  if (url == nullptr || *url == '\0') {
    throw std::runtime_error(
        "GATEHOUSE_TEST_POSTGRESQL_URL is not set: run the tests by ./dev test, which starts a cluster");
  }
  return url;
}

/// The URL with a schema of its own to work in.
std::string with_schema(const std::string& url, const std::string& schema) {
  return url + (url.find('?') == std::string::npos ? "?" : "&") + "options=-csearch_path%3D" + schema;
}

void run_postgresql(const std::string& url, const std::string& sql) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(url.c_str()), PQfinish);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql.c_str()), PQclear);
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw std::runtime_error(PQerrorMessage(connection.get()));
}

void run_sqlite(const std::string& path, const std::string& sql) {
  sqlite3* handle = nullptr;
  std::string problem;
  if (sqlite3_open(path.c_str(), &handle) != SQLITE_OK ||
      sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    problem = sqlite3_errmsg(handle);
  }
  sqlite3_close(handle);
  if (!problem.empty()) throw std::runtime_error(problem);
}

}  // namespace

TestDatabase::TestDatabase(db::Dialect dialect) {
  if (dialect == db::Dialect::postgresql) {
    name = random_name();
    url = with_schema(cluster_url(), name);
    run_postgresql(cluster_url(), "CREATE SCHEMA " + name);
  } else {
    const auto directory = std::filesystem::temp_directory_path() / random_name();
    std::filesystem::create_directory(directory);
    name = directory / "test.db";
    url = std::string(kSqlite) + name;
  }
}

TestDatabase::~TestDatabase() {
  try {
    if (url.starts_with(kSqlite)) {
      std::filesystem::remove_all(std::filesystem::path(name).parent_path());
    } else {
      run_postgresql(cluster_url(),
                     "SET lock_timeout = '5s'; SET client_min_messages = error; DROP SCHEMA " + name + " CASCADE");
    }
  } catch (const std::exception& error) {
    std::cerr << "a test database was left behind: " << error.what() << '\n';
  }
}

void run_sql(const std::string& url, const std::string& sql) {
  if (url.starts_with(kSqlite)) {
    run_sqlite(url.substr(kSqlite.size()), sql);
  } else {
    run_postgresql(url, sql);
  }
}

std::string dialect_name(db::Dialect dialect) { return dialect == db::Dialect::sqlite ? "sqlite" : "postgresql"; }

}  // namespace gatehouse::support
