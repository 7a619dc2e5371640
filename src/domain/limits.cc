#include "domain/limits.h"

#include "store/limits.h"

#include <algorithm>

namespace gatehouse::domain {

db::Bytes limit_key(const Services& services, const LimitUse& use) {
  const auto& subkey = services.keys.subkeys(crypto::Purpose::limit).front();
  std::string text(use.limit.name);
  text += '\0';
  text += use.subject;
  return {crypto::hmac_sha256(subkey.bytes.reveal(), text)};
}

namespace {

LimitState to_state(const Limit& limit, const store::CounterState& counter, base::Time now) {
  const auto left = std::chrono::ceil<std::chrono::seconds>(counter.ends_at - now).count();
  return {limit.name, limit.quota, limit.window.count(), std::max<std::int64_t>(0, limit.quota - counter.hits),
          std::max<std::int64_t>(1, left)};
}

}  // namespace

base::Result<void> take_limits(const Services& services, const Origin& origin, std::initializer_list<LimitUse> uses) {
  if (!services.settings.limits_enabled) return {};
  const base::Time now = services.clock.now();
  const auto counters =
      services.database.write([&](db::Transaction& tx) -> base::Result<std::vector<store::CounterState>> {
        std::vector<store::CounterState> states;
        for (const LimitUse& use : uses) {
          states.push_back(store::count_hit(tx, limit_key(services, use), now, now + use.limit.window));
          if (states.back().hits > use.limit.quota) break;
        }
        return states;
      });
  auto use = uses.begin();
  for (const store::CounterState& counter : *counters) {
    const LimitState state = to_state(use->limit, counter, now);
    if (use->limit.is_told) origin.limits->push_back(state);
    if (counter.hits > use->limit.quota) {
      return tl::unexpected(
          base::Refusal{&base::kRateLimited, std::string(base::kRateLimited.title), {}, state.reset_seconds});
    }
    ++use;
  }
  return {};
}

bool take_within(db::Transaction& tx, const Services& services, const LimitUse& use, base::Time now) {
  if (!services.settings.limits_enabled) return true;
  return store::count_hit(tx, limit_key(services, use), now, now + use.limit.window).hits <= use.limit.quota;
}

void refund_limit(db::Transaction& tx, const Services& services, const LimitUse& use) {
  if (services.settings.limits_enabled) store::refund_hit(tx, limit_key(services, use));
}

}  // namespace gatehouse::domain
