#pragma once

#include "domain/count_comparison.h"

namespace gatehouse::domain {

/// What the audit log of an organization tells of its memberships: says to `sink` each change since the ledger began as
/// the timeline counts it. Returns how many memberships, of those that there are and of those told of, the log does not
/// account for; unless that is 0, what it said is not all, or wrong. It accounts for none that an older version has
/// imported and that are gone, and not for those that went with an organization. Takes some 100 bytes for each
/// membership that it hears of.
std::int64_t tell_history(db::Transaction& tx, store::OrganizationId organization, const CountSink& sink);

}  // namespace gatehouse::domain
