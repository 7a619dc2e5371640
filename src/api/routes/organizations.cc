#include "api/routes.h"

#include "domain/member_addition.h"
#include "domain/organization_policies.h"
#include "domain/organizations.h"
#include "domain/sessions.h"

namespace gatehouse::api {

using http::Lane;
using http::Method;

namespace {

constexpr const char* kOne = "/v1/organizations/{organization}";
std::string below(std::string_view rest) { return std::string(kOne) + std::string(rest); }

}  // namespace

std::vector<Row> organization_routes(const domain::Services& services) {
  return {
      signed_in<domain::create_organization>(services,
                                             {Method::post, "/v1/organizations", "create_organization",
                                              "Create another organization and become its owner", Lane::hash, 201}),
      signed_in<domain::list_own_organizations>(
          services, {Method::get, "/v1/organizations", "list_organizations", "List the caller's organizations"}),
      signed_in<domain::list_own_organizations>(
          services, {Method::get, "/v1/me/organizations", "list_my_organizations", "The same list"}),
      in_organization<domain::show_organization, &domain::OrganizationInput::organization>(
          services, {Method::get, kOne, "show_organization", "Show an organization"}, domain::kOrganizationRead),
      in_organization<domain::update_organization, &domain::UpdateOrganizationInput::organization>(
          services, {Method::patch, kOne, "update_organization", "Change name, slug and settings"},
          domain::kOrganizationUpdate),
      in_organization<domain::delete_organization, &domain::OrganizationInput::organization>(
          services, {Method::del, kOne, "delete_organization", "Delete an organization; owners can restore it"},
          domain::kOrganizationDelete),
      signed_in<domain::restore_organization>(
          services, {Method::post, below("/restore"), "restore_organization", "Restore a deleted organization"}),
      in_organization<domain::transfer_ownership, &domain::TransferOwnershipInput::organization>(
          services,
          {Method::post, below("/transfer-ownership"), "transfer_ownership",
           "Make another member the owner in the caller's place"},
          domain::kOwnersManage),
      in_organization<domain::show_policies, &domain::OrganizationInput::organization>(
          services, {Method::get, below("/policies"), "show_policies", "Show the policies and what holds"},
          domain::kOrganizationRead),
      in_organization<domain::update_policies, &domain::UpdatePoliciesInput::organization>(
          services, {Method::patch, below("/policies"), "update_policies", "Change the policies"},
          domain::kPoliciesUpdate),
      in_organization<domain::add_member, &domain::AddMemberInput::organization>(
          services,
          {Method::post, below("/members"), "add_member",
           "Add a member directly, where the organization has a directory of its own", Lane::hash, 201},
          domain::kMembersCreate),
      signed_in<domain::switch_organization>(services, {Method::post, "/v1/session/organization", "switch_organization",
                                                        "Make another organization the active one of this session"}),
  };
}

}  // namespace gatehouse::api
