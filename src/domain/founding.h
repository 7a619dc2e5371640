#pragma once

#include "base/result.h"
#include "db/database.h"
#include "domain/services.h"
#include "store/organizations.h"
#include "store/roles.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::domain {

// Where an organization's people have their accounts.
inline constexpr std::string_view kShared = "shared";
inline constexpr std::string_view kIsolated = "isolated";
inline constexpr std::array<std::string_view, 2> kDirectoryKinds{kShared, kIsolated};

/// An organization that nobody is in yet, with the three roles that every one has; made before its transaction.
struct NewOrganization {
  store::Organization organization;
  std::vector<store::Role> roles;  // owner, admin, member
  /// Whether its directory is made with it.
  bool is_isolated = false;
  bool is_slug_chosen = false;

  const store::Role& owner_role() const { return roles.front(); }
};

/// `name` is clean. `slug`: a clean one that somebody chose; without it one is made of the name. `directory`: one of
/// kDirectoryKinds, shared when it is absent.
NewOrganization make_organization(std::string name, std::optional<std::string> slug,
                                  const std::optional<std::string>& directory, base::Time now,
                                  std::string owner_role_name = "owner");

/// Writes directory, organization and roles. Violates organizations_slug_key when the slug is taken, now or at COMMIT.
void insert_new_organization(db::Transaction& tx, const NewOrganization& made);

/// Gives it another slug; false when somebody chose the one that it has.
bool take_another_slug(NewOrganization& made);

/// Runs `store`, which writes the organization in a transaction, with another slug as long as the one that was made of
/// the name is taken. kSlugTaken when somebody chose it.
template <class Store>
base::Result<void> store_with_free_slug(NewOrganization& made, Store store) {
  for (;;) {
    try {
      return store();
    } catch (const db::UniqueViolation& violation) {
      if (violation.constraint() != "organizations_slug_key") throw;
      if (!take_another_slug(made)) return base::refuse(base::kSlugTaken);
    }
  }
}

}  // namespace gatehouse::domain
