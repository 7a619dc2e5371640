#include "db/migrate.h"

#include "base/log.h"

namespace gatehouse::db {
namespace {

constexpr Statement kHasTableSqlite{
    "has schema_migrations (sqlite)",
    "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'"};
constexpr Statement kHasTablePostgres{"has schema_migrations (postgresql)",
                                      "SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND "
                                      "tablename = 'schema_migrations'"};
constexpr Statement kCreateTable{
    "create schema_migrations",
    "CREATE TABLE IF NOT EXISTS schema_migrations "
    "(number BIGINT PRIMARY KEY NOT NULL, name TEXT NOT NULL, applied_at TIMESTAMPTZ NOT NULL)"};
constexpr Statement kApplied{"applied migrations", "SELECT COALESCE(MAX(number), 0) FROM schema_migrations"};
constexpr Statement kRecord{"record migration",
                            "INSERT INTO schema_migrations (number, name, applied_at) VALUES ($1, $2, $3)"};

/// Held to the end of the transaction. Any number will do, as long as it stays the same; this is not a request path.
constexpr const char* kLockPostgres =
    "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0;"
    "SELECT pg_advisory_xact_lock(7163920411873621)";

int last_applied(Transaction& transaction) { return int(transaction.query_one(kApplied)->get<std::int64_t>(0)); }

void refuse_newer(int applied, std::size_t known) {
  if (applied <= int(known)) return;
  throw DatabaseError("the database has schema " + std::to_string(applied) + ", but this program knows only up to " +
                      std::to_string(known) + ": it needs a newer program");
}

void check_numbers(std::span<const Migration> migrations) {
  for (std::size_t i = 0; i < migrations.size(); ++i) {
    if (migrations[i].number != int(i) + 1) throw std::logic_error("migrations must be numbered 1, 2, 3, … in order");
  }
}

std::string_view text_for(const Migration& migration, Dialect dialect) {
  const std::string_view own = dialect == Dialect::sqlite ? migration.sqlite : migration.postgresql;
  return own.empty() ? migration.text : own;
}

/// False when somebody else had applied it in the meantime.
base::Result<bool> apply(Transaction& transaction, const Migration& migration, Dialect dialect, base::Time now,
                         std::size_t known) {
  if (dialect == Dialect::postgresql) transaction.run_script(kLockPostgres);
  // Not asked for: after the wait for the lock, PostgreSQL's cache of names may not know yet that the table is there.
  transaction.execute(kCreateTable);
  const int applied = last_applied(transaction);
  refuse_newer(applied, known);
  if (applied >= migration.number) return false;
  transaction.run_script(std::string(text_for(migration, dialect)));
  transaction.execute(kRecord, {migration.number, migration.name, now});
  return true;
}

}  // namespace

MigrationState migration_state(Database& database, std::span<const Migration> migrations) {
  const int applied = database.read([&](Transaction& transaction) {
    const auto found =
        transaction.query_one(database.dialect() == Dialect::sqlite ? kHasTableSqlite : kHasTablePostgres);
    return found->get<std::int64_t>(0) == 0 ? 0 : last_applied(transaction);
  });
  return {applied, int(migrations.size())};
}

int migrate(Database& database, std::span<const Migration> migrations) {
  check_numbers(migrations);
  const int before = migration_state(database, migrations).applied;
  refuse_newer(before, migrations.size());
  if (before > 0 && before < int(migrations.size())) database.back_up_before(before + 1);
  int applied = 0;
  for (const Migration& migration : migrations.subspan(std::size_t(before))) {
    const base::Time now = base::SystemClock().now();
    const auto done = database.write([&](Transaction& transaction) {
      return apply(transaction, migration, database.dialect(), now, migrations.size());
    });
    if (!*done) continue;
    ++applied;
    base::log::info("a migration was applied", {{"number", migration.number}, {"name", migration.name}});
  }
  return applied;
}

}  // namespace gatehouse::db
