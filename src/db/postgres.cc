#include "db/postgres.h"

#include "base/log.h"
#include "base/random.h"

#include <array>
#include <thread>

namespace gatehouse::db {
namespace {

constexpr int kAttempts = 6;
constexpr std::chrono::milliseconds kFirstPause{10};
constexpr int kPauseGrowth = 4;

constexpr std::string_view kAuditTable = "audit_entries";
constexpr std::string_view kAuditConstraint = "audit_entries_pkey";

constexpr std::string_view kReadOnlyState = "25006";

constexpr Statement kBeginWrite{"begin write", "BEGIN"};
constexpr Statement kBeginRead{"begin read", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"};
constexpr Statement kCommit{"commit", "COMMIT"};
constexpr Statement kRollback{"rollback", "ROLLBACK"};

/// Fails, with what is queued behind it, when more than $1 microseconds went by since BEGIN. Goes in one batch with
/// COMMIT: so that no wait of a statement queued before it and no pause of this program lets a late COMMIT through.
constexpr Statement kRequireInTime{
    "the write within its time limit",
    "SELECT 1 / CASE WHEN clock_timestamp() - now() > $1 * INTERVAL '1 microsecond' THEN 0 ELSE 1 END"};

/// Until the end of the transaction. A plan for all values is thought to be so expensive that it gets workers, who take
/// longer to come than it takes to run.
constexpr Statement kHaveOnePlan{"one plan for all values",
                                 "SELECT set_config('plan_cache_mode', 'force_generic_plan', true), "
                                 "set_config('max_parallel_workers_per_gather', '0', true)"};

void require_in_time(std::chrono::steady_clock::time_point deadline) {
  if (std::chrono::steady_clock::now() < deadline) return;
  throw DatabaseError("the write took longer than its time limit");
}

/// Between half and all of a pause that grows with each attempt, so that those who collided do not meet again.
void pause_before_retry(int attempt) {
  std::chrono::microseconds pause = kFirstPause;
  for (int i = 1; i < attempt; ++i) pause *= kPauseGrowth;
  std::array<std::uint8_t, 2> random{};
  base::fill_random(random);
  const int share = random[0] << 8 | random[1];
  std::this_thread::sleep_for(pause / 2 + pause / 2 * share / 65536);
}

bool inserts_audit_entry(std::string_view sql) {
  constexpr std::string_view kInsert = "INSERT INTO ";
  sql.remove_prefix(std::min(sql.size(), sql.find_first_not_of(" \t\r\n")));
  if (!sql.starts_with(kInsert)) return false;
  sql.remove_prefix(kInsert.size());
  return sql.starts_with(kAuditTable) && sql.substr(kAuditTable.size()).find_first_of(" (\n") == 0;
}

}  // namespace

/// One transaction on one leased connection. BEGIN is queued with the first statement; what is still open when this
/// ends is rolled back, and a connection that can't be trusted any more is closed.
class PostgresDatabase::Work final : public Transaction {
 public:
  Work(Pool<PostgresConnection>& pool, const Statement& begin, Deadline deadline = Deadline::max())
      : pool_(pool), lease_(pool.acquire()), begin_(begin), deadline_(deadline) {}
  ~Work() override { roll_back(); }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  void run_script(const std::string& script) override {
    deadline_ = Deadline::max();
    guarded([&] {
      begin();
      receive();
      lease_->run_script(script);
    });
  }

