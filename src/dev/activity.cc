#include "dev/activity.h"

namespace gatehouse::dev {

using namespace std::chrono_literals;

namespace {

enum { kAcceptedAfter, kDaily, kMonthly, kWeekly, kAccepted, kExpired, kSent, kFailed, kSucceeded };

/// How many percent of the members are active at least, and how many more may be.
struct Share {
  std::size_t window;
  std::uint64_t least;
  std::uint64_t more;
};
constexpr std::array kShares{Share{kDaily, 15, 20}, Share{kWeekly, 40, 15}, Share{kMonthly, 70, 15}};

}  // namespace

void make_activity(SeededRandom& random, const HistoryPlan& plan,
                   const std::function<void(std::size_t event, base::Time at, std::int64_t change)>& count) {
  std::array<std::int64_t, kShares.size()> active{};
  const auto lifetime = plan.end - plan.founded_at;
  for (base::Time day = std::chrono::ceil<std::chrono::days>(plan.founded_at); day < plan.end; day += 24h) {
    const auto members = 1 + std::uint64_t(double(plan.members - 1) * double((day - plan.founded_at).count()) /
                                           double(lifetime.count()));
    const auto some = [&](std::uint64_t percent) { return std::int64_t(random.below(members * percent / 100 + 2)); };
    for (std::size_t i = 0; i < kShares.size(); ++i) {
      const auto& [window, least, more] = kShares[i];
      const std::int64_t now = 1 + std::int64_t(members * (least + random.below(more)) / 100);
      count(window, day, now - active[i]);
      active[i] = now;
    }
    const base::Time noon = day + 12h;
    count(kSucceeded, random.between(day, noon), active[0] + some(15));
    count(kFailed, random.between(day, noon), some(4));
    const std::int64_t accepted = some(1);
    count(kSent, random.between(day, noon), accepted + some(1));
    count(kExpired, noon, some(0));
    count(kAccepted, noon, accepted);
    count(kAcceptedAfter, noon, accepted);
  }
}

}  // namespace gatehouse::dev
