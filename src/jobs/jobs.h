#pragma once

#include "base/clock.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
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

/// How a job fares.
struct JobState {
  std::string name;
  /// When its last run ended; nothing before that.
  std::optional<base::Time> last_run_at;
  bool is_failing = false;
};

/// Runs a table of jobs, each on a thread of its own, so that a slow mail server holds nothing else up. Thread safe.
class Jobs {
 public:
  /// `clock` says when a job ran; it must outlive this.
  Jobs(std::vector<Job> table, const base::Clock& clock);
  ~Jobs();
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;

  void start();
  /// Cheap; may be called before start() and after stop().
  void wake();
  /// Waits for the runs that have begun. May be called more than once.
  void stop();
  /// In the order of the table.
  std::vector<JobState> states();

 private:
  void loop(const Job& job, JobState& state);

  std::vector<Job> table_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t wakes_ = 0;
  std::vector<JobState> states_;  // never grows once the threads run
  std::stop_source stopping_;
  std::vector<std::thread> threads_;
};

}  // namespace gatehouse::jobs
