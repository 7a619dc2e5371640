#pragma once

#include "db/foreign.h"
#include "db/pool.h"
#include "db/postgres_connection.h"

#include <chrono>
#include <functional>
#include <optional>

namespace gatehouse::db {

/// A PostgreSQL database: a pool of pipelined connections, and transactions that run again after what is transient.
class PostgresDatabase final : public Database {
 public:
  /// Opens a first connection, so that what is wrong shows now. Throws DatabaseError.
  PostgresDatabase(const std::string& url, const DatabaseOptions& options, Ownership ownership = Ownership::ours);

  Dialect dialect() const override { return Dialect::postgresql; }

 private:
  /// The insert of an audit entry by a run whose COMMIT is in doubt. It can be tried again to see whether the entry is
  /// there.
  struct Witness {
    Statement statement;
    EncodedValues values;
  };
  class Work;
  struct Doubt {
    bool exists = false;
    std::optional<Witness> witness;
  };

  void run_write(const std::function<bool(Transaction&)>& body, const std::function<void()>& keep) override;
  void run_read(const std::function<void(Transaction&)>& body) override;
  void back_up_before(int) override {}

  using Deadline = std::chrono::steady_clock::time_point;
  void write_once(const std::function<bool(Transaction&)>& body, const std::function<void()>& keep, Doubt& doubt,
                  Deadline deadline);
  bool has_committed(const Witness& witness);
  /// After a transient failure once more, as long as `goes_on` says so.
  void with_retries(const std::function<void()>& step, const std::function<bool()>& goes_on);

  const Ownership ownership_;
  const std::chrono::milliseconds write_limit_;
  Pool<PostgresConnection> pool_;
};

}  // namespace gatehouse::db
