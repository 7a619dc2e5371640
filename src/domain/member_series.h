#pragma once

#include "domain/caller.h"
#include "domain/series.h"
#include "domain/services.h"

/// Who came and went, and who is active. A person in two organizations counts in each, for operators too.
namespace gatehouse::domain {

struct DaysFilter {
  std::optional<std::string> from;
  std::optional<std::string> to;
  std::optional<std::string> format;

  static constexpr auto fields() {
    return wire::fields(
        wire::field("from", &DaysFilter::from)
            .length(1, 40)
            .example("2026-10-01")
            .says(
                "The first day, by UTC, or an instant of it (RFC 3339 or Unix seconds). The thirtieth up to `to` when "
                "it is absent."),
        wire::field("to", &DaysFilter::to)
            .length(1, 40)
            .example("2026-10-31")
            .says("The last day; today when it is absent. Days to come are left out, and 400 are the most."),
        wire::field("format", &DaysFilter::format).one_of(kTableFormats).says("json when it is absent."));
  }
};

struct DaysInput : DaysFilter {
  store::OrganizationId organization;

  static constexpr auto fields() {
    return std::tuple_cat(wire::fields(wire::field("organization", &DaysInput::organization)), DaysFilter::fields());
  }
};

struct GrowthPeriod {
  base::Time start;
  base::Time end;
  std::int64_t joined = 0;
  std::int64_t left = 0;
  std::int64_t total = 0;

  static constexpr std::string_view kSchemaName = "GrowthPeriod";
  static constexpr auto fields() {
    return wire::fields(wire::field("start", &GrowthPeriod::start),
                        wire::field("end", &GrowthPeriod::end).says("The first instant that is not in it."),
                        wire::field("joined", &GrowthPeriod::joined), wire::field("left", &GrowthPeriod::left),
                        wire::field("total", &GrowthPeriod::total)
                            .says("Members at the end, suspended ones too: those at the start and who joined, less who "
                                  "left."));
  }
};

struct Growth : SeriesView {
  std::vector<GrowthPeriod> data;

  static constexpr std::string_view kSchemaName = "Growth", kFileName = "growth";
  static constexpr auto fields() {
    return std::tuple_cat(SeriesView::fields(), wire::fields(wire::field("data", &Growth::data)));
  }
};

struct ActiveMembersDay {
  std::string day;
  std::int64_t daily = 0;
  std::int64_t weekly = 0;
  std::int64_t monthly = 0;

  static constexpr std::string_view kSchemaName = "ActiveMembersDay";
  static constexpr auto fields() {
    return wire::fields(wire::field("day", &ActiveMembersDay::day).example("2026-10-25"),
                        wire::field("daily", &ActiveMembersDay::daily).says("How many people were active on the day."),
                        wire::field("weekly", &ActiveMembersDay::weekly).says("In the 7 days that end with it."),
                        wire::field("monthly", &ActiveMembersDay::monthly).says("In the 30 days that end with it."));
  }
};

struct ActiveMembers {
  std::string from;
  std::string to;
  std::string time_zone;
  std::vector<ActiveMembersDay> data;

  static constexpr std::string_view kSchemaName = "ActiveMembers", kFileName = "active-members";
  static constexpr auto fields() {
    return wire::fields(wire::field("from", &ActiveMembers::from).example("2026-10-01"),
                        wire::field("to", &ActiveMembers::to).example("2026-10-31"),
                        wire::field("time_zone", &ActiveMembers::time_zone).example("UTC").says("Always UTC."),
                        wire::field("data", &ActiveMembers::data));
  }
};

/// Who joined and who left in each period. Refuses what read_periods() does, as all series do.
base::Result<Growth> show_growth(const Services& services, const InOrganization& caller, const SeriesInput& input);
base::Result<Growth> show_platform_growth(const Services& services, const Operator& caller, const SeriesFilter& input);

/// How many people were active, by days of UTC.
base::Result<ActiveMembers> show_active_members(const Services& services, const InOrganization& caller,
                                                const DaysInput& input);
base::Result<ActiveMembers> show_platform_active_members(const Services& services, const Operator& caller,
                                                         const DaysFilter& input);

}  // namespace gatehouse::domain
