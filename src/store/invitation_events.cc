#include "store/invitation_events.h"

namespace gatehouse::store {

namespace {

#define LAST_POSITION \
  "(SELECT MAX(e.position) FROM invitation_events e WHERE e.organization_id = $1 AND e.invitation_id = $2)"

constexpr db::Statement kInsert{
    "insert_invitation_event",
    "INSERT INTO invitation_events (organization_id, id, invitation_id, position, at, what, detail) "
    "SELECT i.organization_id, $3, i.id, COALESCE(" LAST_POSITION
    ", 0) + 1, $4, $5, $6 "
    "FROM invitations i WHERE i.organization_id = $1 AND i.id = $2"};

constexpr db::Statement kTrim{"trim_invitation_events",
                              "DELETE FROM invitation_events WHERE organization_id = $1 AND invitation_id = $2 "
                              "AND position <= " LAST_POSITION " - $3"};

constexpr db::Statement kList{"list_invitation_events",
                              "SELECT organization_id, invitation_id, id, at, what, detail FROM invitation_events "
                              "WHERE organization_id = $1 AND invitation_id = $2 ORDER BY position, at, id"};

}  // namespace

void insert_invitation_event(db::Transaction& tx, const InvitationEvent& event, std::int64_t keep) {
  tx.execute(kInsert, {event.organization, event.invitation, event.id, event.at, event.what, event.detail});
  tx.execute(kTrim, {event.organization, event.invitation, keep});
}

std::vector<InvitationEvent> list_invitation_events(db::Transaction& tx, OrganizationId organization,
                                                    InvitationId invitation) {
  std::vector<InvitationEvent> events;
  for (const db::Row& row : tx.query(kList, {organization, invitation})) {
    events.push_back(row.as<InvitationEvent, OrganizationId, InvitationId, base::Uuid, base::Time, std::string,
                            std::optional<std::string>>());
  }
  return events;
}

}  // namespace gatehouse::store
