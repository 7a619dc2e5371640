#pragma once

#include "db/database.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace gatehouse::db {

/// A bounded set of connections, opened when first needed. Thread safe.
/// Invariant: `open_` counts the idle ones, the leased ones and those being opened, and never exceeds `limit_`.
template <class Connection>
class Pool {
 public:
  using Opener = std::function<std::unique_ptr<Connection>()>;

  Pool(std::size_t limit, std::chrono::milliseconds timeout, Opener opener)
      : limit_(limit), timeout_(timeout), opener_(std::move(opener)) {
    idle_.reserve(limit_);  // so that giving back never allocates, and never throws
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// One connection for one thread; goes back when the lease ends, unless it was discarded.
  class Lease {
   public:
    Lease(Pool& pool, std::unique_ptr<Connection> connection) : pool_(pool), connection_(std::move(connection)) {}
    ~Lease() { pool_.give_back(std::move(connection_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    Connection& operator*() { return *connection_; }
    Connection* operator->() { return connection_.get(); }
    /// Closes the connection; nobody gets it again.
    void discard() { connection_.reset(); }

   private:
    Pool& pool_;
    std::unique_ptr<Connection> connection_;
  };

  /// Waits for a free connection or opens one. Throws DatabaseError when none got free in time, and what the opener
  /// throws.
  Lease acquire() {
    std::unique_lock lock(mutex_);
    const bool found = free_.wait_for(lock, timeout_, [&] { return !idle_.empty() || open_ < limit_; });
    if (!found) throw DatabaseError("no database connection got free in time");
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return Lease(*this, std::move(connection));
    }
    ++open_;
    lock.unlock();
    try {
      return Lease(*this, opener_());
    } catch (...) {
      give_back(nullptr);
      throw;
    }
  }

  /// Closes the connections that nobody uses: after one was lost, its idle sisters most likely are as well.
  void drop_idle() {
    std::vector<std::unique_ptr<Connection>> dropped;
    const std::lock_guard lock(mutex_);
    for (auto& connection : idle_) dropped.push_back(std::move(connection));
    idle_.clear();
    open_ -= dropped.size();
    free_.notify_all();
  }

 private:
  void give_back(std::unique_ptr<Connection> connection) {
    const std::lock_guard lock(mutex_);
    if (connection) {
      idle_.push_back(std::move(connection));
    } else {
      --open_;
    }
    free_.notify_one();
  }

  const std::size_t limit_;
  const std::chrono::milliseconds timeout_;
  const Opener opener_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t open_ = 0;
};

}  // namespace gatehouse::db
