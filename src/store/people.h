#pragma once

#include "base/email.h"
#include "db/database.h"
#include "store/ids.h"

#include <optional>
#include <string>
#include <vector>

/// What is stored about one person, over all of the organizations of their directory.
namespace gatehouse::store {

/// A membership in whatever state it and its organization are.
struct Place {
  OrganizationId organization;
  std::string organization_name;
  std::string organization_slug;
  std::string organization_status;
  /// Of an organization that its owners have deleted.
  std::optional<base::Time> purge_at;
  MemberId member;
  RoleId role;
  std::string role_key;
  std::string status;  // of the membership
  base::Time joined_at;

  bool is_active() const { return status == "active"; }
};

/// In the order in which fences are taken: ascending by organization.
std::vector<Place> list_places(db::Transaction& tx, const Account& account);

/// A pending invitation as the one sees it whom it is for.
struct ReceivedInvitation {
  OrganizationId organization;
  std::string organization_name;
  std::string organization_slug;
  InvitationId id;
  RoleId role;
  std::string role_key;
  std::string role_name;
  /// Of a person who still has an account.
  std::optional<std::string> inviter;
  std::optional<std::string> message;
  base::Time created_at;
  base::Time expires_at;
};

/// What waits for that address in active organizations of the directory, oldest first, behind (`after_created_at`,
/// `after_id`).
std::vector<ReceivedInvitation> list_received_invitations(db::Transaction& tx, DirectoryId directory,
                                                          const base::EmailAddress& email, base::Time now,
                                                          base::Time after_created_at, InvitationId after_id,
                                                          std::int64_t limit);
/// One of them.
std::optional<ReceivedInvitation> find_received_invitation(db::Transaction& tx, DirectoryId directory,
                                                           const base::EmailAddress& email, base::Time now,
                                                           InvitationId id);

/// Where an account has signed in from.
struct SignInOrigin {
  std::string network;
  base::Time seen_at;
};
/// The latest first, each network once.
std::vector<SignInOrigin> list_sign_in_origins(db::Transaction& tx, const Account& account);

/// The oldest organization of a directory: the one that an isolated directory was made for.
std::optional<OrganizationId> find_directory_owner(db::Transaction& tx, DirectoryId directory);

}  // namespace gatehouse::store
