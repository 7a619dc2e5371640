#pragma once

#include "dev/history.h"

#include <functional>

namespace gatehouse::dev {

struct Event {
  std::string_view kind;
  std::string_view detail;
};
/// What make_activity() counts, see store/ledger.h.
inline constexpr std::array kEvents{Event{"accepted_after", "86000"},
                                    Event{"active", "1"},
                                    Event{"active", "30"},
                                    Event{"active", "7"},
                                    Event{"invitation", "accepted"},
                                    Event{"invitation", "expired"},
                                    Event{"invitation", "sent"},
                                    Event{"sign_in", "failed password"},
                                    Event{"sign_in", "succeeded password"}};

/// Calls `count` with an index of kEvents for what a made-up organization does each day, in proportion to its members,
/// who became more evenly. Who was active on a day was in its week, and who was in a week in its 30 days.
void make_activity(SeededRandom& random, const HistoryPlan& plan,
                   const std::function<void(std::size_t event, base::Time at, std::int64_t change)>& count);

}  // namespace gatehouse::dev
