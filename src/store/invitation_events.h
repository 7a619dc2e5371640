#pragma once

#include "db/database.h"
#include "store/ids.h"

#include <optional>
#include <string>
#include <vector>

/// What happened to invitations and their letters: kept when it happens, and never changed.
namespace gatehouse::store {

struct InvitationEvent {
  OrganizationId organization;
  InvitationId invitation;
  base::Uuid id;
  base::Time at;
  std::string what;
  /// The mail server's word.
  std::optional<std::string> detail = {};
};

/// As many are kept of one invitation, the newest: all tries of a letter that waits for 30 days, and more.
inline constexpr std::int64_t kInvitationEventsMost = 200;

/// Nothing when the invitation is gone: its letters outlive it. The newest `keep` of the invitation stay.
void insert_invitation_event(db::Transaction& tx, const InvitationEvent& event,
                             std::int64_t keep = kInvitationEventsMost);
/// In the order in which they were inserted.
std::vector<InvitationEvent> list_invitation_events(db::Transaction& tx, OrganizationId organization,
                                                    InvitationId invitation);

}  // namespace gatehouse::store
