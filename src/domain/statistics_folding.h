#pragma once

#include "domain/services.h"

#include <stop_token>

namespace gatehouse::domain {

/// Moves what has been counted since the last time from the ledger's deltas into its counts, batch by batch, until
/// nothing is left or it is asked to stop. No answer depends on when it runs, only what the answer costs. Several nodes
/// may do it at once.
void fold_statistics(const Services& services, const std::stop_token& stop);

}  // namespace gatehouse::domain
