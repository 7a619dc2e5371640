#include "store/migrations.h"

#include "base/embedded.h"
#include "store/organizations.h"

#include <charconv>
#include <stdexcept>
#include <string>
#include <vector>

namespace gatehouse::store {

/// The files of store/migrations, by name (cmake/embed.cmake).
std::span<const base::EmbeddedFile> embedded_migrations();

namespace {

constexpr db::Statement kEnsureDirectory{
    "ensure_directory",
    "INSERT INTO directories (id, kind, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING"};

constexpr db::Statement kLockDirectory{"lock_directory",
                                       "UPDATE directories SET kind = kind WHERE id = $1 RETURNING id"};

/// "0001_initial.sql" is step 1, "initial"; "0001_initial.postgresql.sql" takes its place on that database.
std::vector<db::Migration> read_steps() {
  std::vector<db::Migration> steps;
  for (const base::EmbeddedFile& file : embedded_migrations()) {
    int number = 0;
    std::from_chars(file.name.data(), file.name.data() + 4, number);
    std::string_view name = file.name.substr(5);
    name.remove_suffix(std::string_view(".sql").size());
    const auto dot = name.find('.');
    if (std::size_t(number) > steps.size()) steps.push_back({number, name.substr(0, dot), {}, {}, {}});
    db::Migration& step = steps.back();
    if (step.number != number) throw std::logic_error("migrations have a gap before " + std::string(file.name));
    if (dot == std::string_view::npos) {
      step.text = file.content;
    } else if (name.substr(dot) == ".sqlite") {
      step.sqlite = file.content;
    } else {
      step.postgresql = file.content;
    }
  }
  return steps;
}

}  // namespace

std::span<const db::Migration> migrations() {
  static const std::vector<db::Migration> steps = read_steps();
  return steps;
}

void ensure_directories(db::Database& database, base::Time now) {
  const auto done = database.write([&](db::Transaction& tx) -> base::Result<void> {
    tx.execute(kEnsureDirectory, {kPlatformDirectory, "platform", now});
    tx.execute(kEnsureDirectory, {kSharedDirectory, "shared", now});
    return {};
  });
  static_cast<void>(done);  // the body never refuses; trouble is thrown
}

void complete_rows(db::Database& database) {
  constexpr std::int64_t kStep = 500;
  std::optional<OrganizationId> after = OrganizationId{};
  while (after) {
    after = *database.write([&](db::Transaction& tx) -> base::Result<std::optional<OrganizationId>> {
      return fold_organization_names(tx, *after, kStep);
    });
  }
}

void lock_directory(db::Transaction& tx, DirectoryId id) { tx.query(kLockDirectory, {id}); }

}  // namespace gatehouse::store
