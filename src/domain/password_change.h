#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/services.h"
#include "wire/fields.h"

namespace gatehouse::domain {

struct ChangePasswordInput {
  base::Secret current_password;
  base::Secret new_password;

  static constexpr std::string_view kSchemaName = "ChangePasswordRequest";
  static constexpr auto fields() {
    return wire::fields(wire::field("current_password", &ChangePasswordInput::current_password).length(1, 256),
                        wire::field("new_password", &ChangePasswordInput::new_password)
                            .length(8, 256)
                            .says("A few unrelated words; no rules about digits or symbols."));
  }
};

/// Ends all other sessions, and voids mailed reset links and changes of address that wait to be confirmed. Refuses:
/// kInvalidRequest, kWeakPassword, kInvalidCredentials, kRateLimited.
base::Result<void> change_password(const Services& services, const SignedIn& caller, const ChangePasswordInput& input);

}  // namespace gatehouse::domain
