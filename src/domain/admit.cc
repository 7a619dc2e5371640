#include "domain/admit.h"

#include "base/mutation.h"
#include "base/text.h"
#include "crypto/keys.h"
#include "crypto/token.h"
#include "domain/access_tokens.h"
#include "domain/known_sessions.h"
#include "store/member_activity.h"
#include "store/sessions.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

/// How often the last use of a key, or of a browser's session, is written down, at most.
constexpr std::chrono::minutes kUseResolution{1};

/// Every check of admission goes through here, so that `./dev check --mutate` can leave out one at a time.
bool fails(std::string_view check, bool is_failing) { return !base::is_skipped(check) && is_failing; }

std::optional<std::string_view> bearer_token(std::optional<std::string_view> authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (!authorization || authorization->size() <= kScheme.size()) return std::nullopt;
  if (base::to_lower_ascii(authorization->substr(0, kScheme.size())) != kScheme) return std::nullopt;
  return base::trim(authorization->substr(kScheme.size()));
}

// The kinds of CredentialDigest.
constexpr char kToken = 't', kCookie = 'c';

PolicyRules rules_of_session(const Settings& settings, const store::LiveSession& live) {
  return rules_of(settings, store::SessionTerms{live.organization, live.created_at, live.rotated_at, live.idle_seconds,
                                                live.absolute_seconds});
}

/// When the session is over by what platform and organization ask today.
base::Time end_of(const Settings& settings, const store::LiveSession& live) {
  return rules_of_session(settings, live).session_end(live.created_at, live.rotated_at);
}

bool has_ended_by_policy(base::Time end, base::Time now) {
  return fails("session has not ended by policy", end <= now);
}

/// A session with an active organization lives only as long as the membership does and the organization's policies let
/// it, and its tokens only until the member's rights change.
bool is_current(const AccessClaims& claims, const store::LiveSession& live, base::Time end, base::Time now) {
  if (fails("token is of the session", claims.account.user != live.user || claims.organization != live.organization)) {
    return false;
  }
  if (has_ended_by_policy(end, now)) return false;
  // A membership that is gone has no rights version.
  return !live.organization || !fails("rights are current", live.rights_version != claims.rights_version);
}

/// The use of a cookie is what a refresh is of tokens: the session may be idle from now on anew, and its member is
/// active today.
void note_use(const Services& services, const store::Account& account, store::SessionId session,
              const store::LiveSession& live, base::Time now) {
  if (now - live.rotated_at < kUseResolution) return;
  using std::chrono::days, std::chrono::floor;
  const bool is_new_day = floor<days>(live.rotated_at) != floor<days>(now);
  const base::Time end = rules_of_session(services.settings, live).session_end(live.created_at, now);
  const auto operation = base::make_uuid_v7(now);
  const auto done = services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    const bool is_noted = store::note_session_use(tx, account.directory, session, now, end);
    if (is_noted && live.organization && is_new_day) {
      store::note_activity(tx, *live.organization, account, operation, now);
    }
    return {};
  });
  static_cast<void>(done);  // the body never refuses; trouble is thrown
}

std::optional<store::ApiKey> find_live_key(const Services& services, const crypto::ApiKey& shown, base::Time now) {
  return services.database.read([&](db::Transaction& tx) -> std::optional<store::ApiKey> {
    const store::OrganizationId organization{shown.placement};
    auto key = store::find_api_key(tx, organization, store::ApiKeyId{shown.row});
    if (!key) return std::nullopt;
    const bool is_right = crypto::constant_time_equal(key->secret_hash.data, shown.secret_hash);
    if (fails("secret of the key is right", !is_right)) return std::nullopt;
    if (fails("key is live", !key->is_live(now))) return std::nullopt;
    if (organization == store::kPlatformOrganization) return key;
    const auto owner = store::find_organization(tx, organization);
    if (!owner || fails("organization of the key is active", !owner->is_active())) return std::nullopt;
    return key;
  });
}

void note_use(const Services& services, const store::ApiKey& key, base::Time now) {
  if (key.last_used_at && now - *key.last_used_at < kUseResolution) return;
  const auto done = services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    store::note_api_key_use(tx, key.organization, key.id, now);
    return {};
  });
  static_cast<void>(done);  // the body never refuses; trouble is thrown
}

