#pragma once

#include "base/fair_queue.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace gatehouse::base {

/// Threads, begun when there is more work than those that there are will take, and a queue with an end, served in turn
/// by lane (such as the network of a client), so that one lane can neither fill the queue nor starve the others. Thread
/// safe.
class WorkerPool {
 public:
  /// At most `most_threads` threads, none when that is 0, and at most `queue_limit` waiting tasks, of one lane at most
  /// `lane_limit`. Throws std::system_error when not even one thread can be had.
  WorkerPool(std::string name, std::size_t most_threads, std::size_t queue_limit, std::size_t lane_limit);
  /// Waits for what was accepted.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// False at once when the queue is full, the lane holds all that one lane may, or the pool is stopping: the caller
  /// then says that we are overloaded. A task must not throw.
  bool try_submit(std::string_view lane, std::function<void()> task);
  /// The rest of what was begun: it waits in its lane however full that is. False only when the pool is stopping.
  bool submit_more(std::string_view lane, std::function<void()> task);
  /// Takes nothing more, finishes what was accepted, ends the threads. May be called more than once.
  void stop();

 private:
  void begin_thread();
  void begin_thread_if_needed();
  void work();

  const std::string name_;
  const std::size_t most_threads_;
  std::mutex mutex_;
  std::condition_variable wake_;
  FairQueue<std::function<void()>> queue_;
  bool stopping_ = false;
  std::size_t idle_ = 0;
  bool has_warned_ = false;  // that there are fewer threads than it wanted
  std::vector<std::thread> threads_;
};

}  // namespace gatehouse::base
