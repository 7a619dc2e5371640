#pragma once

#include "base/result.h"
#include "domain/browser_session.h"
#include "domain/caller.h"
#include "domain/policies.h"
#include "domain/services.h"
#include "store/invitations.h"
#include "store/organizations.h"
#include "store/roles.h"
#include "store/sessions.h"

namespace gatehouse::domain {

/// What an operator may do, which a key of the platform holds some of.
namespace platform {
inline constexpr std::string_view kRead = "platform:read";
inline constexpr std::string_view kManage = "platform:manage";
/// Making keys and operators' own affairs: no key holds it.
inline constexpr std::string_view kOwn = "platform:own";
}  // namespace platform

/// The only maker of callers with rights. Authority is read from the database at request time, never from the claims of
/// a token: those only say which session to look at, and must still be current.
class Admission {
 public:
  /// By the Authorization header ("Bearer …") or a browser's cookie. kUnauthenticated when there is none, or it is
  /// forged, expired, of an ended session, of a disabled user, of a session whose membership is gone or, of a token,
  /// older than the last change of the member's rights. The use of a cookie is written down, as that of a refresh token
  /// is: the session lives on. kPersonNeeded for a live API key, and what authenticated() says of any other.
  static base::Result<SignedIn> signed_in(const Services& services, const Origin& origin, const Proof& proof);

  /// By what KnownSessions knows the session that this names; nothing when it names none.
  static std::optional<CredentialDigest> known_by(const Proof& proof);

  /// The same, or the holder of a live API key. kSecretKeyInBrowser when a key comes from a browser.
  static base::Result<Authenticated> authenticated(const Services& services, const Origin& origin, const Proof& proof);

  /// kNotFound when the person is not an active member there (the same as for an organization that does not exist) or
  /// the key belongs elsewhere, kForbidden when membership or key lack `needed`, or have it and a policy of the
  /// organization says otherwise (effective_permissions()). Being there is enough when `needed` is empty.
  static base::Result<InOrganization> in_organization(const Services& services, Authenticated who,
                                                      store::OrganizationId organization, std::string_view needed);

  /// kNotFound for everybody else: the operators' part of the API does not exist for them. kForbidden for a key of the
  /// platform that lacks `needed`.
  static base::Result<Operator> as_operator(const Services& services, Authenticated who, std::string_view needed);

  static base::Result<StatisticsReader> statistics_reader(SignedIn person);

  /// What the caller's role or key holds, read again in `tx`. Refuses as in_organization() does.
  static base::Result<Permissions> permissions_again(db::Transaction& tx, const InOrganization& caller,
                                                     const Catalogue& catalogue, base::Time now);

 private:
  static base::Result<SignedIn> signed_in_by_cookie(const Services& services, const Origin& origin,
                                                    std::string_view cookie);
  static SignedIn person_of(const Origin& origin, const store::Account& account, store::SessionId session,
                            const store::LiveSession& live);
};

/// What a change of members, roles or owners works with once it holds the fence.
struct Fenced {
  store::Organization organization;
  /// What the caller's role or key holds, for outranks().
  Permissions permissions;
  Catalogue catalogue;
  /// What holds in the organization.
  PolicyRules rules;

  Permissions of(const store::Member& member) const {
    return permissions_of(member.role_key, member.role_permissions, catalogue);
  }
  Permissions of(const store::Role& role) const { return permissions_of(role.key, role.permissions, catalogue); }
  Permissions of(const store::Invitation& invitation) const;
};

/// Takes the fence of the caller's organization and reads the caller's rights again behind it. The same refusals as
/// in_organization(): what was true at admission may not be true any more. `now` is when the request began.
base::Result<Fenced> enter_fence(db::Transaction& tx, const InOrganization& caller, base::Time now);

}  // namespace gatehouse::domain
