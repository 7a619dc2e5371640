#include "base/fair_queue.h"

#include <gmock/gmock.h>
#include <memory>

namespace gatehouse::base {
namespace {

template <class Item>
std::vector<Item> drain(FairQueue<Item>& queue) {
  std::vector<Item> out;
  while (auto item = queue.pop()) out.push_back(std::move(*item));
  return out;
}

TEST(FairQueue, AFullLaneDoesNotStarveAShortOne) {
  FairQueue<std::string> queue(100);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(queue.push("A", "a" + std::to_string(i)));
  ASSERT_TRUE(queue.push("B", "b0"));
  const auto order = drain(queue);
  ASSERT_EQ(order.size(), 21u);
  EXPECT_THAT(std::vector<std::string>(order.begin(), order.begin() + 4), testing::ElementsAre("a0", "b0", "a1", "a2"));
}

TEST(FairQueue, LanesTakeTurnsAndKeepTheirOwnOrder) {
  FairQueue<std::string> queue(100);
  for (const std::string lane : {"A", "B", "C"}) {
    for (const std::string number : {"1", "2"}) ASSERT_TRUE(queue.push(lane, lane + number));
  }
  EXPECT_THAT(drain(queue), testing::ElementsAre("A1", "B1", "C1", "A2", "B2", "C2"));
}

TEST(FairQueue, WhoAsksNowAndThenComesBeforeThoseWhoWait) {
  FairQueue<std::string> queue(100);
  for (const std::string number : {"1", "2", "3"}) {
    for (const std::string lane : {"A", "B"}) ASSERT_TRUE(queue.push(lane, lane + number));
  }
  EXPECT_EQ(queue.pop(), "A1");
  EXPECT_EQ(queue.pop(), "B1");
  ASSERT_TRUE(queue.push("C", "C1"));
  EXPECT_EQ(queue.pop(), "C1");
  ASSERT_TRUE(queue.push("C", "C2"));
  EXPECT_THAT(drain(queue), testing::ElementsAre("A2", "B2", "C2", "A3", "B3"));
}

TEST(FairQueue, ManyWhoAskOnceDoNotStarveThoseWhoWait) {
  FairQueue<std::string> queue(1000);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(queue.push("A", "a" + std::to_string(i)));
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(queue.push("once" + std::to_string(i), "x"));
  std::vector<std::size_t> places;
  const auto order = drain(queue);
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (order[i] != "x") places.push_back(i);
  }
  EXPECT_THAT(places, testing::ElementsAre(0, 7, 15));
}

TEST(FairQueue, ALaneThatComesBackWaitsBehindTheOthers) {
  FairQueue<std::string> queue(100);
  ASSERT_TRUE(queue.push("A", "a1"));
  ASSERT_TRUE(queue.push("B", "b1"));
  EXPECT_EQ(queue.pop(), "a1");
  ASSERT_TRUE(queue.push("A", "a2"));
  EXPECT_THAT(drain(queue), testing::ElementsAre("b1", "a2"));
}

TEST(FairQueue, TakesTheRestOfWhatWasBegunHoweverFullItIs) {
  FairQueue<std::string> queue(1);
  ASSERT_TRUE(queue.push("A", "a0"));
  ASSERT_FALSE(queue.push("A", "a1"));
  queue.push_always("A", "a2");
  queue.push_always("B", "b0");
  EXPECT_THAT(drain(queue), testing::ElementsAre("a0", "b0", "a2"));
}

TEST(FairQueue, RefusesWhatIsOverTheLimitAndLeavesItAlone) {
  FairQueue<std::unique_ptr<int>> queue(2);
  auto third = std::make_unique<int>(3);
  ASSERT_TRUE(queue.push("A", std::make_unique<int>(1)));
  ASSERT_TRUE(queue.push("B", std::make_unique<int>(2)));
  EXPECT_FALSE(queue.push("C", std::move(third)));
  ASSERT_NE(third, nullptr);
  EXPECT_EQ(**queue.pop(), 1);
  EXPECT_TRUE(queue.push("C", std::move(third)));
  EXPECT_EQ(**queue.pop(), 2);
  EXPECT_EQ(**queue.pop(), 3);
  EXPECT_TRUE(queue.empty());
  EXPECT_FALSE(queue.pop());
}

}  // namespace
}  // namespace gatehouse::base
