#include "api/routes.h"

#include "domain/sessions.h"

namespace gatehouse::api {

using http::Method;

std::vector<Row> session_routes(const domain::Services& services) {
  return {
      open_to_all<domain::refresh>(
          services, {Method::post, "/v1/token/refresh", "refresh_token", "Trade a refresh token for new tokens"}),
      signed_in<domain::sign_out>(services, {Method::post, "/v1/sign-out", "sign_out", "End this session"}),
      signed_in<domain::show_session>(
          services, {Method::get, "/v1/session", "show_session", "Who am I, in which organization, with what rights"}),
  };
}

}  // namespace gatehouse::api
