#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "domain/caller.h"
#include "domain/pages.h"
#include "domain/services.h"
#include "domain/views.h"

#include <array>

namespace gatehouse::domain {

inline constexpr std::array<std::string_view, 2> kMemberStatuses{"active", "suspended"};
inline constexpr std::array<std::string_view, 4> kMemberOrders{"joined_at", "-joined_at", "email", "-email"};

/// Which members of which organization, and in which order.
struct ListMembersInput {
  store::OrganizationId organization;
  std::optional<std::string> role;
  std::optional<std::string> status;
  std::optional<base::ParsedTime> joined_after;
  std::optional<base::ParsedTime> joined_before;
  std::optional<std::string> q;
  std::optional<std::string> sort;
  std::optional<std::int64_t> limit;
  std::optional<std::string> after;

  static constexpr auto fields() {
    return wire::fields(
        wire::field("organization", &ListMembersInput::organization),
        wire::field("role", &ListMembersInput::role)
            .length(1, 40)
            .says("Only those with this role: its id or its key."),
        wire::field("status", &ListMembersInput::status).one_of(kMemberStatuses),
        wire::field("joined_after", &ListMembersInput::joined_after).says("Only those who joined then or later."),
        wire::field("joined_before", &ListMembersInput::joined_before).says("Only those who joined earlier."),
        wire::field("q", &ListMembersInput::q)
            .length(1, 100)
            .says("Only those whose address or name begins with this; upper and lower case are alike.")
            .example("gra"),
        wire::field("sort", &ListMembersInput::sort)
            .one_of(kMemberOrders)
            .says("joined_at when it is absent; a minus turns the order round."),
        wire::field("limit", &ListMembersInput::limit).range(1, kPageMost).says("20 when it is absent."),
        wire::field("after", &ListMembersInput::after)
            .length(1, 512)
            .says("`page.next` of the page before, with the same filters and order."));
  }
};

/// Needs members:read. Refuses: kInvalidRequest (a role that is not of the organization, a cursor of another list).
base::Result<Page<MemberView>> list_members(const Services& services, const InOrganization& caller,
                                            const ListMembersInput& input);

}  // namespace gatehouse::domain
