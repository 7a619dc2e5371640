#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/parts.h"
#include "domain/services.h"
#include "wire/fields.h"

#include <map>

namespace gatehouse::domain {

struct StatisticsInput {
  std::optional<store::OrganizationId> organization_id;

  static constexpr auto fields() {
    return wire::fields(wire::field("organization_id", &StatisticsInput::organization_id)
                            .says("Only this one; all that the caller may see when it is absent."));
  }
};

struct FilteredStatisticsInput {
  std::optional<store::OrganizationId> organization_id;
  std::optional<base::ParsedTime> from;
  std::optional<base::ParsedTime> to;

  static constexpr auto fields() {
    return wire::fields(
        wire::field("organization_id", &FilteredStatisticsInput::organization_id),
        wire::field("from", &FilteredStatisticsInput::from)
            .says("Joined then or later; Unix seconds, RFC 3339, or a day of UTC such as 2026-10-25. A fraction of a "
                  "second stands for the whole second."),
        wire::field("to", &FilteredStatisticsInput::to)
            .says("Joined then or earlier, to the end of the second or of the day."));
  }
};

using Counts = std::map<std::string, std::int64_t>;
using NestedCounts = std::map<std::string, Counts>;

/// Active memberships by the name of the role. A person in two organizations counts twice; roles that nobody has are
/// left out. The caller sees the organizations in which they may read statistics, an operator sees all. Refuses, as the
/// others here do: kNotFound (an organization that the caller is not in), kForbidden (nowhere the right to).
base::Result<Counts> count_by_role(const Services& services, const StatisticsReader& reader,
                                   const StatisticsInput& input);

/// By organization. Of several with one name, all but the oldest are shown as "name (slug)". Of all organizations, each
/// part is what it is at the moment when it is made.
base::Result<InParts<Counts>> count_by_organization(const Services& services, const StatisticsReader& reader,
                                                    const StatisticsInput& input);

base::Result<InParts<NestedCounts>> count_by_organization_and_role(const Services& services,
                                                                   const StatisticsReader& reader,
                                                                   const StatisticsInput& input);

/// The same, of those who joined from one second to another, both inclusive. Refuses a range that ends before it
/// begins.
base::Result<InParts<NestedCounts>> count_joined_by_organization_and_role(const Services& services,
                                                                          const StatisticsReader& reader,
                                                                          const FilteredStatisticsInput& input);

}  // namespace gatehouse::domain
