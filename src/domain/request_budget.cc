#include "domain/request_budget.h"

#include <algorithm>

namespace gatehouse::domain {

bool RequestBudget::take(const base::Uuid& subject, base::Time now, LimitState& state) {
  Shard& shard = shards_[base::HashOfUuid()(subject) % shards_.size()];
  std::lock_guard lock(shard.mutex);
  // Only those who asked within a minute are remembered.
  if (now - shard.swept_at >= kWindow) {
    boost::unordered::erase_if(shard.windows, [&](const auto& one) { return one.second.ends_at <= now; });
    shard.swept_at = now;
  }
  Window& window = shard.windows[subject];
  if (window.ends_at <= now) window = {now + kWindow, 0};
  ++window.hits;
  const auto left = std::chrono::ceil<std::chrono::seconds>(window.ends_at - now).count();
  state = {kName, per_minute_, kWindow.count(), std::max<std::int64_t>(0, per_minute_ - window.hits), left};
  return window.hits <= per_minute_;
}

base::Result<void> count_request(const Services& services, const Origin& origin, const base::Uuid& subject) {
  if (!services.settings.limits_enabled) return {};
  LimitState state{};
  const bool is_within = services.requests.take(subject, services.clock.now(), state);
  origin.limits->push_back(state);
  if (is_within) return {};
  return tl::unexpected(base::Refusal{
      &base::kRateLimited, std::string(base::kRateLimited.title), {}, std::max<std::int64_t>(1, state.reset_seconds)});
}

}  // namespace gatehouse::domain
