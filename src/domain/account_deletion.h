#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/services.h"
#include "wire/fields.h"

namespace gatehouse::domain {

struct DeleteMeInput {
  base::Secret password;

  static constexpr std::string_view kSchemaName = "DeleteMeRequest";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("password", &DeleteMeInput::password).length(1, 256).says("The account's password."));
  }
};

/// The account goes, for good, with its memberships, its sessions and the pending invitations that it has sent. Not for
/// operators. Refuses: kForbidden, kInvalidCredentials, kRateLimited, kSoleOwner (of an organization that is not
/// deleted).
base::Result<void> delete_me(const Services& services, const SignedIn& caller, const DeleteMeInput& input);

}  // namespace gatehouse::domain
