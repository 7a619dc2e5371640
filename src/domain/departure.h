#pragma once

#include "db/database.h"
#include "store/people.h"

#include <vector>

/// How somebody goes from an organization, or from all of them.
namespace gatehouse::domain {

/// Takes the fences of all organizations that the account is in, ascending, and then locks the account: the order of
/// everybody who needs both. Until COMMIT nobody else changes these memberships or adds one. Empty when the account is
/// in none, or gone.
std::vector<store::Place> hold_places(db::Transaction& tx, const store::Account& account);

/// The fence is held. Whether the organization would be left without an active owner if this one went. One that its
/// owners have deleted needs none.
bool is_only_owner(db::Transaction& tx, const store::Place& place);

/// The fence is held. Ends the membership, the account's sessions in that organization, and the pending invitations
/// that it has sent there.
void end_membership(db::Transaction& tx, const store::Account& account, const store::Place& place, base::Time now);

}  // namespace gatehouse::domain
