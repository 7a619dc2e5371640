#include "api/routes.h"

#include "domain/operator_users.h"

namespace gatehouse::api {

using domain::platform::kManage;
using domain::platform::kRead;
using http::Method;

std::vector<Row> operator_user_routes(const domain::Services& services) {
  const std::string all = "/v1/operator/users";
  const std::string one = all + "/{user}";
  return {
      for_operators<domain::search_users>(services, {Method::get, all, "operator_list_users", "List all users"}, kRead),
      for_operators<domain::show_user>(
          services, {Method::get, one, "operator_show_user", "Show any user, with memberships and sessions"}, kRead),
      for_operators<domain::suspend_user>(
          services, {Method::post, one + "/suspend", "operator_suspend_user", "Keep a user out"}, kManage),
      for_operators<domain::reinstate_user>(
          services, {Method::post, one + "/reinstate", "operator_reinstate_user", "End the suspension of a user"},
          kManage),
      for_operators<domain::sign_user_out>(
          services, {Method::post, one + "/sign-out", "operator_sign_user_out", "End all sessions of a user"}, kManage),
      for_operators<domain::mail_password_reset>(services,
                                                 {Method::post, one + "/reset-password", "operator_mail_password_reset",
                                                  "Mail a user a link for a new password"},
                                                 kManage),
  };
}

}  // namespace gatehouse::api
