#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gatehouse::base {

/// A queue with an end whose items are taken in turn from its lanes, so that a full lane can't starve a short one.
/// Within a lane, first in is first out. A lane costs memory only while something waits in it. Not thread safe.
template <class Item>
class FairQueue {
 public:
  /// At most `limit` items wait, and at most `lane_limit` of them in one lane.
  FairQueue(std::size_t limit, std::size_t lane_limit) : limit_(limit), lane_limit_(lane_limit) {}
  explicit FairQueue(std::size_t limit) : FairQueue(limit, limit) {}

  /// False, and `item` untouched, when the queue or its lane is full.
  bool push(std::string_view lane, Item&& item) {
    if (size_ >= limit_) return false;
    auto found = waiting_.find(lane);
    if (found != waiting_.end() && found->second.size() >= lane_limit_) return false;
    add(found, lane, std::move(item));
    return true;
  }
  /// Takes the item even when the queue or its lane is full.
  void push_always(std::string_view lane, Item&& item) { add(waiting_.find(lane), lane, std::move(item)); }

  std::optional<Item> pop() {
    if (turn_.empty()) return std::nullopt;
    std::string lane = std::move(turn_.front());
    turn_.pop_front();
    const auto found = waiting_.find(lane);
    std::optional<Item> item(std::move(found->second.front()));
    found->second.pop_front();
    --size_;
    if (found->second.empty()) {
      waiting_.erase(found);
    } else {
      turn_.push_back(std::move(lane));
    }
    return item;
  }

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

 private:
  using Lanes = std::map<std::string, std::deque<Item>, std::less<>>;

  void add(typename Lanes::iterator found, std::string_view lane, Item&& item) {
    if (found == waiting_.end()) {
      found = waiting_.emplace(std::string(lane), std::deque<Item>()).first;
      turn_.push_back(found->first);
    }
    found->second.push_back(std::move(item));
    ++size_;
  }

  std::size_t limit_;
  std::size_t lane_limit_;
  std::size_t size_ = 0;
  Lanes waiting_;
  /// Every lane in which something waits, once, in the order in which they are served.
  std::deque<std::string> turn_;
};

}  // namespace gatehouse::base
