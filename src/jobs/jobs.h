#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace gatehouse::jobs {

/// Work that is done again and again beside requests.
struct Job {
  std::string name;
  /// Real time between two runs.
  std::chrono::milliseconds period;
  /// Also runs at once when wake() is called.
  bool on_wake = false;
  /// Throws when it could not do its work: that is logged, and tried again after the period. Ends soon when it is asked
  /// to stop.
  std::function<void(std::stop_token)> run;
};

/// Runs a table of jobs, each on a thread of its own, so that a slow mail server holds nothing else up. Thread safe.
class Jobs {
 public:
  explicit Jobs(std::vector<Job> table) : table_(std::move(table)) {}
  ~Jobs();
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;

  void start();
  /// Cheap; may be called before start() and after stop().
  void wake();
  /// Waits for the runs that have begun. May be called more than once.
  void stop();

 private:
  void loop(const Job& job);

  std::vector<Job> table_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t wakes_ = 0;
  std::stop_source stopping_;
  std::vector<std::thread> threads_;
};

}  // namespace gatehouse::jobs
