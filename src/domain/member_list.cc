#include "domain/member_list.h"

#include "base/text.h"

#include <algorithm>

namespace gatehouse::domain {

namespace {

/// Of two lists that differ in filter or order, no cursor fits both.
std::string list_name(const ListMembersInput& input) {
  std::string name = "members";
  const auto add = [&](std::string_view field, std::string_view value) {
    name += '?';
    name += field;
    name += '=';
    name += base::escape_url(value);
  };
  const auto add_time = [&](std::string_view field, const std::optional<base::ParsedTime>& time) {
    if (time) add(field, std::to_string(time->time.time_since_epoch().count()));
  };
  if (input.role) add("role", *input.role);
  if (input.status) add("status", *input.status);
  add_time("joined_after", input.joined_after);
  add_time("joined_before", input.joined_before);
  if (input.q) add("q", *input.q);
  if (input.sort && *input.sort != kMemberOrders.front()) add("sort", *input.sort);
  return name;
}

store::MemberOrder order_of(const ListMembersInput& input) {
  const auto found = std::ranges::find(kMemberOrders, input.sort.value_or(std::string(kMemberOrders.front())));
  return store::MemberOrder(found - kMemberOrders.begin());
}

base::Result<store::MemberFilter> filter_of(db::Transaction& tx, const ListMembersInput& input) {
  store::MemberFilter filter;
  if (input.role) {
    const auto id = store::RoleId::parse(*input.role);
    const auto role = id ? store::find_role(tx, input.organization, *id)
                         : store::find_role_by_key(tx, input.organization, *input.role);
    if (!role) return base::refuse_field("?role", "There is no such role in this organization.");
    filter.role = role->id;
  }
  filter.status = input.status;
  if (input.joined_after) filter.joined_from = input.joined_after->time;
  if (input.joined_before) filter.joined_until = input.joined_before->time;
  if (input.q) filter.prefix = base::to_folded(base::trim(*input.q));
  return filter;
}

}  // namespace

base::Result<Page<MemberView>> list_members(const Services& services, const InOrganization& caller,
                                            const ListMembersInput& input) {
  const std::int64_t limit = input.limit.value_or(kPageDefault);
  const std::string name = list_name(input);
  const store::MemberOrder order = order_of(input);
  store::MemberPosition after = store::beginning_of(order);
  if (input.after) {
    Position position = TRY(from_cursor(services, name, caller.organization(), input.after));
    after = {position.time, std::move(position.text), {position.id}};
  }
  auto rows = TRY(services.database.read([&](db::Transaction& tx) -> base::Result<std::vector<store::Member>> {
    const store::MemberFilter filter = TRY(filter_of(tx, input));
    return store::list_members(tx, caller.organization(), filter, order, after, limit + 1);
  }));
  const bool by_email = order == store::MemberOrder::email || order == store::MemberOrder::email_backwards;
  return make_page<MemberView>(
      services, name, caller.organization(), std::move(rows), limit, [](const store::Member& row) { return view(row); },
      [&](const store::Member& row) {
        return Position{row.joined_at, row.id.uuid, by_email ? row.email.text : std::string()};
      });
}

}  // namespace gatehouse::domain
