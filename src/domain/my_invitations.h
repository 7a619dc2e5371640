#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/invitation_acceptance.h"
#include "domain/invitation_views.h"
#include "domain/my_sessions.h"
#include "domain/pages.h"
#include "domain/services.h"
#include "store/people.h"

namespace gatehouse::domain {

/// An organization as somebody sees it who is not in it yet.
struct OrganizationReference {
  store::OrganizationId id;
  std::string name;
  std::string slug;

  static constexpr std::string_view kSchemaName = "OrganizationReference";
  static constexpr auto fields() {
    return wire::fields(wire::field("id", &OrganizationReference::id),
                        wire::field("name", &OrganizationReference::name),
                        wire::field("slug", &OrganizationReference::slug));
  }
};

struct MyInvitationView {
  store::InvitationId id;
  OrganizationReference organization;
  RoleReference role;
  std::optional<base::EmailAddress> inviter;
  std::optional<std::string> message;
  base::Time created_at;
  base::Time expires_at;

  static constexpr std::string_view kSchemaName = "MyInvitation";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("id", &MyInvitationView::id), wire::field("organization", &MyInvitationView::organization),
        wire::field("role", &MyInvitationView::role),
        wire::field("inviter", &MyInvitationView::inviter).says("Null when no person sent it."),
        wire::field("message", &MyInvitationView::message), wire::field("created_at", &MyInvitationView::created_at),
        wire::field("expires_at", &MyInvitationView::expires_at));
  }
};

MyInvitationView invitation_view(const store::ReceivedInvitation& invitation);

/// What waits for the caller's address, oldest first. Nothing before the address is verified: until then it may be
/// somebody else's.
base::Result<Page<MyInvitationView>> list_my_invitations(const Services& services, const SignedIn& caller,
                                                         const MyPageInput& input);

struct MyInvitationInput {
  store::InvitationId invitation;

  static constexpr auto fields() { return wire::fields(wire::field("invitation", &MyInvitationInput::invitation)); }
};

/// The caller joins. Refuses: kUnverifiedAddress, kNotFound (not for the caller, or not pending), kAlreadyMember, and
/// what accept_invitation() refuses.
base::Result<AcceptInvitationOutput> accept_my_invitation(const Services& services, const SignedIn& caller,
                                                          const MyInvitationInput& input);

/// The caller does not want to join: the invitation is revoked and its letter, if it still waits, not sent. Refuses:
/// kUnverifiedAddress, kNotFound.
base::Result<void> decline_my_invitation(const Services& services, const SignedIn& caller,
                                         const MyInvitationInput& input);

}  // namespace gatehouse::domain
