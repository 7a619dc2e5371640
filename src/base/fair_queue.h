#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gatehouse::base {

/// A queue with an end whose items are taken in turn from its lanes, so that a full lane can't starve a short one. A
/// lane that had nothing for a whole round comes before those that wait, as in RFC 8290, so that who asks now and then
/// does not feel who asks all the time; but never more than kMostFresh of them in a row. Within a lane, first in is
/// first out. A lane costs memory only while something waits in it, and for a round after that. Not thread safe.
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
    while (!steady_.empty() && waiting_.find(steady_.front())->second.empty()) {
      waiting_.erase(waiting_.find(steady_.front()));
      steady_.pop_front();
    }
    const bool is_fresh = !fresh_.empty() && (fresh_in_a_row_ < kMostFresh || steady_.empty());
    fresh_in_a_row_ = is_fresh ? fresh_in_a_row_ + 1 : 0;
    std::deque<std::string>& turn = is_fresh ? fresh_ : steady_;
    if (turn.empty()) return std::nullopt;
    std::deque<Item>& items = waiting_.find(turn.front())->second;
    std::optional<Item> item(std::move(items.front()));
    items.pop_front();
    --size_;
    // Empty or not: what comes into the lane before its next turn waits for that one.
    steady_.push_back(std::move(turn.front()));
    turn.pop_front();
    return item;
  }

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

 private:
  using Lanes = std::map<std::string, std::deque<Item>, std::less<>>;

  void add(typename Lanes::iterator found, std::string_view lane, Item&& item) {
    if (found == waiting_.end()) {
      found = waiting_.emplace(std::string(lane), std::deque<Item>()).first;
      fresh_.push_back(found->first);
    }
    found->second.push_back(std::move(item));
    ++size_;
  }

  static constexpr std::size_t kMostFresh = 7;

  std::size_t limit_;
  std::size_t lane_limit_;
  std::size_t size_ = 0;
  std::size_t fresh_in_a_row_ = 0;
  Lanes waiting_;
  // Every lane is in one of them, once, in the order in which they are served.
  std::deque<std::string> fresh_;
  std::deque<std::string> steady_;
};

}  // namespace gatehouse::base
