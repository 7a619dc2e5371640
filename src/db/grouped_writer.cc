#include "db/grouped_writer.h"

#include "base/log.h"
#include "db/sqlite_transaction.h"

#include <algorithm>

namespace gatehouse::db {
namespace {

/// Bounds how long the first member waits for its answer.
constexpr std::size_t kGroupLimit = 64;

constexpr Statement kBegin{"begin", "BEGIN IMMEDIATE"};
constexpr Statement kCommit{"commit", "COMMIT"};
constexpr Statement kRollback{"rollback", "ROLLBACK"};
constexpr Statement kSavepoint{"savepoint", "SAVEPOINT operation"};
constexpr Statement kRelease{"release", "RELEASE operation"};
constexpr Statement kRollbackTo{"rollback to", "ROLLBACK TO operation"};

constexpr const char* kTooLate = "the write took longer than its time limit";

bool is_past(std::chrono::steady_clock::time_point time) { return std::chrono::steady_clock::now() >= time; }

}  // namespace

GroupedWriter::GroupedWriter(std::string path, const DatabaseOptions& options)
    : path_(std::move(path)),
      statement_timeout_(options.statement_timeout_ms),
      acquire_timeout_(options.acquire_timeout_ms),
      write_limit_(options.write_limit_ms),
      connection_(open_connection()) {}

GroupedWriter::~GroupedWriter() {
  if (connection_) connection_->checkpoint();
}

std::unique_ptr<SqliteConnection> GroupedWriter::open_connection() const {
  return std::make_unique<SqliteConnection>(path_, SqliteConnection::Use::write, statement_timeout_);
}

void GroupedWriter::run(const std::function<bool(Transaction&)>& body, const std::function<void()>& keep) {
  const Time deadline = std::chrono::steady_clock::now() + write_limit_;
  take_baton();
  try {
    join_group();
  } catch (...) {
    const std::lock_guard lock(mutex_);
    hand_on_locked();
    throw;
  }
  const std::exception_ptr thrown = run_in_savepoint(body, keep, deadline);
  settle_or_wait();
  if (thrown) std::rethrow_exception(thrown);
}

GroupedWriter::Statistics GroupedWriter::statistics() const {
  const std::lock_guard lock(mutex_);
  return {operations_, commits_, queue_.size()};
}

void GroupedWriter::take_baton() {
  std::unique_lock lock(mutex_);
  const auto self = std::this_thread::get_id();
  if (baton_is_held_ && holder_ == self) throw std::logic_error("a write was started within the body of a write");
  if (baton_is_held_) {
    Waiter waiter;
    queue_.push_back(&waiter);
    if (!waiter.wake.wait_for(lock, acquire_timeout_, [&] { return waiter.has_baton; })) {
      std::erase(queue_, &waiter);
      throw DatabaseError("the database did not take a write in time: others are writing");
    }
  }
  baton_is_held_ = true;
  holder_ = self;
}

void GroupedWriter::hand_on_locked() {
  holder_ = {};
  if (queue_.empty()) {
    baton_is_held_ = false;
    return;
  }
  Waiter* next = queue_.front();
  queue_.pop_front();
  next->has_baton = true;
  next->wake.notify_one();
}

/// Leaves no group behind when it throws: either one was open already, or BEGIN failed.
void GroupedWriter::join_group() {
  if (!group_) {
    auto group = std::make_shared<Group>();
    if (!connection_) connection_ = open_connection();
    connection_->run(kBegin);
    group_ = std::move(group);
  }
  ++group_->operations;
}

std::exception_ptr GroupedWriter::run_in_savepoint(const std::function<bool(Transaction&)>& body,
                                                   const std::function<void()>& keep, Time deadline) {
  bool commits = false;
  std::exception_ptr thrown;
  try {
    connection_->run(kSavepoint);
    SqliteTransaction transaction(*connection_);
    commits = body(transaction);
    if (commits) {
      transaction.require_whole();
      if (connection_->has_broken_deferred_keys()) throw DatabaseError("a deferred foreign key is broken at the end");
      if (!transaction.ran_script()) {
        if (is_past(deadline)) throw DatabaseError(kTooLate);
        group_->deadline = std::min(group_->deadline, deadline);
      }
    }
    keep();
  } catch (...) {
    commits = false;
    thrown = std::current_exception();
  }
  try {
    end_savepoint(commits);
  } catch (const std::exception& error) {
    group_->broken = error.what();
  }
  return thrown;
}

void GroupedWriter::end_savepoint(bool commits) {
  if (connection_->in_autocommit()) throw DatabaseError("SQLite has given up the transaction");
  if (!commits) connection_->run(kRollbackTo);
  connection_->run(kRelease);
}

void GroupedWriter::settle_or_wait() {
  std::unique_lock lock(mutex_);
  const std::shared_ptr<Group> group = group_;
  ++operations_;
  const bool has_time = !is_past(group->deadline - write_limit_ / 2);
  if (!queue_.empty() && group->operations < kGroupLimit && has_time && !group->broken) {
    hand_on_locked();
    group->done.wait(lock, [&] { return group->settled; });
  } else {
    lock.unlock();
    commit_group();
    lock.lock();
    if (!group->broken) ++commits_;
    group->settled = true;
    group->done.notify_all();
    group_.reset();
    hand_on_locked();
  }
  if (group->broken) throw DatabaseError("nothing was committed: " + *group->broken);
}

/// Out of memory in here ends the program, which is what keeps invariant 2.
void GroupedWriter::commit_group() noexcept {
  if (!group_->broken) {
    try {
      if (is_past(group_->deadline)) throw DatabaseError(kTooLate);
      connection_->run(kCommit);
      return;
    } catch (const std::exception& error) {
      group_->broken = error.what();
    }
  }
  base::log::error("a group of writes could not be committed",
                   {{"reason", *group_->broken}, {"operations", group_->operations}});
  try {
    if (!connection_->in_autocommit()) connection_->run(kRollback);
  } catch (const std::exception& error) {
    base::log::error("the write connection is given up", {{"reason", error.what()}});
    connection_.reset();
  }
}

}  // namespace gatehouse::db
