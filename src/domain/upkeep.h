#pragma once

#include "domain/services.h"

namespace gatehouse::domain {

/// Forgets what is over for a month: sessions, one-time tokens, sent and failed letters; and limit windows
/// and idempotency keys that ended.
/// Nothing depends on it: whatever has a time to live is checked against the clock when it is used.
void forget_the_past(const Services& services);

}  // namespace gatehouse::domain
