#pragma once

#include "domain/views.h"
#include "store/invitations.h"

namespace gatehouse::domain {

/// What became of the letter: "queued", "sent", "failed", "withdrawn", "unknown" when it was forgotten since, or
/// "disabled" when mail is off.
struct DeliveryView {
  std::string status;
  std::optional<std::string> reply;

  static constexpr std::string_view kSchemaName = "Delivery";
  static constexpr auto fields() {
    return wire::fields(wire::field("status", &DeliveryView::status),
                        wire::field("reply", &DeliveryView::reply).says("The mail server's last word."));
  }
};

struct InvitationView {
  store::InvitationId id;
  store::OrganizationId organization_id;
  base::EmailAddress recipient;
  RoleReference role;
  std::string status;
  base::Time created_at;
  base::Time expires_at;
  DeliveryView delivery;

  static constexpr std::string_view kSchemaName = "Invitation";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("id", &InvitationView::id), wire::field("organization_id", &InvitationView::organization_id),
        wire::field("recipient", &InvitationView::recipient), wire::field("role", &InvitationView::role),
        wire::field("status", &InvitationView::status).says("pending, accepted, revoked or expired"),
        wire::field("created_at", &InvitationView::created_at), wire::field("expires_at", &InvitationView::expires_at),
        wire::field("delivery", &InvitationView::delivery));
  }
};

InvitationView view(const store::Invitation& invitation, base::Time now);

}  // namespace gatehouse::domain
