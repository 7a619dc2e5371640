#pragma once

#include "base/clock.h"
#include "base/hash_of_uuid.h"
#include "base/result.h"
#include "domain/caller.h"
#include "domain/services.h"

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <mutex>

namespace gatehouse::domain {

/// How many requests a session or an API key may make in a minute, counted in the memory of this node: it keeps a
/// client that went wild from taking the service for itself, and guards no secret. Thread safe.
class RequestBudget {
 public:
  static constexpr std::string_view kName = "api";
  static constexpr std::chrono::seconds kWindow{60};

  explicit RequestBudget(std::int64_t per_minute) : per_minute_(per_minute) {}

  /// Counts one request. Nothing when it is one too many; how long to wait stands in `state` either way.
  bool take(const base::Uuid& subject, base::Time now, LimitState& state);

 private:
  struct Window {
    base::Time ends_at;
    std::int64_t hits = 0;
  };
  struct Shard {
    std::mutex mutex;
    boost::unordered_flat_map<base::Uuid, Window, base::HashOfUuid> windows;
    base::Time swept_at;
  };

  const std::int64_t per_minute_;
  std::array<Shard, 16> shards_;
};

/// Counts a request for the session or the key that makes it. kRateLimited when it is one too many.
base::Result<void> count_request(const Services& services, const Origin& origin, const base::Uuid& subject);

}  // namespace gatehouse::domain
