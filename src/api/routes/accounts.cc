#include "api/routes.h"

#include "domain/email_verification.h"
#include "domain/password_reset.h"
#include "domain/sign_in.h"
#include "domain/sign_up.h"

namespace gatehouse::api {

using http::Lane;
using http::Method;

std::vector<Row> account_routes(const domain::Services& services) {
  return {
      open_to_all<domain::sign_up>(
          services, {Method::post, "/signup", "sign_up", "Create an account and its organization", Lane::hash, 201}),
      open_to_all<domain::sign_in>(services, {Method::post, "/signin", "sign_in", "Sign in", Lane::hash}),
      open_to_all<domain::reset_password>(
          services,
          {Method::post, "/reset-password", "reset_password",
           "Ask for a reset link (email), or set a new password with its token (token, new_password)", Lane::hash}),
      open_to_all<domain::verify_email>(services,
                                        {Method::post, "/v1/email/verify", "verify_email", "Confirm an email address"}),
  };
}

}  // namespace gatehouse::api
