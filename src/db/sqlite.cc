#include "db/sqlite.h"

#include "base/ids.h"

#include "db/sqlite_transaction.h"

#include <array>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace gatehouse::db {
namespace {

constexpr Statement kBeginRead{"begin read", "BEGIN"};
constexpr Statement kEndRead{"end read", "COMMIT"};
constexpr Statement kRollbackRead{"rollback read", "ROLLBACK"};
constexpr Statement kCopyInto{"copy into", "VACUUM INTO $1"};

/// Absolute, so that names with a meaning of their own (":memory:", "") are plain files, and so that a later change of
/// the working directory changes nothing.
std::string checked_path(const std::string& path) {
  if (path.empty() || path == ":memory:") throw DatabaseError("sqlite: needs the path of a file");
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path, error);
  if (error) throw DatabaseError("can't resolve the SQLite path " + path + ": " + error.message());
  return absolute.string();
}

void sync_path(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool done = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!done) throw DatabaseError("can't sync the backup to disk: " + path);
}

}  // namespace

SqliteDatabase::SqliteDatabase(const std::string& path, const DatabaseOptions& options, Ownership ownership)
    : path_(checked_path(path)),
      statement_timeout_(options.statement_timeout_ms),
      readers_(
          options.connections, std::chrono::milliseconds(options.acquire_timeout_ms),
          [this, use = ownership == Ownership::ours ? SqliteConnection::Use::read : SqliteConnection::Use::foreign] {
            return std::make_unique<SqliteConnection>(path_, use, statement_timeout_);
          }) {
  if (ownership == Ownership::ours) {
    writer_.emplace(path_, options);
  } else {
    readers_.acquire();
  }
}

SqliteDatabase::~SqliteDatabase() { readers_.drop_idle(); }

void SqliteDatabase::run_write(const std::function<bool(Transaction&)>& body, const std::function<void()>& keep) {
  if (!writer_) throw DatabaseError("a database of another program is never written");
  writer_->run(body, keep);
}

void SqliteDatabase::run_read(const std::function<void(Transaction&)>& body) {
  auto reader = readers_.acquire();
  reader->run(kBeginRead);
  try {
    SqliteTransaction transaction(*reader);
    body(transaction);
    transaction.require_whole();
    reader->run(kEndRead);
  } catch (...) {
    try {
      if (!reader->in_autocommit()) reader->run(kRollbackRead);
    } catch (const DatabaseError&) {
      reader.discard();
    }
    throw;
  }
}

/// Written under another name first: what bears the backup's name is whole. An older backup of the same step is from an
/// attempt that failed, and gives way.
void SqliteDatabase::back_up_before(int number) {
  char suffix[32];
  std::snprintf(suffix, sizeof suffix, ".before-%04d", number);
  const std::string target = path_ + suffix;
  // A name of its own: several programs may start at once and each make the copy.
  const std::string unfinished = target + ".unfinished-" + base::to_base32(base::make_uuid_v7(base::Time{}));
  std::error_code error;
  SqliteConnection connection(path_, SqliteConnection::Use::write, std::chrono::hours(24));
  create_private_file(unfinished);
  connection.run(kCopyInto, std::array{Value(unfinished)});
  sync_path(unfinished);
  std::filesystem::rename(unfinished, target, error);
  if (error) throw DatabaseError("can't write the backup " + target + ": " + error.message());
  sync_path(std::filesystem::path(target).parent_path().string());
}

}  // namespace gatehouse::db
