#include "domain/invitation_views.h"

namespace gatehouse::domain {

InvitationView view(const store::Invitation& invitation, base::Time now) {
  // Finished letters are forgotten after a while; an invitation without one was made while mail was off.
  const std::string without_row = invitation.letter ? "unknown" : "disabled";
  const bool expired = invitation.status == "pending" && invitation.expires_at <= now;
  return {invitation.id,
          invitation.organization,
          invitation.email,
          {invitation.role, invitation.role_key, invitation.role_name},
          expired ? "expired" : invitation.status,
          invitation.created_at,
          invitation.expires_at,
          {invitation.letter_status.value_or(without_row), invitation.letter_reply}};
}

}  // namespace gatehouse::domain
