#include "domain/activity.h"

namespace gatehouse::domain {

ActivityView activity_view(const store::Activity& entry, store::UserId user) {
  const bool is_own = entry.actor == user.uuid || entry.actor_kind == "anonymous";
  ActivityView view{entry.id, entry.at, entry.action, std::nullopt, std::nullopt, entry.request_id};
  if (is_own) view.address = entry.address;
  if (entry.organization != store::kPlatformOrganization) view.organization_id = entry.organization;
  return view;
}

base::Result<Page<ActivityView>> list_my_activity(const Services& services, const SignedIn& caller,
                                                  const MyPageInput& input) {
  const store::UserId user = caller.account().user;
  const std::string list = "my-activity " + user.to_string();
  Position position = newest();
  if (input.after) position = TRY(from_cursor(services, list, store::kPlatformOrganization, input.after));
  const std::int64_t limit = input.limit.value_or(kPageDefault);
  auto rows = services.database.read(
      [&](db::Transaction& tx) { return store::list_activity(tx, user, {position.id}, limit + 1); });
  return make_page<ActivityView>(
      services, list, store::kPlatformOrganization, std::move(rows), limit,
      [&](const store::Activity& row) { return activity_view(row, user); },
      [](const store::Activity& row) {
        return Position{row.at, row.id.uuid};
      });
}

}  // namespace gatehouse::domain
