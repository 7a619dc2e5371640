#include "domain/invitation_history.h"

#include "store/letters.h"

#include <algorithm>

namespace gatehouse::domain {

using base::refuse;

namespace {

/// Later than any invitation lives.
constexpr base::Time kEndOfTime{std::chrono::seconds(253402300800)};  // 10000-01-01

void append_letter(std::vector<InvitationEvent>& timeline, const store::InvitationLetter& letter) {
  timeline.push_back({"queued", letter.created_at, std::nullopt});
  const bool is_sent = letter.status == "sent";
  if (letter.tried_at) timeline.push_back({is_sent ? "sent" : "refused", *letter.tried_at, letter.reply});
  if (letter.status == "withdrawn" && letter.finished_at) {
    timeline.push_back({"withdrawn", *letter.finished_at, std::nullopt});
  }
}

std::vector<InvitationEvent> timeline_of(db::Transaction& tx, const store::Invitation& invitation, base::Time now) {
  std::vector<InvitationEvent> timeline;
  for (const auto& letter : store::list_invitation_letters(tx, invitation.organization, invitation.id)) {
    append_letter(timeline, letter);
  }
  if (invitation.opened_at) timeline.push_back({"opened", *invitation.opened_at, std::nullopt});
  if (invitation.status != "pending") {
    timeline.push_back({invitation.status, invitation.finished_at.value_or(invitation.created_at), std::nullopt});
  } else if (invitation.expires_at <= now) {
    timeline.push_back({"expired", invitation.expires_at, std::nullopt});
  }
  std::ranges::stable_sort(timeline, {}, &InvitationEvent::at);
  return timeline;
}

InviterView inviter_of(const store::Invitation& invitation) {
  InviterView view{invitation.inviter_kind, std::nullopt, std::nullopt};
  if (invitation.inviter_kind == "user") view.user_id = invitation.inviter;
  if (invitation.inviter_kind == "api_key") view.api_key_id = invitation.api_key;
  return view;
}

/// A pending invitation whose time is over has expired: nothing in its row says so.
store::InvitationState to_stored(const std::string& state, base::Time now) {
  if (state == "pending") return {state, now, kEndOfTime};
  if (state == "expired") return {"pending", {}, now};
  return {state, {}, kEndOfTime};
}

}  // namespace

InvitationDetails details_of(db::Transaction& tx, const store::Invitation& invitation, base::Time now) {
  const InvitationView brief = view(invitation, now);
  return {brief.id,
          brief.organization_id,
          brief.recipient,
          brief.role,
          brief.status,
          invitation.message,
          inviter_of(invitation),
          brief.created_at,
          brief.expires_at,
          brief.delivery,
          timeline_of(tx, invitation, now)};
}

base::Result<Page<InvitationView>> list_invitations(const Services& services, const InOrganization& caller,
                                                    const ListInvitationsInput& input) {
  const base::Time now = services.clock.now();
  const std::int64_t limit = input.limit.value_or(kPageDefault);
  const std::string list = input.state ? "invitations:" + *input.state : "invitations";
  const Position position = TRY(from_cursor(services, list, caller.organization(), input.after));
  auto rows = services.database.read([&](db::Transaction& tx) {
    const store::InvitationId after{position.id};
    if (!input.state) return store::list_invitations(tx, caller.organization(), position.time, after, limit + 1);
    return store::list_invitations_in(tx, caller.organization(), to_stored(*input.state, now), position.time, after,
                                      limit + 1);
  });
  return make_page<InvitationView>(
      services, list, caller.organization(), std::move(rows), limit,
      [&](const store::Invitation& row) { return view(row, now); },
      [](const store::Invitation& row) {
        return Position{row.created_at, row.id.uuid};
      });
}

base::Result<InvitationDetails> get_invitation(const Services& services, const InOrganization& caller,
                                               const InvitationInput& input) {
  const base::Time now = services.clock.now();
  return services.database.read([&](db::Transaction& tx) -> base::Result<InvitationDetails> {
    const auto invitation = store::find_invitation(tx, caller.organization(), input.invitation);
    if (!invitation) return refuse(base::kNotFound);
    return details_of(tx, *invitation, now);
  });
}

}  // namespace gatehouse::domain
