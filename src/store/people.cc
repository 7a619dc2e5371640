#include "store/people.h"

namespace gatehouse::store {

namespace {

constexpr db::Statement kListPlaces{
    "list_places",
    "SELECT o.id, o.name, o.slug, o.status, o.purge_at, m.id, m.role_id, r.key, m.status, m.joined_at FROM members m "
    "JOIN organizations o ON o.id = m.organization_id "
    "JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id "
    "WHERE m.directory_id = $1 AND m.user_id = $2 ORDER BY o.id"};

#define RECEIVED_INVITATIONS                                                                                  \
  "SELECT o.id, o.name, o.slug, i.id, r.id, r.key, r.name, u.email, i.message, i.created_at, i.expires_at "   \
  "FROM invitations i JOIN organizations o ON o.id = i.organization_id "                                      \
  "JOIN roles r ON r.organization_id = i.organization_id AND r.id = i.role_id "                               \
  "LEFT JOIN users u ON u.directory_id = o.directory_id AND u.id = i.inviter_id AND i.inviter_kind = 'user' " \
  "WHERE o.directory_id = $1 AND i.email = $2 AND i.status = 'pending' AND i.expires_at > $3 AND o.status = 'active' "

constexpr db::Statement kListReceived{"list_received_invitations", RECEIVED_INVITATIONS
                                      "AND (i.created_at, i.id) > ($4, $5) ORDER BY i.created_at, i.id LIMIT $6"};
constexpr db::Statement kFindReceived{"find_received_invitation", RECEIVED_INVITATIONS "AND i.id = $4"};

constexpr db::Statement kListOrigins{"list_sign_in_origins",
                                     "SELECT network, MAX(seen_at) FROM sign_in_origins WHERE directory_id = $1 AND "
                                     "user_id = $2 GROUP BY network ORDER BY MAX(seen_at) DESC, network"};

constexpr db::Statement kFindDirectoryOwner{
    "find_directory_owner", "SELECT id FROM organizations WHERE directory_id = $1 ORDER BY created_at, id LIMIT 1"};

ReceivedInvitation to_received(const db::Row& row) {
  return row.as<ReceivedInvitation, OrganizationId, std::string, std::string, InvitationId, RoleId, std::string,
                std::string, std::optional<std::string>, std::optional<std::string>, base::Time, base::Time>();
}

}  // namespace

std::vector<Place> list_places(db::Transaction& tx, const Account& account) {
  std::vector<Place> places;
  for (const db::Row& row : tx.query(kListPlaces, {account.directory, account.user})) {
    places.push_back(row.as<Place, OrganizationId, std::string, std::string, std::string, std::optional<base::Time>,
                            MemberId, RoleId, std::string, std::string, base::Time>());
  }
  return places;
}

std::vector<ReceivedInvitation> list_received_invitations(db::Transaction& tx, DirectoryId directory,
                                                          const base::EmailAddress& email, base::Time now,
                                                          base::Time after_created_at, InvitationId after_id,
                                                          std::int64_t limit) {
  std::vector<ReceivedInvitation> invitations;
  for (const db::Row& row : tx.query(kListReceived, {directory, email.text, now, after_created_at, after_id, limit})) {
    invitations.push_back(to_received(row));
  }
  return invitations;
}

std::optional<ReceivedInvitation> find_received_invitation(db::Transaction& tx, DirectoryId directory,
                                                           const base::EmailAddress& email, base::Time now,
                                                           InvitationId id) {
  const auto row = tx.query_one(kFindReceived, {directory, email.text, now, id});
  if (!row) return std::nullopt;
  return to_received(*row);
}

std::vector<SignInOrigin> list_sign_in_origins(db::Transaction& tx, const Account& account) {
  std::vector<SignInOrigin> origins;
  for (const db::Row& row : tx.query(kListOrigins, {account.directory, account.user})) {
    origins.push_back(row.as<SignInOrigin, std::string, base::Time>());
  }
  return origins;
}

std::optional<OrganizationId> find_directory_owner(db::Transaction& tx, DirectoryId directory) {
  const auto row = tx.query_one(kFindDirectoryOwner, {directory});
  if (!row) return std::nullopt;
  return row->get<OrganizationId>(0);
}

}  // namespace gatehouse::store
