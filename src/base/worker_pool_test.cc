#include "base/worker_pool.h"

#include <atomic>
#include <filesystem>
#include <future>
#include <gmock/gmock.h>
#include <latch>

namespace gatehouse::base {
namespace {

/// Keeps a worker busy until it is opened.
class Gate {
 public:
  void pass() {
    arrived_.set_value();
    opened_.get_future().wait();
  }
  void wait_for_arrival() { arrived_.get_future().wait(); }
  void open() { opened_.set_value(); }

 private:
  std::promise<void> arrived_, opened_;
};

TEST(WorkerPool, RefusesAtOnceWhenItsQueueIsFull) {
  WorkerPool pool("test", 1, 2, 2);
  Gate gate;
  std::atomic<int> done = 0;
  ASSERT_TRUE(pool.try_submit("lane", [&] { gate.pass(); }));
  gate.wait_for_arrival();
  EXPECT_TRUE(pool.try_submit("lane", [&] { ++done; }));
  EXPECT_TRUE(pool.try_submit("lane", [&] { ++done; }));
  EXPECT_FALSE(pool.try_submit("lane", [&] { done += 100; }));
  gate.open();
  pool.stop();
  EXPECT_EQ(done, 2);
}

TEST(WorkerPool, OneNetworkCanNotFillTheQueueOfAllOthers) {
  Gate gate;
  std::atomic<int> done = 0;
  WorkerPool pool("test", 1, 4, 2);
  ASSERT_TRUE(pool.try_submit("flood", [&] { gate.pass(); }));
  gate.wait_for_arrival();
  EXPECT_TRUE(pool.try_submit("flood", [&] { ++done; }));
  EXPECT_TRUE(pool.try_submit("flood", [&] { ++done; }));
  EXPECT_FALSE(pool.try_submit("flood", [&] { done += 100; }));
  EXPECT_TRUE(pool.try_submit("other", [&] { ++done; }));
  gate.open();
  pool.stop();
  EXPECT_EQ(done, 3);
}

TEST(WorkerPool, BeginsAsManyThreadsAsAreNeeded) {
  const auto threads = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"), std::filesystem::directory_iterator());
  };
  const auto before = threads();
  std::latch all_run(20);
  WorkerPool pool("test", 20, 100, 100);
  EXPECT_EQ(threads(), before + 1);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(pool.try_submit("lane", [&] { all_run.arrive_and_wait(); }));
  all_run.wait();
  EXPECT_EQ(threads(), before + 20);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(pool.try_submit("lane", [] {}));
  EXPECT_EQ(threads(), before + 20);
}

TEST(WorkerPool, StopFinishesWhatWasAcceptedAndTakesNothingMore) {
  std::atomic<int> done = 0;
  WorkerPool pool("test", 3, 10'000, 10'000);
  for (int i = 0; i < 5'000; ++i) ASSERT_TRUE(pool.try_submit("lane", [&] { ++done; }));
  pool.stop();
  EXPECT_EQ(done, 5'000);
  EXPECT_FALSE(pool.try_submit("lane", [&] { ++done; }));
  pool.stop();
  EXPECT_EQ(done, 5'000);
}

TEST(WorkerPool, ItsEndWaitsForWhatWasAccepted) {
  std::atomic<int> done = 0;
  {
    WorkerPool pool("a name longer than a thread can have", 2, 1'000, 1'000);
    for (int i = 0; i < 500; ++i) ASSERT_TRUE(pool.try_submit("lane", [&] { ++done; }));
  }
  EXPECT_EQ(done, 500);
}

TEST(WorkerPool, RunsAsManyTasksAtOnceAsItHasThreads) {
  Gate first, second;
  WorkerPool pool("test", 2, 10, 10);
  ASSERT_TRUE(pool.try_submit("lane", [&] { first.pass(); }));
  ASSERT_TRUE(pool.try_submit("lane", [&] { second.pass(); }));
  first.wait_for_arrival();
  second.wait_for_arrival();
  first.open();
  second.open();
}

TEST(WorkerPool, TakesTasksFromManyThreads) {
  std::atomic<int> accepted = 0, done = 0;
  {
    WorkerPool pool("test", 2, 50, 50);
    std::vector<std::thread> producers;
    for (int i = 0; i < 4; ++i) {
      producers.emplace_back([&] {
        for (int j = 0; j < 1'000; ++j) accepted += pool.try_submit("lane", [&] { ++done; });
      });
    }
    for (std::thread& producer : producers) producer.join();
  }
  EXPECT_EQ(done, accepted);
  EXPECT_GT(accepted, 0);
}

}  // namespace
}  // namespace gatehouse::base
