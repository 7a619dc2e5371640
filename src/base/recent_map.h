#pragma once

#include <array>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace gatehouse::base {

/// Up to a number of entries that is never exceeded. When one more comes, the oldest goes that was not used since it
/// was put or last passed over; those that were are passed over (second chance), so that finding one only marks it.
/// Thread safe; `Value` is copied out, so it should be cheap to copy.
template <class Key, class Value>
class RecentMap {
 public:
  explicit RecentMap(std::size_t capacity) : capacity_of_shard_((capacity + kShards - 1) / kShards) {}

  std::optional<Value> find(const Key& key) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.places.find(key);
    if (found == shard.places.end()) return std::nullopt;
    found->second.is_used = true;
    return found->second.value;
  }

  /// Takes the place of what the key had.
  void put(const Key& key, Value value) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.places.find(key);
    if (found != shard.places.end()) {
      found->second.value = std::move(value);
      return;
    }
    if (shard.places.size() >= capacity_of_shard_) shard.make_room();
    const auto place = shard.places.emplace(key, Entry{std::move(value), false}).first;
    shard.by_age.push_back(&*place);
  }

 private:
  static constexpr std::size_t kShards = 16;

  struct Entry {
    Value value;
    bool is_used;
  };
  struct Shard {
    std::mutex mutex;
    std::unordered_map<Key, Entry> places;  // whose elements stay where they are
    std::deque<std::pair<const Key, Entry>*> by_age;

    void make_room() {
      while (by_age.front()->second.is_used) {
        by_age.front()->second.is_used = false;
        by_age.push_back(by_age.front());
        by_age.pop_front();
      }
      places.erase(Key(by_age.front()->first));
      by_age.pop_front();
    }
  };

  Shard& shard_of(const Key& key) { return shards_[std::hash<Key>()(key) % kShards]; }

  const std::size_t capacity_of_shard_;
  std::array<Shard, kShards> shards_;
};

}  // namespace gatehouse::base
