#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/services.h"
#include "store/organizations.h"

namespace gatehouse::domain {

/// The only maker of callers with rights. Authority is read from the database at request time, never from the claims of
/// a token: those only say which session to look at, and must still be current.
class Admission {
 public:
  /// From an Authorization header ("Bearer …"). kUnauthenticated when there is none, or its token is forged, expired,
  /// of an ended session, of a disabled user, or older than the last change of the member's rights.
  static base::Result<SignedIn> signed_in(const Services& services, const Origin& origin,
                                          std::optional<std::string_view> authorization);

  /// kNotFound when the person is not an active member there (the same as for an organization that does not exist),
  /// kForbidden when the membership lacks `needed`.
  static base::Result<InOrganization> in_organization(const Services& services, SignedIn person,
                                                      store::OrganizationId organization, std::string_view needed);

  static base::Result<StatisticsReader> statistics_reader(SignedIn person);
};

/// What a change of members, roles or owners works with once it holds the fence.
struct Fenced {
  store::Organization organization;
  store::Membership caller;
  const Permissions& permissions;
};

/// Takes the fence of the caller's organization and reads the caller's membership again behind it. The same refusals as
/// in_organization(): what was true at admission may not be true any more.
base::Result<Fenced> enter_fence(db::Transaction& tx, const InOrganization& caller);

}  // namespace gatehouse::domain
