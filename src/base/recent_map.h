#pragma once

#include <array>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace gatehouse::base {

/// The entries that were used last, up to a number that is never exceeded. Thread safe; `Value` is copied out, so it
/// should be cheap to copy.
template <class Key, class Value>
class RecentMap {
 public:
  explicit RecentMap(std::size_t capacity) : capacity_of_shard_((capacity + kShards - 1) / kShards) {}

  std::optional<Value> find(const Key& key) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.places.find(key);
    if (found == shard.places.end()) return std::nullopt;
    shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
    return found->second->second;
  }

  /// Takes the place of what the key had.
  void put(const Key& key, Value value) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.places.find(key);
    if (found != shard.places.end()) {
      found->second->second = std::move(value);
      shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
      return;
    }
    if (shard.entries.size() >= capacity_of_shard_) {
      shard.places.erase(shard.entries.back().first);
      shard.entries.pop_back();
    }
    shard.entries.emplace_front(key, std::move(value));
    shard.places.emplace(key, shard.entries.begin());
  }

 private:
  static constexpr std::size_t kShards = 16;

  struct Shard {
    std::mutex mutex;
    std::list<std::pair<const Key, Value>> entries;  // used last comes first
    std::unordered_map<Key, typename std::list<std::pair<const Key, Value>>::iterator> places;
  };

  Shard& shard_of(const Key& key) { return shards_[std::hash<Key>()(key) % kShards]; }

  const std::size_t capacity_of_shard_;
  std::array<Shard, kShards> shards_;
};

}  // namespace gatehouse::base
