#include "base/worker_pool.h"

#include "base/scheduling.h"

#include <pthread.h>

namespace gatehouse::base {

WorkerPool::WorkerPool(std::string name, std::size_t threads, std::size_t queue_limit, std::size_t lane_limit)
    : queue_(queue_limit, lane_limit) {
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { work(); });
    ::pthread_setname_np(threads_.back().native_handle(), name.substr(0, 15).c_str());
  }
}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::try_submit(std::string_view lane, std::function<void()> task) {
  {
    std::lock_guard lock(mutex_);
    if (stopping_ || !queue_.push(lane, std::move(task))) return false;
  }
  wake_.notify_one();
  return true;
}

bool WorkerPool::submit_more(std::string_view lane, std::function<void()> task) {
  {
    std::lock_guard lock(mutex_);
    if (stopping_) return false;
    queue_.push_always(lane, std::move(task));
  }
  wake_.notify_one();
  return true;
}

void WorkerPool::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void WorkerPool::work() {
  // Its tasks are requests, for which somebody waits.
  ask_for_short_slices();
  for (;;) {
    std::optional<std::function<void()>> task;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      task = queue_.pop();
      if (!task) return;
    }
    (*task)();
  }
}

}  // namespace gatehouse::base
