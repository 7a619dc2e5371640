#include "api/routes.h"

#include "domain/operator_new_organization.h"
#include "domain/operator_organizations.h"
#include "domain/operator_ownership.h"

namespace gatehouse::api {

using domain::platform::kManage;
using domain::platform::kRead;
using http::Lane;
using http::Method;

std::vector<Row> operator_organization_routes(const domain::Services& services) {
  const std::string all = "/v1/operator/organizations";
  const std::string one = all + "/{organization}";
  return {
      for_operators<domain::search_organizations>(
          services, {Method::get, all, "operator_list_organizations", "List all organizations"}, kRead),
      for_operators<domain::create_organization_for>(services,
                                                     {Method::post, all, "operator_create_organization",
                                                      "Create an organization and invite its owner", Lane::store, 201},
                                                     kManage),
      for_operators<domain::show_organization>(
          services, {Method::get, one, "operator_show_organization", "Show any organization"}, kRead),
      for_operators<domain::suspend_organization>(
          services,
          {Method::post, one + "/suspend", "operator_suspend_organization", "Keep everybody out of an organization"},
          kManage),
      for_operators<domain::reinstate_organization>(
          services,
          {Method::post, one + "/reinstate", "operator_reinstate_organization",
           "End the suspension of an organization"},
          kManage),
      for_operators<domain::appoint_owner>(services,
                                           {Method::post, one + "/owners", "operator_appoint_owner",
                                            "Give an organization an owner that has no active one"},
                                           kManage),
  };
}

}  // namespace gatehouse::api
