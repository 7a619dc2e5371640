#include "domain/departure.h"

#include "domain/invitations.h"
#include "store/sessions.h"

#include <set>

namespace gatehouse::domain {

std::vector<store::Place> hold_places(db::Transaction& tx, const store::Account& account) {
  std::set<store::OrganizationId> fenced;
  const auto fence = [&](const std::vector<store::Place>& places) {
    bool has_new = false;
    for (const store::Place& place : places) {
      if (!fenced.insert(place.organization).second) continue;
      store::fence_organization(tx, place.organization);
      has_new = true;
    }
    return has_new;
  };
  fence(store::list_places(tx, account));
  store::lock_user(tx, account);
  auto places = store::list_places(tx, account);
  // Joined before we had the lock. This fence comes late: if somebody waits for us in turn, the database ends one of
  // the two transactions and it runs again.
  if (fence(places)) places = store::list_places(tx, account);
  return places;
}

bool is_only_owner(db::Transaction& tx, const store::Place& place) {
  if (place.role_key != kOwnerRole || !place.is_active() || place.purge_at) return false;
  return store::count_active_members_with_role(tx, place.organization, std::string(kOwnerRole)) <= 1;
}

void end_membership(db::Transaction& tx, const store::Account& account, const store::Place& place, base::Time now) {
  revoke_unsendable_invitations(tx, place.organization, account.user, {}, {}, now);
  store::revoke_sessions_in(tx, place.organization, account, now);
  store::delete_member(tx, place.organization, place.member, now);
}

}  // namespace gatehouse::domain
