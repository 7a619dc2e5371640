#include "domain/admit.h"

#include "base/text.h"
#include "domain/access_tokens.h"
#include "store/sessions.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

std::optional<std::string_view> bearer_token(std::optional<std::string_view> authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (!authorization || authorization->size() <= kScheme.size()) return std::nullopt;
  if (base::to_lower_ascii(authorization->substr(0, kScheme.size())) != kScheme) return std::nullopt;
  return base::trim(authorization->substr(kScheme.size()));
}

/// A session with an active organization lives only as long as the membership does, and its tokens only until the
/// member's rights change.
bool is_current(const AccessClaims& claims, const store::LiveSession& live) {
  if (claims.account.user != live.user || claims.organization != live.organization) return false;
  if (!live.organization) return true;
  return live.member.has_value() && live.rights_version == claims.rights_version;
}

}  // namespace

base::Result<SignedIn> Admission::signed_in(const Services& services, const Origin& origin,
                                            std::optional<std::string_view> authorization) {
  const auto token = bearer_token(authorization);
  if (!token) return refuse(base::kUnauthenticated);
  const base::Time now = services.clock.now();
  const auto claims = services.access_tokens.verify(*token, now);
  if (!claims) return refuse(base::kUnauthenticated);
  const auto live = services.database.read([&](db::Transaction& tx) {
    return store::find_live_session(tx, claims->account.directory, claims->session, now);
  });
  if (!live || !is_current(*claims, *live)) return refuse(base::kUnauthenticated);

  SignedIn person;
  person.origin_ = origin;
  person.account_ = claims->account;
  person.session_ = claims->session;
  person.email_ = base::EmailAddress{live->email};
  person.email_verified_ = live->email_verified_at.has_value();
  person.active_organization_ = live->organization;
  return person;
}

base::Result<InOrganization> Admission::in_organization(const Services& services, SignedIn person,
                                                        store::OrganizationId organization, std::string_view needed) {
  auto membership = services.database.read(
      [&](db::Transaction& tx) { return store::find_membership(tx, organization, person.account()); });
  if (!membership) return refuse(base::kNotFound);
  if (!permissions_of(membership->role_key).contains(needed)) return refuse(base::kForbidden);
  return InOrganization(std::move(person), std::move(*membership), needed);
}

base::Result<StatisticsReader> Admission::statistics_reader(SignedIn person) {
  if (person.is_operator()) return StatisticsReader(Operator(std::move(person)));
  return StatisticsReader(std::move(person));
}

base::Result<Fenced> enter_fence(db::Transaction& tx, const InOrganization& caller) {
  auto organization = store::fence_organization(tx, caller.organization());
  if (!organization) return refuse(base::kNotFound);
  auto membership = store::find_membership(tx, caller.organization(), caller.person().account());
  if (!membership) return refuse(base::kNotFound);
  const Permissions& permissions = permissions_of(membership->role_key);
  if (!permissions.contains(caller.needed())) return refuse(base::kForbidden);
  return Fenced{std::move(*organization), std::move(*membership), permissions};
}

}  // namespace gatehouse::domain