  /// Throws the failure of an earlier statement, when the body has caught it and now asks for COMMIT all the same, and
  /// a transient one even when the body turned it into a refusal: another run may do better.
  void require_whole(bool commits) const {
    if (transient_) std::rethrow_exception(transient_);
    if (commits && failed_) throw DatabaseError("an earlier statement of this transaction has failed");
  }
  void require_in_time() const { db::require_in_time(deadline_); }
  /// Waits for all that is queued.
  void flush() {
    guarded([&] {
      if (lease_->has_queued()) receive();
    });
  }
  void commit() {
    guarded([&] {
      if (!begun_) return;
      if (deadline_ != Deadline::max()) {
        const Deadline begun_at = begun_at_.value_or(std::chrono::steady_clock::now());
        const auto left = std::chrono::duration_cast<std::chrono::microseconds>(deadline_ - begun_at);
        lease_->send(kRequireInTime, EncodedValues(std::array{Value(std::int64_t(left.count()))}));
      }
      lease_->send(kCommit, EncodedValues({}));
      receive();
      begun_ = false;
      if (lease_->last_tag() != "COMMIT") throw DatabaseError("PostgreSQL rolled back instead of committing");
    });
  }
  /// The end of what wrote nothing, for which nobody waits.
  void commit_read() {
    guarded([&] {
      if (!begun_) return;
      if (lease_->has_queued()) receive();
      lease_->send(kCommit, EncodedValues({}));
      lease_->receive_later();
      begun_ = false;
    });
  }
  void replay(const Witness& witness) {
    guarded([&] {
      begin();
      lease_->send(witness.statement, witness.values);
      receive();
    });
  }
  std::optional<Witness> take_witness() { return std::move(witness_); }

 protected:
  Rows run_query(const Statement& statement, std::span<const Value> values) override {
    Rows rows;
    guarded([&] {
      queue(statement, values);
      rows = receive();
    });
    return rows;
  }
  std::vector<Rows> run_queries(std::span<const Query> queries) override {
    std::vector<Rows> rows;
    guarded([&] {
      // First of all: what is received at last are the rows of the queries.
      for (const Query& query : queries) choose_plan(query.statement);
      for (const Query& query : queries) queue(query.statement, query.values);
      rows = receive_each();
    });
    rows.erase(rows.begin(), rows.end() - std::ptrdiff_t(queries.size()));
    return rows;
  }
  void run_execute(const Statement& statement, std::span<const Value> values) override {
    guarded([&] {
      queue(statement, values);
      if (lease_->is_full()) receive();
    });
  }

 private:
  void begin() {
    if (!begun_) lease_->send(begin_, EncodedValues({}));
    begun_ = true;
  }
  void choose_plan(const Statement& statement) {
    if (!statement.has_one_plan || has_one_plan_) return;
    begin();
    lease_->send(kHaveOnePlan, EncodedValues({}));
    has_one_plan_ = true;
  }
  void queue(const Statement& statement, std::span<const Value> values) {
    begin();
    choose_plan(statement);
    EncodedValues encoded(values);
    lease_->send(statement, encoded);
    if (!witness_ && inserts_audit_entry(statement.text)) witness_.emplace(Witness{statement, std::move(encoded)});
  }
  std::vector<Rows> receive_each() {
    start_clock();
    return lease_->receive_each();
  }
  Rows receive() {
    start_clock();
    return lease_->receive();
  }
  /// The server gets BEGIN with the first of what is received, so its clock starts no earlier.
  void start_clock() {
    if (!begun_at_) begun_at_ = std::chrono::steady_clock::now();
  }
  template <class Step>
  void guarded(Step step) {
    require_whole(true);
    failed_ = true;
    try {
      step();
    } catch (const ConnectionLost&) {
      transient_ = std::current_exception();
      give_up_connection();
      throw;
    } catch (const TransientError&) {
      transient_ = std::current_exception();
      throw;
    } catch (const SqlError& error) {
      // A server that does not let us write has been demoted since we connected to it.
      if (error.state() != kReadOnlyState || &begin_ != &kBeginWrite) throw;
      transient_ = std::make_exception_ptr(ConnectionLost(error.what()));
      give_up_connection();
      std::rethrow_exception(transient_);
    }
    failed_ = false;
  }
  void give_up_connection() {
    begun_ = false;
    lease_.discard();
    pool_.drop_idle();
  }
  /// What was queued may fail, which would make the server skip a ROLLBACK in the same batch: so it is received first.
  void roll_back() noexcept {
    if (!begun_) return;
    begun_ = false;
    try {
      try {
        if (lease_->has_queued()) lease_->receive();
      } catch (const ConnectionLost&) {
        throw;
      } catch (const DatabaseError&) {
        // Its statement is being undone.
      }
      lease_->send(kRollback, EncodedValues({}));
      lease_->receive();
    } catch (const std::exception& error) {
      base::log::warning("a connection was closed instead of rolled back", {{"reason", error.what()}});
      lease_.discard();
    }
  }

