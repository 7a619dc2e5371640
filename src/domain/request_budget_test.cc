#include "domain/request_budget.h"

#include <gtest/gtest.h>

namespace gatehouse::domain {
namespace {

using namespace std::chrono_literals;

constexpr base::Time kNoon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 12h};

TEST(RequestBudgetTest, CountsDownAndRefusesWhatIsTooMuchUntilTheMinuteIsOver) {
  RequestBudget budget(2);
  const base::Uuid one = base::make_uuid_v7(kNoon), two = base::make_uuid_v7(kNoon);
  LimitState state{};
  EXPECT_TRUE(budget.take(one, kNoon, state));
  EXPECT_EQ(state.remaining, 1);
  EXPECT_EQ(state.reset_seconds, 60);
  EXPECT_TRUE(budget.take(one, kNoon + 10s, state));
  EXPECT_FALSE(budget.take(one, kNoon + 59s, state));
  EXPECT_EQ(state.remaining, 0);
  EXPECT_EQ(state.reset_seconds, 1);
  EXPECT_TRUE(budget.take(two, kNoon + 59s, state)) << "each has its own";
  EXPECT_TRUE(budget.take(one, kNoon + 60s, state));
}

}  // namespace
}  // namespace gatehouse::domain
