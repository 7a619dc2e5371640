#pragma once

namespace gatehouse::base {

/// Asks for short slices for the calling thread, so that it runs soon after it wakes although others compute: for
/// threads that answer requests. Its share of the processors stays what its niceness gives it. Linux knows it from 6.12
/// on (sched_setattr(2), sched_runtime of SCHED_OTHER); elsewhere, and where it is forbidden, nothing changes.
void ask_for_short_slices() noexcept;

}  // namespace gatehouse::base
