#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/invitation_views.h"
#include "domain/pages.h"
#include "domain/services.h"

#include <array>

/// What is there to see of invitations.
namespace gatehouse::domain {

/// Names one invitation.
struct InvitationInput {
  store::OrganizationId organization;
  store::InvitationId invitation;

  static constexpr auto fields() {
    return wire::fields(wire::field("organization", &InvitationInput::organization),
                        wire::field("invitation", &InvitationInput::invitation));
  }
};

inline constexpr std::array<std::string_view, 4> kInvitationStates{"pending", "accepted", "revoked", "expired"};

struct ListInvitationsInput {
  store::OrganizationId organization;
  std::optional<std::string> state;
  std::optional<std::int64_t> limit;
  std::optional<std::string> after;

  static constexpr auto fields() {
    return wire::fields(
        wire::field("organization", &ListInvitationsInput::organization),
        wire::field("state", &ListInvitationsInput::state).one_of(kInvitationStates).says("All when it is absent."),
        wire::field("limit", &ListInvitationsInput::limit).range(1, kPageMost).says("20 when it is absent."),
        wire::field("after", &ListInvitationsInput::after).length(1, 256).says("`page.next` of the page before."));
  }
};

/// What happened to an invitation or to one of its letters.
struct InvitationEvent {
  std::string event;
  base::Time at;
  std::optional<std::string> reply;

  static constexpr std::string_view kSchemaName = "InvitationEvent";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("event", &InvitationEvent::event)
            .says(
                "queued (a letter waits to be sent), sent, refused (the mail server did not take the letter, or could "
                "not be reached), withdrawn (a waiting letter has lost its reason), resent (a fresh link takes the "
                "place of the old one), opened (the page of the link was shown for the first time; mail scanners open "
                "it too, so it proves no person), accepted, revoked, declined (by the invited; the status is revoked), "
                "expired"),
        wire::field("at", &InvitationEvent::at),
        wire::field("reply", &InvitationEvent::reply).says("Of sent and refused: the mail server's word."));
  }
};

struct InviterView {
  std::string kind;
  std::optional<store::UserId> user_id;
  std::optional<store::ApiKeyId> api_key_id;

  static constexpr std::string_view kSchemaName = "Inviter";
  static constexpr auto fields() {
    return wire::fields(wire::field("kind", &InviterView::kind).says("user, api_key or operator"),
                        wire::field("user_id", &InviterView::user_id).says("Of a user."),
                        wire::field("api_key_id", &InviterView::api_key_id).says("Of an API key."));
  }
};

struct InvitationDetails {
  store::InvitationId id;
  store::OrganizationId organization_id;
  base::EmailAddress recipient;
  RoleReference role;
  std::string status;
  std::optional<std::string> message;
  InviterView inviter;
  base::Time created_at;
  base::Time expires_at;
  DeliveryView delivery;
  std::optional<std::string> language;
  std::vector<InvitationEvent> timeline;

  static constexpr std::string_view kSchemaName = "InvitationDetails";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("id", &InvitationDetails::id), wire::field("organization_id", &InvitationDetails::organization_id),
        wire::field("recipient", &InvitationDetails::recipient), wire::field("role", &InvitationDetails::role),
        wire::field("status", &InvitationDetails::status).says("pending, accepted, revoked or expired"),
        wire::field("message", &InvitationDetails::message), wire::field("inviter", &InvitationDetails::inviter),
        wire::field("created_at", &InvitationDetails::created_at),
        wire::field("expires_at", &InvitationDetails::expires_at),
        wire::field("delivery", &InvitationDetails::delivery),
        wire::field("language", &InvitationDetails::language)
            .says("In which the letter was asked to be written.")
            .example("de"),
        wire::field("timeline", &InvitationDetails::timeline).says("Oldest first, the last 200."));
  }
};

/// What get_invitation() shows of one.
InvitationDetails details_of(db::Transaction& tx, const store::Invitation& invitation, base::Time now);

/// Lists the organization's invitations, those that were made first first. Needs invitations:read.
base::Result<Page<InvitationView>> list_invitations(const Services& services, const InOrganization& caller,
                                                    const ListInvitationsInput& input);

/// One of them and what happened to it. Needs invitations:read. Refuses: kNotFound.
base::Result<InvitationDetails> get_invitation(const Services& services, const InOrganization& caller,
                                               const InvitationInput& input);

}  // namespace gatehouse::domain
