#pragma once

#include "domain/services.h"
#include "store/organizations.h"
#include "store/users.h"

#include <optional>
#include <string>

/// Which account an address means. Without more it is that of the shared directory; whoever names an organization means
/// the account that works in that one.
namespace gatehouse::domain {

/// What was said to name an organization, as it was found.
struct Entrance {
  store::DirectoryId directory = store::kSharedDirectory;
  /// Nothing when none was named, or there is none of that name.
  std::optional<store::Organization> organization;
  /// What tries are counted by beside the address; empty when no organization was named. A name that nobody has counts
  /// by itself, so that the limits do not tell which names there are.
  std::string counted_by;

  /// Whether there can be an account at all.
  bool leads_somewhere() const { return counted_by.empty() || organization.has_value(); }
  bool is_isolated() const { return directory != store::kSharedDirectory; }
};

/// `named`: a slug or an id ("org_…"), in any case and with white space around it. A deleted or suspended organization
/// is found too: its directory holds accounts all the same.
Entrance find_entrance(db::Transaction& tx, const std::optional<std::string>& named);
/// The same by the id alone.
Entrance find_entrance(db::Transaction& tx, store::OrganizationId id);

/// The account of that address behind the entrance. In a directory of its own: whoever has one. In the shared
/// directory: an active member of the named organization, and nobody else.
std::optional<store::User> find_user_at(db::Transaction& tx, const Entrance& entrance, const base::EmailAddress& email);

/// By what limits count the tries at an account: its address, together with its directory unless that is the shared
/// one, so that accounts of one address do not use up each other's.
std::string counted_as(store::DirectoryId directory, const base::EmailAddress& email);

/// The organization that has the directory for itself; nothing for the shared directory and that of operators.
std::optional<store::Organization> owner_of(db::Transaction& tx, store::DirectoryId directory);

/// Where somebody of that directory asks for a reset link, for letters that say "if this was not you".
std::string reset_page_of(db::Transaction& tx, const Services& services, store::DirectoryId directory);

}  // namespace gatehouse::domain
