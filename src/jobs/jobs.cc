#include "jobs/jobs.h"

#include "base/log.h"

#include <pthread.h>

namespace gatehouse::jobs {

namespace log = base::log;

Jobs::Jobs(std::vector<Job> table, const base::Clock& clock) : table_(std::move(table)), clock_(clock) {
  for (const Job& job : table_) states_.push_back({job.name, std::nullopt, false});
}

Jobs::~Jobs() { stop(); }

void Jobs::start() {
  for (std::size_t i = 0; i < table_.size(); ++i) {
    threads_.emplace_back([this, i] { loop(table_[i], states_[i]); });
    ::pthread_setname_np(threads_.back().native_handle(), ("job " + table_[i].name).substr(0, 15).c_str());
  }
}

void Jobs::wake() {
  {
    std::lock_guard lock(mutex_);
    ++wakes_;
  }
  changed_.notify_all();
}

void Jobs::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_.request_stop();
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

std::vector<JobState> Jobs::states() {
  std::lock_guard lock(mutex_);
  return states_;
}

void Jobs::loop(const Job& job, JobState& state) {
  bool is_failing = false;
  std::uint64_t seen_wakes = 0;
  for (;;) {
    {
      std::lock_guard lock(mutex_);
      if (stopping_.stop_requested()) return;
      seen_wakes = wakes_;
    }
    try {
      job.run(stopping_.get_token());
      if (is_failing) log::info("job works again", {{"job", job.name}});
      is_failing = false;
    } catch (const std::exception& error) {
      // One line when it breaks, not one for each try.
      if (!is_failing) log::error("job failed", {{"job", job.name}, {"error", error.what()}});
      is_failing = true;
    }
    std::unique_lock lock(mutex_);
    state = {job.name, clock_.now(), is_failing};
    changed_.wait_for(lock, job.period, [&] {
      return stopping_.stop_requested() || (job.on_wake && !is_failing && wakes_ != seen_wakes);
    });
  }
}

}  // namespace gatehouse::jobs
