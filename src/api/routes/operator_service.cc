#include "domain/operator_service.h"

#include "api/routes.h"
#include "domain/operator_limits.h"
#include "domain/operator_outbox.h"

namespace gatehouse::api {

using domain::platform::kManage;
using domain::platform::kRead;
using http::Method;

std::vector<Row> operator_service_routes(const domain::Services& services) {
  const std::string base = "/v1/operator/";
  return {
      for_operators<domain::list_outbox>(
          services, {Method::get, base + "outbox", "operator_list_outbox", "List letters and what became of them"},
          kRead),
      for_operators<domain::retry_letter>(
          services,
          {Method::post, base + "outbox/{letter}/retry", "operator_retry_letter", "Try a letter again that failed"},
          kManage),
      for_operators<domain::show_limits>(
          services,
          {Method::get, base + "limits", "operator_show_limits", "What limits count for an address or a network"},
          kRead),
      for_operators<domain::clear_limits>(
          services,
          {Method::post, base + "limits/clear", "operator_clear_limits", "Forget what limits count for somebody"},
          kManage),
      for_operators<domain::list_signing_keys>(
          services, {Method::get, base + "signing-keys", "operator_list_signing_keys", "List signing keys"}, kRead),
      for_operators<domain::rotate_signing_keys>(
          services,
          {Method::post, base + "signing-keys/rotate", "operator_rotate_signing_keys", "Make a new signing key"},
          kManage),
      for_operators<domain::show_health>(
          services, {Method::get, base + "health", "operator_show_health", "How the service fares"}, kRead),
      for_operators<domain::show_configuration>(
          services, {Method::get, base + "configuration", "operator_show_configuration", "What holds, secrets masked"},
          kRead),
  };
}

}  // namespace gatehouse::api