bool is_in_operator_networks(const Services& services, const Origin& origin) {
  return !origin.is_address_uncertain && base::contains(services.settings.operator_networks, origin.address);
}

/// The live key that is shown. Refuses as Admission::authenticated() does.
base::Result<store::ApiKey> shown_key(const Services& services, const Origin& origin, const Proof& proof,
                                      std::string_view text) {
  if (fails("key is in no browser", proof.browser_origin.has_value())) return refuse(base::kSecretKeyInBrowser);
  const auto shown = crypto::parse_api_key(text);
  if (!shown) return refuse(base::kUnauthenticated);
  auto key = find_live_key(services, *shown, services.clock.now());
  if (!key) return refuse(base::kUnauthenticated);
  const bool is_platform = key->organization == store::kPlatformOrganization;
  if (fails("platform key is in its networks", is_platform && !is_in_operator_networks(services, origin))) {
    return refuse(base::kUnauthenticated);
  }
  return std::move(*key);
}

/// The one place where permissions and the policy on inviting meet. Returns what role or key holds.
base::Result<Permissions> read_permissions(db::Transaction& tx, const Settings& settings, const Authenticated& who,
                                           store::OrganizationId organization, std::string_view needed,
                                           const Catalogue& catalogue, base::Time now) {
  Permissions permissions, effective;
  if (const auto* person = std::get_if<SignedIn>(&who)) {
    const auto membership = store::find_membership(tx, organization, person->account());
    if (!membership) return refuse(base::kNotFound);
    permissions = permissions_of(membership->role_key, membership->role_permissions, catalogue);
    effective = effective_permissions(permissions, rules_of(settings, membership->policies).who_may_invite);
  } else {
    // Of another organization it is not found.
    const auto key = store::find_api_key(tx, organization, std::get<KeyHolder>(who).key().id);
    if (!key || fails("key is live again", !key->is_live(now))) return refuse(base::kNotFound);
    const auto owner = store::find_organization(tx, organization);
    if (!owner || fails("organization of the key is active again", !owner->is_active())) return refuse(base::kNotFound);
    permissions = granted_by(key->permissions, catalogue);
    effective = effective_permissions_of_key(permissions, rules_of(settings, owner->policies).who_may_invite);
  }
  if (fails("permission is held", !needed.empty() && !effective.contains(needed))) return refuse(base::kForbidden);
  return permissions;
}

}  // namespace

SignedIn Admission::person_of(const Origin& origin, const store::Account& account, store::SessionId session,
                              const store::LiveSession& live) {
  SignedIn person;
  person.origin_ = origin;
  person.account_ = account;
  person.session_ = session;
  person.email_ = base::EmailAddress{live.email};
  person.email_verified_ = live.email_verified_at.has_value();
  person.active_organization_ = live.organization;
  return person;
}

base::Result<SignedIn> Admission::signed_in_by_cookie(const Services& services, const Origin& origin,
                                                      std::string_view cookie) {
  const auto named = crypto::parse_browser_session(services.keys, cookie);
  if (!named) return refuse(base::kUnauthenticated);
  const auto asked_at = services.known_sessions.moment();
  const base::Time now = services.clock.now();
  const store::DirectoryId directory{named->directory};
  const store::SessionId session{named->session};
  const auto live = services.database.read(
      [&](db::Transaction& tx) { return store::find_live_session(tx, directory, session, now); });
  if (!live) return refuse(base::kUnauthenticated);
  const base::Time end = end_of(services.settings, *live);
  if (has_ended_by_policy(end, now)) return refuse(base::kUnauthenticated);
  if (fails("membership of the cookie lives", live->organization && !live->rights_version)) {
    return refuse(base::kUnauthenticated);
  }
  note_use(services, {directory, live->user}, session, *live, now);
  SignedIn person = person_of(origin, {directory, live->user}, session, *live);
  person.is_by_cookie_ = true;
  // Not longer, for its use is to be written down.
  person.credential_ = {digest_of(kCookie, cookie), asked_at, std::min(now + kUseResolution, end)};
  return person;
}

