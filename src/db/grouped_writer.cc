#include "db/grouped_writer.h"

#include "base/log.h"
#include "db/sqlite_transaction.h"

#include <algorithm>
#include <utility>

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

GroupedWriter::Operation::Operation(const std::function<bool(Transaction&)>& its_body,
                                    const std::function<void()>& its_keep, Time its_deadline)
    : body(its_body), keep(its_keep), deadline(its_deadline), request_id(base::log::RequestScope::current()) {}

bool GroupedWriter::Operation::wait(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  if (!wake_.wait_for(lock, longest, [&] { return state_ != State::queued; })) {
    state_ = State::given_up;
    throw DatabaseError("the database did not take a write in time: others are writing");
  }
  wake_.wait(lock, [&] { return state_ != State::taken; });
  return state_ == State::leading;
}

bool GroupedWriter::Operation::enter(State next) {
  {
    const std::lock_guard lock(mutex_);
    if (state_ == State::given_up) return false;
    state_ = next;
  }
  if (next != State::taken) wake_.notify_one();
  return true;
}

void GroupedWriter::run(const std::function<bool(Transaction&)>& body, const std::function<void()>& keep) {
  const auto operation = std::make_shared<Operation>(body, keep, std::chrono::steady_clock::now() + write_limit_);
  bool leads = false;
  {
    const std::lock_guard lock(mutex_);
    if (leader_ == std::this_thread::get_id()) {
      throw std::logic_error("a write was started within the body of a write");
    }
    queue_.push_back(operation);
    leads = !std::exchange(is_led_, true);
  }
  if (leads || operation->wait(acquire_timeout_)) lead();
  if (auto thrown = std::exchange(operation->thrown, nullptr)) std::rethrow_exception(std::move(thrown));
}

GroupedWriter::Statistics GroupedWriter::statistics() const {
  const std::lock_guard lock(mutex_);
  return {operations_, commits_, queue_.size()};
}

/// Out of memory in here ends the program, which is what keeps invariant 3.
void GroupedWriter::lead() noexcept {
  Group group;
  while (Operation* next = take_next(group)) {
    if (group.members.size() == 1) begin(group);
    if (!group.broken) run_in_savepoint(group, *next);
  }
  commit(group);
  hand_on(group);
  for (const auto& member : group.members) {
    if (group.broken) {
      member->thrown = std::make_exception_ptr(DatabaseError("nothing was committed: " + *group.broken));
    }
    member->settle();
  }
}

/// The leader's own is the first.
GroupedWriter::Operation* GroupedWriter::take_next(Group& group) {
  const std::lock_guard lock(mutex_);
  leader_ = std::this_thread::get_id();
  while (!queue_.empty() && has_room(group)) {
    std::shared_ptr<Operation> next = std::move(queue_.front());
    queue_.pop_front();
    if (!next->take()) continue;
    group.members.push_back(std::move(next));
    return group.members.back().get();
  }
  return nullptr;
}

bool GroupedWriter::has_room(const Group& group) const {
  return group.members.size() < kGroupLimit && !group.broken && !is_past(group.deadline - write_limit_ / 2);
}

void GroupedWriter::begin(Group& group) {
  try {
    if (!connection_) connection_ = open_connection();
    connection_->run(kBegin);
  } catch (const std::exception& error) {
    group.broken = error.what();
  }
}

void GroupedWriter::run_in_savepoint(Group& group, Operation& operation) {
  const base::log::RequestScope scope(operation.request_id);
  bool commits = false;
  try {
    connection_->run(kSavepoint);
    SqliteTransaction transaction(*connection_);
    commits = operation.body(transaction);
    if (commits) {
      transaction.require_whole();
      if (connection_->has_broken_deferred_keys()) throw DatabaseError("a deferred foreign key is broken at the end");
      if (!transaction.ran_script()) {
        if (is_past(operation.deadline)) throw DatabaseError(kTooLate);
        group.deadline = std::min(group.deadline, operation.deadline);
      }
    }
    operation.keep();
  } catch (...) {
    commits = false;
    operation.thrown = std::current_exception();
  }
  try {
    end_savepoint(commits);
  } catch (const std::exception& error) {
    group.broken = error.what();
  }
}

void GroupedWriter::end_savepoint(bool commits) {
  if (connection_->in_autocommit()) throw DatabaseError("SQLite has given up the transaction");
  if (!commits) connection_->run(kRollbackTo);
  connection_->run(kRelease);
}

void GroupedWriter::commit(Group& group) {
  if (!group.broken) {
    try {
      if (is_past(group.deadline)) throw DatabaseError(kTooLate);
      connection_->run(kCommit);
      return;
    } catch (const std::exception& error) {
      group.broken = error.what();
    }
  }
  base::log::error("a group of writes could not be committed",
                   {{"reason", *group.broken}, {"operations", group.members.size()}});
  try {
    if (connection_ && !connection_->in_autocommit()) connection_->run(kRollback);
  } catch (const std::exception& error) {
    base::log::error("the write connection is given up", {{"reason", error.what()}});
    connection_.reset();
  }
}

void GroupedWriter::hand_on(const Group& group) {
  const std::lock_guard lock(mutex_);
  operations_ += group.members.size();
  if (!group.broken) ++commits_;
  leader_ = {};
  while (!queue_.empty() && !queue_.front()->call_to_lead()) queue_.pop_front();
  is_led_ = !queue_.empty();
}

}  // namespace gatehouse::db
