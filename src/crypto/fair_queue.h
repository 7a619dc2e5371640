#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gatehouse::crypto {

/// A queue with an end whose items are taken in turn from its lanes, so that a full lane can't starve a short one.
/// Within a lane, first in is first out. A lane costs memory only while something waits in it. Not thread safe.
template <class Item>
class FairQueue {
 public:
  explicit FairQueue(std::size_t limit) : limit_(limit) {}

  /// False, and `item` untouched, when `limit` items wait already.
  bool push(std::string_view lane, Item&& item) {
    if (size_ >= limit_) return false;
    auto found = waiting_.find(lane);
    if (found == waiting_.end()) {
      found = waiting_.emplace(std::string(lane), std::deque<Item>()).first;
      turn_.push_back(found->first);
    }
    found->second.push_back(std::move(item));
    ++size_;
    return true;
  }

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

 private:
  std::size_t limit_;
  std::size_t size_ = 0;
  std::map<std::string, std::deque<Item>, std::less<>> waiting_;
  /// Every lane in which something waits, once, in the order in which they are served.
  std::deque<std::string> turn_;
};

}  // namespace gatehouse::crypto
