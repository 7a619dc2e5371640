#include "base/scheduling.h"

// Not <sched.h>, which has a type of theirs too.
#include <linux/sched.h>
#include <linux/sched/types.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gatehouse::base {

void ask_for_short_slices() noexcept {
  // The least that Linux grants.
  constexpr __u64 kNanoseconds = 100'000;
  sched_attr attributes{};
  attributes.size = sizeof attributes;
  attributes.sched_policy = SCHED_NORMAL;
  attributes.sched_nice = ::getpriority(PRIO_PROCESS, id_t(::gettid()));
  attributes.sched_runtime = kNanoseconds;
  ::syscall(SYS_sched_setattr, 0, &attributes, 0);
}

}  // namespace gatehouse::base
