#include "base/worker_pool.h"

#include "base/log.h"
#include "base/scheduling.h"

#include <pthread.h>
#include <utility>

namespace gatehouse::base {

namespace {
/// Of a thread, for Linux.
constexpr std::size_t kLongestName = 15;
}  // namespace

WorkerPool::WorkerPool(std::string name, std::size_t most_threads, std::size_t queue_limit, std::size_t lane_limit)
    : name_(name.substr(0, kLongestName)), most_threads_(most_threads), queue_(queue_limit, lane_limit) {
  threads_.reserve(most_threads_);
  if (most_threads_ > 0) begin_thread();
}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::try_submit(std::string_view lane, std::function<void()> task) {
  {
    std::lock_guard lock(mutex_);
    if (stopping_ || !queue_.push(lane, std::move(task))) return false;
    begin_thread_if_needed();
  }
  wake_.notify_one();
  return true;
}

bool WorkerPool::submit_more(std::string_view lane, std::function<void()> task) {
  {
    std::lock_guard lock(mutex_);
    if (stopping_) return false;
    queue_.push_always(lane, std::move(task));
    begin_thread_if_needed();
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

void WorkerPool::begin_thread() {
  threads_.emplace_back([this] { work(); });
  ::pthread_setname_np(threads_.back().native_handle(), name_.c_str());
}

void WorkerPool::begin_thread_if_needed() {
  if (queue_.size() <= idle_ || threads_.size() == most_threads_) return;
  try {
    begin_thread();
  } catch (const std::exception& error) {
    // Those that there are take it when they can.
    if (!std::exchange(has_warned_, true)) {
      log::warning("a thread could not be begun",
                   {{"pool", name_}, {"threads", threads_.size()}, {"error", error.what()}});
    }
  }
}

void WorkerPool::work() {
  // Its tasks are requests, for which somebody waits.
  ask_for_short_slices();
  for (;;) {
    std::optional<std::function<void()>> task;
    {
      std::unique_lock lock(mutex_);
      ++idle_;
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      --idle_;
      task = queue_.pop();
      if (!task) return;
    }
    (*task)();
  }
}

}  // namespace gatehouse::base
