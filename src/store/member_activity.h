#pragma once

#include "db/database.h"
#include "store/ids.h"

/// Who is active in an organization, counted in the series `events` of the ledger as kind "active", detail "1", "7" and
/// "30": the sum of one until the end of a UTC day is how many people were active on any of the 1, 7 or 30 UTC days
/// that end with it. The platform counts in the same way, as kind "active_organization", in how many organizations
/// anybody was. Exact, and nothing is counted again for that.
namespace gatehouse::store {

/// Somebody is active on the UTC day of `now`. Counts once, however often it is told; a day before the last one that is
/// known counts as that one. `operation`: the id that store::Event asks for, of which steps 1 to 6 are used.
void note_activity(db::Transaction& tx, OrganizationId organization, const Account& account,
                   const base::Uuid& operation, base::Time now);

}  // namespace gatehouse::store
