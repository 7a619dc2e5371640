#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/my_sessions.h"
#include "domain/pages.h"
#include "domain/services.h"
#include "domain/views.h"

namespace gatehouse::domain {

struct LeaveInput {
  store::OrganizationId organization;

  static constexpr auto fields() { return wire::fields(wire::field("organization", &LeaveInput::organization)); }
};

/// Ends the caller's membership with the sessions in that organization and the pending invitations that the caller has
/// sent there. Refuses: kNotFound (no active member), kLastOwner.
base::Result<void> leave_organization(const Services& services, const SignedIn& caller, const LeaveInput& input);

}  // namespace gatehouse::domain
