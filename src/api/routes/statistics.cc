#include "api/routes.h"

#include "domain/event_series.h"
#include "domain/member_series.h"
#include "domain/member_statistics.h"
#include "domain/statistics.h"

#include <iterator>

namespace gatehouse::api {

using http::Method;

namespace {

using domain::kStatsRead;
using domain::platform::kRead;

/// Those of the original service.
std::vector<Row> classic_rows(const domain::Services& services) {
  return {
      for_statistics<domain::count_by_role>(
          services, {Method::get, "/stats/role-wise-users", "stats_by_role", "Active members by role"}),
      for_statistics<domain::count_by_organization>(
          services,
          {Method::get, "/stats/org-wise-members", "stats_by_organization", "Active members by organization"}),
      for_statistics<domain::count_by_organization_and_role>(
          services, {Method::get, "/stats/org-role-wise-users", "stats_by_organization_and_role",
                     "Active members by organization and role"}),
      for_statistics<domain::count_joined_by_organization_and_role>(
          services, {Method::get, "/stats/org-role-wise-users-filtered", "stats_joined_by_organization_and_role",
                     "Active members by organization and role, of those who joined between two instants"}),
  };
}

std::vector<Row> organization_rows(const domain::Services& services) {
  const std::string base = "/v1/organizations/{organization}/stats/";
  return {
      in_organization<domain::show_member_statistics, &domain::MemberStatisticsInput::organization>(
          services,
          {Method::get, base + "members", "show_member_statistics",
           "Count members by role and status, now or at any instant of the past"},
          kStatsRead),
      in_organization<domain::show_growth, &domain::SeriesInput::organization>(
          services, {Method::get, base + "growth", "show_growth", "Count who joined and who left, by period"},
          kStatsRead),
      in_organization<domain::show_active_members, &domain::DaysInput::organization>(
          services,
          {Method::get, base + "active-members", "show_active_members",
           "Count who was active on each day, in its week and in its month"},
          kStatsRead),
      in_organization<domain::show_sign_ins, &domain::SeriesInput::organization>(
          services, {Method::get, base + "sign-ins", "show_sign_ins", "Count sign-ins by result and method, by period"},
          kStatsRead),
      in_organization<domain::show_invitation_series, &domain::SeriesInput::organization>(
          services,
          {Method::get, base + "invitations", "show_invitation_series",
           "Count invitations sent, accepted and expired, by period"},
          kStatsRead),
  };
}

std::vector<Row> operator_rows(const domain::Services& services) {
  const std::string base = "/v1/operator/stats/";
  return {
      for_operators<domain::show_platform_member_statistics>(
          services,
          {Method::get, base + "members", "operator_show_member_statistics",
           "Count the members of all organizations by role and status, now or at any instant of the past"},
          kRead),
      for_operators<domain::show_platform_growth>(services,
                                                  {Method::get, base + "growth", "operator_show_growth",
                                                   "Count who joined and who left, over all organizations, by period"},
                                                  kRead),
      for_operators<domain::show_platform_active_members>(
          services,
          {Method::get, base + "active-members", "operator_show_active_members",
           "Count who was active in any organization on each day, in its week and in its month"},
          kRead),
      for_operators<domain::show_platform_sign_ins>(services,
                                                    {Method::get, base + "sign-ins", "operator_show_sign_ins",
                                                     "Count all sign-ins by result and method, by period"},
                                                    kRead),
      for_operators<domain::show_platform_invitation_series>(
          services,
          {Method::get, base + "invitations", "operator_show_invitation_series",
           "Count all invitations sent, accepted and expired, by period"},
          kRead),
      for_operators<domain::show_organization_series>(
          services,
          {Method::get, base + "organizations", "operator_show_organization_series",
           "Count new and active organizations, by period"},
          kRead),
  };
}

}  // namespace

std::vector<Row> statistics_routes(const domain::Services& services) {
  std::vector<Row> rows = classic_rows(services);
  for (const auto area : {organization_rows, operator_rows}) {
    auto more = area(services);
    rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return rows;
}

}  // namespace gatehouse::api
