#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/services.h"
#include "domain/views.h"
#include "text/catalogue.h"

namespace gatehouse::domain {

/// What the holder of an invitation's token sees before deciding.
struct InvitationToken {
  base::Secret token;

  static constexpr std::string_view kSchemaName = "InvitationToken";
  static constexpr auto fields() {
    return wire::fields(wire::field("token", &InvitationToken::token).length(1, 256).says("Of the mailed link."));
  }
};

struct ShownInvitation {
  std::string message;
  store::InvitationId id;
  base::EmailAddress recipient;
  OrganizationView organization;
  RoleReference role;
  std::optional<base::EmailAddress> inviter;
  std::optional<std::string> inviter_message;
  bool has_account = false;
  base::Time expires_at;
  /// Of the page, when nothing that is the reader's own says another.
  std::optional<std::string> language = {};

  static constexpr std::string_view kSchemaName = "ShownInvitation";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("message", &ShownInvitation::message), wire::field("id", &ShownInvitation::id),
        wire::field("recipient", &ShownInvitation::recipient),
        wire::field("organization", &ShownInvitation::organization), wire::field("role", &ShownInvitation::role),
        wire::field("inviter", &ShownInvitation::inviter)
            .says("The person who invites; null when a back end or an operator does."),
        wire::field("inviter_message", &ShownInvitation::inviter_message)
            .says("Plain text of the one who invites; lines end with a line feed."),
        wire::field("has_account", &ShownInvitation::has_account)
            .says("Whether the recipient has a confirmed account, whose password accepts the invitation."),
        wire::field("expires_at", &ShownInvitation::expires_at));
  }
};

struct AcceptInvitationInput {
  base::Secret token;
  std::optional<base::EmailAddress> email;
  std::optional<base::Secret> password;
  std::optional<std::string> language;

  static constexpr std::string_view kSchemaName = "AcceptInvitationRequest";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("token", &AcceptInvitationInput::token).length(1, 256).says("Of the mailed link."),
        wire::field("email", &AcceptInvitationInput::email)
            .says("The invited address. Not needed with a bearer token."),
        wire::field("password", &AcceptInvitationInput::password)
            .length(1, 256)
            .says("A new one, or that of the account that the address has. Not needed with a bearer token."),
        wire::field("language", &AcceptInvitationInput::language)
            .one_of(text::kLanguageTags)
            .says("Of a new account's letters and pages."));
  }
};

struct AcceptInvitationOutput {
  std::string message;
  UserView user;
  OrganizationView organization;
  MemberView member;

  static constexpr std::string_view kSchemaName = "AcceptInvitationAnswer";
  static constexpr auto fields() {
    return wire::fields(wire::field("message", &AcceptInvitationOutput::message),
                        wire::field("user", &AcceptInvitationOutput::user),
                        wire::field("organization", &AcceptInvitationOutput::organization),
                        wire::field("member", &AcceptInvitationOutput::member));
  }
};

/// Looks at an invitation without using it, and notes when that was first done. Refuses: kLinkInvalid, kLinkDead.
base::Result<ShownInvitation> show_invitation(const Services& services, const InvitationToken& input);

/// The invited joins: with a new account, with the password of the account that the address has, or as whoever is
/// signed in. Receiving the token proves the mailbox: the address becomes verified, and an account at it that never was
/// loses its old password and sessions first. Refuses: kLinkInvalid, kLinkDead, kWrongAddress, kInvalidCredentials,
/// kWeakPassword, kAlreadyMember, kDomainNotAllowed, kRateLimited.
base::Result<AcceptInvitationOutput> accept_invitation(const Services& services, const Anyone& caller,
                                                       const std::optional<SignedIn>& signed_in,
                                                       const AcceptInvitationInput& input);

/// The same for an invitation that the signed-in person was shown without its link, which proves nothing: the person's
/// address must be verified, and it is up to the caller that it is the invited one. Refuses: kNotFound (not pending any
/// more), kWrongAddress, kInvalidCredentials, kAlreadyMember.
base::Result<AcceptInvitationOutput> accept_received_invitation(const Services& services, const SignedIn& person,
                                                                store::OrganizationId organization,
                                                                store::InvitationId invitation);

}  // namespace gatehouse::domain
