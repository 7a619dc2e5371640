#include "base/scheduling.h"

#include <cstdint>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

namespace gatehouse::base {
namespace {

/// sched_setattr(2); <linux/sched/types.h> and <pthread.h> can't both be included.
struct Attributes {
  std::uint32_t size, policy;
  std::uint64_t flags;
  std::int32_t nice;
  std::uint32_t priority;
  std::uint64_t runtime, deadline, period;
};

Attributes own_attributes() {
  Attributes attributes{};
  EXPECT_EQ(::syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0), 0);
  return attributes;
}

TEST(Scheduling, ShortSlicesChangeNeitherPolicyNorNiceness) {
  std::thread([] {
    ASSERT_GE(::nice(3), 0);
    const Attributes before = own_attributes();
    ask_for_short_slices();
    const Attributes after = own_attributes();
    EXPECT_EQ(after.policy, before.policy);
    EXPECT_EQ(after.nice, before.nice);
    EXPECT_EQ(after.nice, 3);
    // An older Linux says 0 of everybody.
    EXPECT_THAT(after.runtime, testing::AnyOf(before.runtime, 100'000));
  }).join();
}

}  // namespace
}  // namespace gatehouse::base
