#pragma once

#include "domain/caller.h"
#include "domain/series.h"
#include "domain/services.h"

namespace gatehouse::domain {

struct MemberStatisticsFilter {
  std::optional<base::ParsedTime> as_of;
  std::optional<std::string> format;

  static constexpr auto fields() {
    return wire::fields(
        wire::field("as_of", &MemberStatisticsFilter::as_of)
            .says("As it was at the end of that second, or day of UTC; RFC 3339, Unix seconds or a day such as "
                  "2026-10-25. "
                  "Now when it is absent."),
        wire::field("format", &MemberStatisticsFilter::format).one_of(kTableFormats).says("json when it is absent."));
  }
};

struct MemberStatisticsInput : MemberStatisticsFilter {
  store::OrganizationId organization;

  static constexpr auto fields() {
    return std::tuple_cat(wire::fields(wire::field("organization", &MemberStatisticsInput::organization)),
                          MemberStatisticsFilter::fields());
  }
};

struct RoleMembers {
  store::RoleId role_id;
  std::string role;
  std::string name;
  std::string status;
  std::int64_t members = 0;

  static constexpr std::string_view kSchemaName = "RoleMembers";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("role_id", &RoleMembers::role_id), wire::field("role", &RoleMembers::role).says("The role's key."),
        wire::field("name", &RoleMembers::name)
            .example("Admin")
            .says("What people see: as it is called today or, if it was deleted, as it was called last."),
        wire::field("status", &RoleMembers::status).says("active or suspended"),
        wire::field("members", &RoleMembers::members));
  }
};

struct MemberStatistics {
  std::optional<base::Time> as_of;
  std::int64_t total = 0;
  std::vector<RoleMembers> data;

  static constexpr std::string_view kSchemaName = "MemberStatistics", kFileName = "members";
  static constexpr auto fields() {
    return wire::fields(wire::field("as_of", &MemberStatistics::as_of).says("Null: now."),
                        wire::field("total", &MemberStatistics::total).says("All members, suspended ones too."),
                        wire::field("data", &MemberStatistics::data).says("Those of no members are left out."));
  }
};

/// Roles of one key in several organizations are one.
struct RoleKeyMembers {
  std::string role;
  std::string status;
  std::int64_t members = 0;

  static constexpr std::string_view kSchemaName = "RoleKeyMembers";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("role", &RoleKeyMembers::role).says("A key, in whichever organizations have a role of it."),
        wire::field("status", &RoleKeyMembers::status).says("active or suspended"),
        wire::field("members", &RoleKeyMembers::members));
  }
};

struct PlatformMemberStatistics {
  std::optional<base::Time> as_of;
  std::int64_t total = 0;
  std::vector<RoleKeyMembers> data;

  static constexpr std::string_view kSchemaName = "PlatformMemberStatistics", kFileName = "members";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("as_of", &PlatformMemberStatistics::as_of).says("Null: now."),
        wire::field("total", &PlatformMemberStatistics::total).says("All memberships, suspended ones too."),
        wire::field("data", &PlatformMemberStatistics::data).says("Those of no members are left out."));
  }
};

/// Members by role and status, now or at any instant of the past: as a snapshot that was taken then. Refuses `?as_of`
/// (to come).
base::Result<MemberStatistics> show_member_statistics(const Services& services, const InOrganization& caller,
                                                      const MemberStatisticsInput& input);
base::Result<PlatformMemberStatistics> show_platform_member_statistics(const Services& services, const Operator& caller,
                                                                       const MemberStatisticsFilter& input);

}  // namespace gatehouse::domain
