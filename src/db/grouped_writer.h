#pragma once

#include "db/sqlite_connection.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

namespace gatehouse::db {

/// Many writers, one write connection, few syncs. Whoever writes queues up. The first one leads: it opens a
/// transaction, runs the work of all who are or come into the queue, each in a savepoint, commits for all of them when
/// the queue is empty or the group full, hands the lead to who came meanwhile and then wakes the members. A writer's
/// work runs on the leader's thread, since waking a thread for each takes longer than most work. Thread safe.
///
/// Invariants:
/// 1. At most one thread leads; only it touches `connection_`.
/// 2. An operation in the queue is its own thread's, which may give it up. One that the leader took is the leader's
///    until it is settled, and its own thread waits for that, however long.
/// 3. Whoever leads settles all that it took, whatever their bodies throw, and either hands on to the first in the
///    queue or leaves an empty one. So no writer is left asleep.
/// 4. No member learns its outcome, refusals and exceptions included, before its group has ended: the work may have
///    seen uncommitted data of earlier members. When the COMMIT fails, all of them get DatabaseError.
/// 5. A member's refusal or exception undoes its own savepoint and nobody else's work. If SQLite itself gives up the
///    transaction (disk full), the group has failed as a whole.
/// 6. No COMMIT begins after the deadline of a member whose work it holds. A body that ends after its own deadline is
///    undone alone. When the group is late because a later member's body took long, it fails as a whole; so another is
///    only taken while half of the limit is left to all.
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

  /// As Database::run_write has it. Throws DatabaseError when nobody took the work in time or the COMMIT failed, and
  /// std::logic_error when called from within a body.
  void run(const std::function<bool(Transaction&)>& body, const std::function<void()>& keep);
  Statistics statistics() const;

 private:
  using Time = std::chrono::steady_clock::time_point;

  /// One call of run(). Its body and `keep` stand on the stack of that call, which waits here.
  class Operation {
   public:
    Operation(const std::function<bool(Transaction&)>& body, const std::function<void()>& keep, Time deadline);

    /// True when its own thread shall lead, false when it is settled. Throws DatabaseError, and gives it up, when
    /// nobody took it in time.
    bool wait(std::chrono::milliseconds longest);
    /// These three are the leader's. False when it was given up.
    bool take() { return enter(State::taken); }
    bool call_to_lead() { return enter(State::leading); }
    void settle() { enter(State::settled); }

    const std::function<bool(Transaction&)>& body;
    const std::function<void()>& keep;
    const Time deadline;
    const std::string_view request_id;  // for what the body logs
    std::exception_ptr thrown;

   private:
    enum class State { queued, given_up, leading, taken, settled };

    bool enter(State next);

    std::mutex mutex_;
    std::condition_variable wake_;
    State state_ = State::queued;
  };
  struct Group {
    std::vector<std::shared_ptr<Operation>> members;
    /// The earliest one of those who want to commit.
    Time deadline = Time::max();
    /// Why it can't be committed, when it can't.
    std::optional<std::string> broken;
  };

  std::unique_ptr<SqliteConnection> open_connection() const;
  void lead() noexcept;
  Operation* take_next(Group& group);
  bool has_room(const Group& group) const;
  void begin(Group& group);
  void run_in_savepoint(Group& group, Operation& operation);
  void end_savepoint(bool commits);
  void commit(Group& group);
  void hand_on(const Group& group);

  const std::string path_;
  const std::chrono::milliseconds statement_timeout_;
  const std::chrono::milliseconds acquire_timeout_;
  const std::chrono::milliseconds write_limit_;
  std::unique_ptr<SqliteConnection> connection_;

  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<Operation>> queue_;
  bool is_led_ = false;
  std::thread::id leader_;  // of nobody while the next one has not begun
  std::uint64_t operations_ = 0;
  std::uint64_t commits_ = 0;
};

}  // namespace gatehouse::db
