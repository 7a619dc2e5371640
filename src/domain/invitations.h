#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/invitation_history.h"
#include "domain/invitation_views.h"
#include "domain/pages.h"
#include "domain/policies.h"
#include "domain/services.h"
#include "text/catalogue.h"

namespace gatehouse::domain {

struct InviteInput {
  base::EmailAddress recipient;
  store::OrganizationId organization_id;
  std::optional<store::RoleId> role_id;
  std::optional<std::string> role;

  static constexpr std::string_view kSchemaName = "InviteRequest";
  static constexpr auto fields() {
    return wire::fields(wire::field("recipient", &InviteInput::recipient).example("grace@acme.example"),
                        wire::field("organization_id", &InviteInput::organization_id),
                        wire::field("role_id", &InviteInput::role_id).says("This or `role`."),
                        wire::field("role", &InviteInput::role)
                            .length(1, 40)
                            .says("The role's key: owner, admin or member.")
                            .example("member"));
  }
};

struct InviteOutput {
  std::string message;
  InvitationView invitation;

  static constexpr std::string_view kSchemaName = "InviteAnswer";
  static constexpr auto fields() {
    return wire::fields(wire::field("message", &InviteOutput::message),
                        wire::field("invitation", &InviteOutput::invitation));
  }
};

/// Takes a letter that invites or adds somebody from the budgets of who causes it and of who gets it. Whoever never
/// confirmed an address writes to few strangers. Refuses: kUnverifiedLimit, kRateLimited.
base::Result<void> take_letter_budget(db::Transaction& tx, const Services& services, const InOrganization& caller,
                                      const base::EmailAddress& recipient, base::Time now);

/// Mails an offer of membership. Somebody who has a pending one gets a fresh letter and the old link is dead. Needs
/// members:invite. Refuses: kInvalidRequest, kNotFound (the role), kOutranked, kAlreadyMember, kUnverifiedLimit,
/// kDomainNotAllowed, kRateLimited.
base::Result<InviteOutput> invite_member(const Services& services, const InOrganization& caller,
                                         const InviteInput& input);

struct CreateInvitationInput {
  store::OrganizationId organization;
  base::EmailAddress email;
  std::optional<store::RoleId> role_id;
  std::optional<std::string> role;
  std::optional<std::string> message;
  std::optional<std::int64_t> expires_in_days;
  std::optional<std::string> language;

  static constexpr std::string_view kSchemaName = "NewInvitation";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("organization", &CreateInvitationInput::organization),
        wire::field("email", &CreateInvitationInput::email).example("grace@acme.example"),
        wire::field("role_id", &CreateInvitationInput::role_id).says("This or `role`."),
        wire::field("role", &CreateInvitationInput::role).length(1, 40).says("The role's key.").example("member"),
        wire::field("message", &CreateInvitationInput::message)
            .length(1, 500)
            .says("Plain text for the letter and the page, without web addresses. Control characters are left out.")
            .example("We are two desks away, come in."),
        wire::field("expires_in_days", &CreateInvitationInput::expires_in_days)
            .range(1, 30)
            .says("How long the link works; 7 when it is absent.")
            .example("14"),
        wire::field("language", &CreateInvitationInput::language)
            .one_of(text::kLanguageTags)
            .says("Of the letter and the page, and of the account that is made, unless the invited has chosen one."));
  }
};

struct ResendInvitationInput {
  store::OrganizationId organization;
  store::InvitationId invitation;
  std::optional<std::int64_t> expires_in_days;

  static constexpr std::string_view kSchemaName = "ResendInvitationRequest";
  static constexpr auto fields() {
    return wire::fields(wire::field("organization", &ResendInvitationInput::organization),
                        wire::field("invitation", &ResendInvitationInput::invitation),
                        wire::field("expires_in_days", &ResendInvitationInput::expires_in_days)
                            .range(1, 30)
                            .says("How long the fresh link works; 7 when it is absent.")
                            .example("14"));
  }
};

/// The same as invite_member(), with a message and a time of one's own. Refuses what that does, and `/message`.
base::Result<InvitationDetails> create_invitation(const Services& services, const InOrganization& caller,
                                                  const CreateInvitationInput& input);

/// Sends a pending or expired invitation again with a fresh link; the old one is dead. Whoever sends it again is who
/// invites. Needs members:invite. Refuses: kNotFound, kWrongState (accepted or revoked), kOutranked (by what the role
/// permits now), kAlreadyMember, kUnverifiedLimit, kRateLimited.
base::Result<InvitationDetails> resend_invitation(const Services& services, const InOrganization& caller,
                                                  const ResendInvitationInput& input);

/// Takes a pending or expired invitation back: its link is dead and a waiting letter is not sent. Needs members:invite.
/// Refuses: kNotFound, kWrongState.
base::Result<InvitationDetails> revoke_invitation(const Services& services, const InOrganization& caller,
                                                  const InvitationInput& input);

/// Revokes the pending invitations that a user has sent and could not send any more with a role that holds `left`,
/// where those may invite; all of them when the user is no member. The fence must be held.
void revoke_unsendable_invitations(db::Transaction& tx, store::OrganizationId organization, store::UserId inviter,
                                   const Permissions& left, const Catalogue& catalogue, base::Time now,
                                   WhoMayInvite who_may_invite = WhoMayInvite::admins);

/// Revokes the pending invitations that were sent with an API key. The fence must be held.
void revoke_invitations_of_key(db::Transaction& tx, store::OrganizationId organization, store::ApiKeyId key,
                               base::Time now);

}  // namespace gatehouse::domain
