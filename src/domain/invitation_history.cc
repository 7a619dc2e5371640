#include "domain/invitation_history.h"

#include "domain/invitation_changes.h"
#include "store/invitation_events.h"
#include "store/letters.h"

#include <algorithm>

namespace gatehouse::domain {

using base::refuse;

namespace {

/// Later than any invitation lives.
constexpr base::Time kEndOfTime{std::chrono::seconds(253402300800)};  // 10000-01-01

class Timeline {
 public:
  void add(std::string_view what, base::Time at, std::optional<std::string> reply = std::nullopt) {
    events_.push_back({std::string(what), at, std::move(reply)});
  }
  bool tells(std::string_view what, base::Time at) const {
    return std::ranges::any_of(events_, [&](const auto& event) { return event.event == what && event.at == at; });
  }
  /// Unless it is there: something of one kind happens once at a time.
  void complete(std::string_view what, base::Time at, const std::optional<std::string>& reply = std::nullopt) {
    if (!tells(what, at)) add(what, at, reply);
  }
  void complete(const store::InvitationLetter& letter) {
    complete(event::kQueued, letter.created_at);
    const auto tried = letter.status == "sent" ? event::kSent : event::kRefused;
    if (letter.tried_at) complete(tried, *letter.tried_at, letter.reply);
    if (letter.status == "withdrawn" && letter.finished_at) complete(event::kWithdrawn, *letter.finished_at);
  }
  std::vector<InvitationEvent> take() && {
    std::ranges::stable_sort(events_, {}, &InvitationEvent::at);
    return std::move(events_);
  }

 private:
  std::vector<InvitationEvent> events_;
};

/// What was entered when it happened, completed by how things stand: that tells of what was before there were entries,
/// and of a time that is over.
std::vector<InvitationEvent> timeline_of(db::Transaction& tx, const store::Invitation& invitation, base::Time now) {
  Timeline timeline;
  for (auto& entry : store::list_invitation_events(tx, invitation.organization, invitation.id)) {
    timeline.add(entry.what, entry.at, std::move(entry.detail));
  }
  for (const auto& letter : store::list_invitation_letters(tx, invitation.organization, invitation.id)) {
    timeline.complete(letter);
  }
  if (invitation.opened_at) timeline.complete(event::kOpened, *invitation.opened_at);
  if (invitation.status != "pending") {
    const base::Time finished_at = invitation.finished_at.value_or(invitation.created_at);
    // That is how the row of a declined one stands, too.
    if (!timeline.tells(event::kDeclined, finished_at)) timeline.complete(invitation.status, finished_at);
  } else if (invitation.expires_at <= now) {
    timeline.complete(event::kExpired, invitation.expires_at);
  }
  return std::move(timeline).take();
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
  return {brief.id,         brief.organization_id, brief.recipient,        brief.role,
          brief.status,     invitation.message,    inviter_of(invitation), brief.created_at,
          brief.expires_at, brief.delivery,        invitation.language,    timeline_of(tx, invitation, now)};
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
