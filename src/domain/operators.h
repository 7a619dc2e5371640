#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/services.h"
#include "domain/views.h"

namespace gatehouse::domain {

/// Who runs the command line: no request, no address.
Origin command_line_origin();

/// Makes an operator. From the command line, or by a setup link (see below). Refuses: kInvalidRequest, kWeakPassword,
/// kEmailTaken.
base::Result<UserView> create_operator(const Services& services, const base::EmailAddress& email,
                                       const base::Secret& password);

/// Sets an operator's password and ends all of their sessions. Refuses: kNotFound, kWeakPassword.
base::Result<UserView> reset_operator_password(const Services& services, const base::EmailAddress& email,
                                               const base::Secret& password);

/// The token with which the first operator can be made, once, within 30 minutes. Older ones die. Nothing once there is
/// an operator: then the command line makes more.
std::optional<base::Secret> make_setup_token(const Services& services);

struct SetupInput {
  base::Secret token;
  base::EmailAddress email;
  base::Secret password;

  static constexpr auto fields() {
    return wire::fields(wire::field("token", &SetupInput::token).length(1, 256),
                        wire::field("email", &SetupInput::email),
                        wire::field("password", &SetupInput::password).length(8, 256));
  }
};

/// Makes the first operator. Refuses: kLinkInvalid, kLinkDead (also once there is an operator), kWeakPassword.
base::Result<UserView> set_up_operator(const Services& services, const Anyone& caller, const SetupInput& input);

}  // namespace gatehouse::domain
