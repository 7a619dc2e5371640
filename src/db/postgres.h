#pragma once

#include "db/foreign.h"
#include "db/pool.h"
#include "db/postgres_connection.h"

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

  void write_once(const std::function<bool(Transaction&)>& body, const std::function<void()>& keep, Doubt& doubt);
  bool has_committed(const Witness& witness);
  void with_retries(const std::function<void()>& step);

  const Ownership ownership_;
  Pool<PostgresConnection> pool_;
};

}  // namespace gatehouse::db
