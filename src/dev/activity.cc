#include "dev/activity.h"

namespace gatehouse::dev {

using namespace std::chrono_literals;

namespace {

enum { kAcceptedAfter, kDaily, kMonthly, kWeekly, kAccepted, kSent, kFailed, kSucceeded };

}  // namespace

void make_activity(SeededRandom& random, const HistoryPlan& plan,
                   const std::function<void(std::size_t event, base::Time at, std::int64_t change)>& count) {
  const std::array windows{kDaily, kWeekly, kMonthly};
  const std::array<std::uint64_t, 3> most_percent{20, 50, 80};
  std::array<std::int64_t, 3> active{};
  const auto share = [&](std::uint64_t percent) {
    return 1 + std::int64_t(random.below(std::uint64_t(plan.members) * percent / 100 + 1));
  };
  for (base::Time day = std::chrono::ceil<std::chrono::days>(plan.founded_at); day < plan.end; day += 24h) {
    for (std::size_t i = 0; i < windows.size(); ++i) {
      const std::int64_t now = share(most_percent[i]);
      count(std::size_t(windows[i]), day, now - active[i]);
      active[i] = now;
    }
    const base::Time noon = day + 12h;
    count(kSucceeded, random.between(day, noon), share(20));
    count(kFailed, random.between(day, noon), share(2));
    const std::int64_t accepted = share(1);
    count(kSent, random.between(day, noon), accepted);
    count(kAccepted, noon, accepted);
    count(kAcceptedAfter, noon, accepted);
  }
}

}  // namespace gatehouse::dev
