#pragma once

#include "domain/services.h"

#include <stop_token>

namespace gatehouse::domain {

/// Forgets what is over for a month: sessions, one-time tokens, sent and failed letters; and limit windows
/// and idempotency keys that ended. In steps, each a transaction of its own, until nothing is left or it is asked to
/// stop; one kind after the other, and one that fails stops no other. Throws at the end when one did.
/// Nothing depends on it: whatever has a time to live is checked against the clock when it is used.
void forget_the_past(const Services& services, const std::stop_token& stop);

}  // namespace gatehouse::domain
