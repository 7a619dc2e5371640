#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

namespace gatehouse::base {

/// Up to a number of entries that is never exceeded. When one more comes, the oldest goes that was not used since it
/// was put or last passed over; those that were are passed over (second chance), so that finding one only marks it.
/// Thread safe; `Value` is copied out, so it should be cheap to copy.
template <class Key, class Value, class Hash = std::hash<Key>>
class RecentMap {
 public:
  explicit RecentMap(std::size_t capacity) : capacity_of_shard_((capacity + kShards - 1) / kShards) {}

  std::optional<Value> find(const Key& key) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.entries.find(key);
    if (found == shard.entries.end()) return std::nullopt;
    found->second.is_used = true;
    return found->second.value;
  }

  /// Takes the place of what the key had.
  void put(const Key& key, Value value) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.entries.find(key);
    if (found != shard.entries.end()) {
      found->second.value = std::move(value);
      return;
    }
    if (shard.entries.size() >= capacity_of_shard_) shard.make_room();
    shard.entries.emplace(key, Entry{std::move(value), false});
    shard.by_age.push_back(key);
  }

 private:
  static constexpr std::size_t kShards = 16;

  struct Entry {
    Value value;
    bool is_used;
  };
  struct Shard {
    std::mutex mutex;
    // A look-up in a large one waits for memory, and in this kind of map least.
    boost::unordered_flat_map<Key, Entry, Hash> entries;
    std::deque<Key> by_age;

    void make_room() {
      for (;;) {
        const auto oldest = entries.find(by_age.front());
        if (!oldest->second.is_used) {
          entries.erase(oldest);
          by_age.pop_front();
          return;
        }
        oldest->second.is_used = false;
        by_age.push_back(std::move(by_age.front()));
        by_age.pop_front();
      }
    }
  };

  Shard& shard_of(const Key& key) { return shards_[Hash()(key) % kShards]; }

  const std::size_t capacity_of_shard_;
  std::array<Shard, kShards> shards_;
};

}  // namespace gatehouse::base
