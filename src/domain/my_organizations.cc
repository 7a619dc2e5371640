#include "domain/my_organizations.h"

#include "domain/audit.h"
#include "domain/departure.h"

#include <algorithm>

namespace gatehouse::domain {

using base::refuse;

base::Result<void> leave_organization(const Services& services, const SignedIn& caller, const LeaveInput& input) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  const store::Account account = caller.account();
  return services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    // Whoever is no member takes no fence: strangers could hold up an organization.
    if (!store::find_membership(tx, input.organization, account)) return refuse(base::kNotFound);
    store::fence_organization(tx, input.organization);
    const auto places = store::list_places(tx, account);
    const auto place = std::ranges::find(places, input.organization, &store::Place::organization);
    if (place == places.end() || !place->is_active() || place->organization_status != "active") {
      return refuse(base::kNotFound);
    }
    if (is_only_owner(tx, *place)) return refuse(base::kLastOwner);
    end_membership(tx, account, *place, now);
    record(tx, now, caller.origin(),
           {audit,
            input.organization,
            action::kMemberLeft,
            caller.actor(),
            place->member.to_string(),
            {{"user_id", account.user.to_string()}, {"role_id", place->role.to_string()}}});
    return {};
  });
}

}  // namespace gatehouse::domain
