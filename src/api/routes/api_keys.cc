#include "api/routes.h"

#include "domain/api_key_requests.h"

namespace gatehouse::api {

using http::Lane;
using http::Method;

namespace {

std::vector<Row> keys_of_organizations(const domain::Services& services) {
  const std::string all = "/v1/organizations/{organization}/api-keys";
  const std::string one = all + "/{key}";
  return {
      in_organization<domain::create_api_key, &domain::CreateApiKeyInput::organization>(
          services, {Method::post, all, "create_api_key", "Make an API key for a back end", Lane::store, 201},
          domain::kApiKeysManage),
      in_organization<domain::list_api_keys, &domain::OrganizationPageInput::organization>(
          services, {Method::get, all, "list_api_keys", "List API keys, the revoked ones too"}, domain::kApiKeysManage),
      in_organization<domain::get_api_key, &domain::ApiKeyInput::organization>(
          services, {Method::get, one, "get_api_key", "Show an API key"}, domain::kApiKeysManage),
      in_organization<domain::rename_api_key, &domain::RenameApiKeyInput::organization>(
          services, {Method::patch, one, "rename_api_key", "Rename an API key"}, domain::kApiKeysManage),
      in_organization<domain::revoke_api_key, &domain::ApiKeyInput::organization>(
          services, {Method::del, one, "revoke_api_key", "Revoke an API key"}, domain::kApiKeysManage),
  };
}

std::vector<Row> keys_of_platform(const domain::Services& services) {
  const std::string all = "/v1/operator/api-keys";
  const std::string one = all + "/{key}";
  return {
      for_operators<domain::create_platform_key>(
          services, {Method::post, all, "create_platform_key", "Make an API key of the platform", Lane::store, 201},
          domain::platform::kOwn),
      for_operators<domain::list_platform_keys>(
          services, {Method::get, all, "list_platform_keys", "List the API keys of the platform"},
          domain::platform::kOwn),
      for_operators<domain::get_platform_key>(
          services, {Method::get, one, "get_platform_key", "Show an API key of the platform"}, domain::platform::kOwn),
      for_operators<domain::rename_platform_key>(
          services, {Method::patch, one, "rename_platform_key", "Rename an API key of the platform"},
          domain::platform::kOwn),
      for_operators<domain::revoke_platform_key>(
          services, {Method::del, one, "revoke_platform_key", "Revoke an API key of the platform"},
          domain::platform::kOwn),
  };
}

}  // namespace

std::vector<Row> api_key_routes(const domain::Services& services) {
  std::vector<Row> rows = keys_of_organizations(services);
  for (Row& row : keys_of_platform(services)) rows.push_back(std::move(row));
  return rows;
}

}  // namespace gatehouse::api
