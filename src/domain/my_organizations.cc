#include "domain/my_organizations.h"

#include "domain/audit.h"
#include "domain/departure.h"

#include <algorithm>

namespace gatehouse::domain {

using base::refuse;

base::Result<Page<MembershipView>> list_my_organizations(const Services& services, const SignedIn& caller,
                                                         const MyPageInput& input) {
  const std::string list = "my-organizations " + caller.account().user.to_string();
  const Position position = TRY(from_cursor(services, list, store::kPlatformOrganization, input.after));
  const std::int64_t limit = input.limit.value_or(kPageDefault);
  auto rows =
      services.database.read([&](db::Transaction& tx) { return store::list_memberships(tx, caller.account()); });
  std::erase_if(rows, [&](const store::Membership& row) {
    return std::pair(row.joined_at, row.member.uuid) <= std::pair(position.time, position.id);
  });
  if (std::int64_t(rows.size()) > limit + 1) rows.erase(rows.begin() + (limit + 1), rows.end());
  return make_page<MembershipView>(
      services, list, store::kPlatformOrganization, std::move(rows), limit,
      [](const store::Membership& row) { return view(row); },
      [](const store::Membership& row) {
        return Position{row.joined_at, row.member.uuid};
      });
}

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