  Pool<PostgresConnection>& pool_;
  Pool<PostgresConnection>::Lease lease_;
  const Statement& begin_;
  Deadline deadline_;
  std::optional<Deadline> begun_at_;
  bool begun_ = false;
  bool has_one_plan_ = false;
  bool failed_ = false;
  std::exception_ptr transient_;
  std::optional<Witness> witness_;
};

PostgresDatabase::PostgresDatabase(const std::string& url, const DatabaseOptions& options, Ownership ownership)
    : ownership_(ownership),
      write_limit_(options.write_limit_ms),
      pool_(options.connections, std::chrono::milliseconds(options.acquire_timeout_ms), [url, options, ownership] {
        check_postgres_url(url);
        return std::make_unique<PostgresConnection>(url, options, ownership);
      }) {
  pool_.acquire();
}

void PostgresDatabase::run_write(const std::function<bool(Transaction&)>& body, const std::function<void()>& keep) {
  if (ownership_ == Ownership::foreign) throw DatabaseError("a database of another program is never written");
  const Deadline deadline = std::chrono::steady_clock::now() + write_limit_;
  Doubt doubt;
  // Late, a run can only find out how the one in doubt has ended.
  with_retries([&] { write_once(body, keep, doubt, deadline); },
               [&] { return doubt.exists || std::chrono::steady_clock::now() < deadline; });
}

void PostgresDatabase::write_once(const std::function<bool(Transaction&)>& body, const std::function<void()>& keep,
                                  Doubt& doubt, Deadline deadline) {
  std::exception_ptr thrown;
  {
    Work work(pool_, kBeginWrite, deadline);
    bool commits = false;
    try {
      commits = body(work);
      work.require_whole(commits);
      // In a rerun the conflict with the run in doubt must show before this run's outcome takes the place of that
      // one's.
      if (commits && doubt.exists) work.flush();
      if (commits) work.require_in_time();
    } catch (const TransientError&) {
      throw;
    } catch (...) {
      work.require_whole(false);
      thrown = std::current_exception();
      commits = false;
    }
    if (commits) {
      keep();
      try {
        work.commit();
      } catch (const ConnectionLost&) {
        doubt = {true, work.take_witness()};
        throw;
      }
      return;
    }
  }
  if (doubt.exists && doubt.witness && has_committed(*doubt.witness)) return;
  if (thrown) std::rethrow_exception(thrown);
  keep();
}

/// Inserts the audit entry once more. If the run in doubt is still going on in the server, the insert waits for its
/// end.
bool PostgresDatabase::has_committed(const Witness& witness) {
  Work work(pool_, kBeginWrite);
  try {
    work.replay(witness);
  } catch (const UniqueViolation& violation) {
    return violation.constraint() == kAuditConstraint;
  } catch (const BrokenReference&) {
    // A row that the entry refers to is not there either: that run has left nothing.
    return false;
  }
  return false;
}

void PostgresDatabase::run_read(const std::function<void(Transaction&)>& body) {
  with_retries(
      [&] {
        Work work(pool_, kBeginRead);
        try {
          body(work);
        } catch (...) {
          work.require_whole(false);
          throw;
        }
        work.require_whole(false);
        work.commit_read();
      },
      [] { return true; });
}

void PostgresDatabase::with_retries(const std::function<void()>& step, const std::function<bool()>& goes_on) {
  for (int attempt = 1;; ++attempt) {
    try {
      step();
      return;
    } catch (const TransientError& error) {
      if (attempt == kAttempts || !goes_on()) throw;
      base::log::info("a transaction runs again", {{"reason", error.what()}, {"attempt", attempt}});
    }
    pause_before_retry(attempt);
  }
}

}  // namespace gatehouse::db