base::Result<SignedIn> Admission::signed_in(const Services& services, const Origin& origin, const Proof& proof) {
  if (!proof.authorization && proof.cookie) return signed_in_by_cookie(services, origin, *proof.cookie);
  const auto token = bearer_token(proof.authorization);
  if (!token) return refuse(base::kUnauthenticated);
  if (token->starts_with(crypto::kApiKeyPrefix)) {
    // Only to whoever holds a key is it one: all else is as if nothing were shown.
    TRY(shown_key(services, origin, proof, *token));
    return refuse(base::kPersonNeeded);
  }
  const auto asked_at = services.known_sessions.moment();
  const base::Time now = services.clock.now();
  const auto claims = services.access_tokens.verify(*token, now);
  if (!claims) return refuse(base::kUnauthenticated);
  const auto live = services.database.read([&](db::Transaction& tx) {
    return store::find_live_session(tx, claims->account.directory, claims->session, now);
  });
  if (!live) return refuse(base::kUnauthenticated);
  const base::Time end = end_of(services.settings, *live);
  if (!is_current(*claims, *live, end, now)) return refuse(base::kUnauthenticated);
  SignedIn person = person_of(origin, claims->account, claims->session, *live);
  person.credential_ = {digest_of(kToken, *token), asked_at, std::min(claims->expires_at, end)};
  return person;
}

std::optional<CredentialDigest> Admission::known_by(const Proof& proof) {
  if (!proof.authorization) return proof.cookie ? std::optional(digest_of(kCookie, *proof.cookie)) : std::nullopt;
  const auto token = bearer_token(proof.authorization);
  return token ? std::optional(digest_of(kToken, *token)) : std::nullopt;
}

base::Result<Authenticated> Admission::authenticated(const Services& services, const Origin& origin,
                                                     const Proof& proof) {
  const auto token = bearer_token(proof.authorization);
  if (!token || !token->starts_with(crypto::kApiKeyPrefix)) {
    return Authenticated(TRY(signed_in(services, origin, proof)));
  }
  store::ApiKey key = TRY(shown_key(services, origin, proof, *token));
  note_use(services, key, services.clock.now());
  KeyHolder holder;
  holder.origin_ = origin;
  holder.key_ = std::move(key);
  return Authenticated(std::move(holder));
}

base::Result<InOrganization> Admission::in_organization(const Services& services, Authenticated who,
                                                        store::OrganizationId organization, std::string_view needed) {
  const base::Time now = services.clock.now();
  Permissions permissions = TRY(services.database.read([&](db::Transaction& tx) {
    return read_permissions(tx, services.settings, who, organization, needed, store::list_application_permissions(tx),
                            now);
  }));
  return InOrganization(std::move(who), organization, std::move(permissions), needed, services.settings);
}

base::Result<Permissions> Admission::permissions_again(db::Transaction& tx, const InOrganization& caller,
                                                       const Catalogue& catalogue, base::Time now) {
  return read_permissions(tx, caller.settings(), caller.who_, caller.organization(), caller.needed(), catalogue, now);
}

base::Result<Operator> Admission::as_operator(const Services&, Authenticated who, std::string_view needed) {
  if (const auto* person = std::get_if<SignedIn>(&who)) {
    if (fails("person is an operator", !person->is_operator())) return refuse(base::kNotFound);
  } else {
    const store::ApiKey& key = std::get<KeyHolder>(who).key();
    const bool is_tenants = key.organization != store::kPlatformOrganization;
    if (fails("key is of the platform", is_tenants)) return refuse(base::kNotFound);
    const bool is_lacking = !from_words(key.permissions).contains(needed);
    if (fails("permission of the platform is held", is_lacking)) return refuse(base::kForbidden);
  }
  return Operator(std::move(who));
}

base::Result<StatisticsReader> Admission::statistics_reader(SignedIn person) {
  if (person.is_operator()) return StatisticsReader(Operator(std::move(person)));
  return StatisticsReader(std::move(person));
}

Permissions Fenced::of(const store::Invitation& invitation) const {
  return permissions_of(invitation.role_key, invitation.role_permissions, catalogue);
}

base::Result<Fenced> enter_fence(db::Transaction& tx, const InOrganization& caller, base::Time now) {
  auto organization = store::fence_organization(tx, caller.organization());
  if (!organization) return refuse(base::kNotFound);
  Catalogue catalogue = store::list_application_permissions(tx);
  Permissions permissions = TRY(Admission::permissions_again(tx, caller, catalogue, now));
  const PolicyRules rules = rules_of(caller.settings(), organization->policies);
  return Fenced{std::move(*organization), std::move(permissions), std::move(catalogue), rules};
}

}  // namespace gatehouse::domain
