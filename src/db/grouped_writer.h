#pragma once

#include "db/sqlite_connection.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace gatehouse::db {

/// Many writers, one write connection, few syncs. Whoever writes takes the baton, opens the group's transaction if none
/// is open, runs its work inside a savepoint, and then either hands the baton to the next in the queue and waits for
/// the group's COMMIT, or, being the last one or the group being full, commits for the whole group. Thread safe.
///
/// Invariants:
/// 1. At most one thread holds the baton; only it touches `connection_` and `group_`.
/// 2. While `group_` is set, its transaction is open and somebody holds the baton. The holder either settles the group
/// or
///    hands on to a waiting writer, who joins the group; it never leaves both undone, whatever its body throws. So no
///    member is left asleep.
/// 3. No member learns its outcome, refusals and exceptions included, before its group is settled: the work may have
/// seen
///    uncommitted data of earlier members. When the COMMIT fails, all of them get DatabaseError.
/// 4. A member's refusal or exception undoes its own savepoint and nobody else's work. If SQLite itself gives up the
///    transaction (disk full), the group has failed as a whole.
/// 5. No COMMIT begins after the deadline of a member whose work it holds. A body that ends after its own deadline is
///    undone alone. When the group is late because a later member's body took long, it fails as a whole; so the baton
///    is only handed on while half of the limit is left to all.
class GroupedWriter {
 public:
  struct Statistics {
    std::uint64_t operations = 0;
    std::uint64_t commits = 0;
    std::size_t waiting = 0;
  };

  GroupedWriter(std::string path, const DatabaseOptions& options);
  ~GroupedWriter();
  GroupedWriter(const GroupedWriter&) = delete;
  GroupedWriter& operator=(const GroupedWriter&) = delete;

  /// As Database::run_write has it. Throws DatabaseError when the baton did not come in time or the COMMIT failed, and
  /// std::logic_error when called from within a body.
  void run(const std::function<bool(Transaction&)>& body, const std::function<void()>& keep);
  Statistics statistics() const;

 private:
  struct Waiter {
    bool has_baton = false;
    std::condition_variable wake;
  };
  using Time = std::chrono::steady_clock::time_point;
  struct Group {
    std::size_t operations = 0;
    /// The earliest one of those who want to commit.
    Time deadline = Time::max();
    /// Why it can't be committed, when it can't.
    std::optional<std::string> broken;
    bool settled = false;
    std::condition_variable done;
  };

  std::unique_ptr<SqliteConnection> open_connection() const;
  void take_baton();
  void hand_on_locked();
  void join_group();
  std::exception_ptr run_in_savepoint(const std::function<bool(Transaction&)>& body, const std::function<void()>& keep,
                                      Time deadline);
  void end_savepoint(bool commits);
  void settle_or_wait();
  void commit_group() noexcept;

  const std::string path_;
  const std::chrono::milliseconds statement_timeout_;
  const std::chrono::milliseconds acquire_timeout_;
  const std::chrono::milliseconds write_limit_;
  std::unique_ptr<SqliteConnection> connection_;
  std::shared_ptr<Group> group_;

  mutable std::mutex mutex_;
  std::deque<Waiter*> queue_;
  bool baton_is_held_ = false;
  std::thread::id holder_;
  std::uint64_t operations_ = 0;
  std::uint64_t commits_ = 0;
};

}  // namespace gatehouse::db
