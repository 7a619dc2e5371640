#include "domain/sessions.h"

#include "crypto/token.h"
#include "domain/audit.h"
#include "domain/known_sessions.h"
#include "domain/policies.h"
#include "domain/request_budget.h"
#include "store/member_activity.h"

#include <algorithm>

namespace gatehouse::domain {

using base::refuse;

store::Session new_session(const Services& services, const store::Account& account, const Origin& origin,
                           base::Time now) {
  const PolicyRules rules = rules_of(services.settings);
  return {account.directory,
          store::SessionId::make(now),
          account.user,
          std::nullopt,
          1,
          origin.address.to_string(),
          origin.user_agent,
          now,
          rules.session_end(now, now),
          now + rules.session_absolute,
          std::nullopt};
}

void begin_in(store::Session& session, const Services& services, const store::Membership& membership) {
  session.organization = membership.organization;
  session.expires_at =
      rules_of(services.settings, membership.policies).session_end(session.created_at, session.created_at);
}

namespace {

ActiveMembership with_permissions(const Services& services, store::Membership membership, const Catalogue& catalogue) {
  Permissions permissions =
      effective_permissions(permissions_of(membership.role_key, membership.role_permissions, catalogue),
                            rules_of(services.settings, membership.policies).who_may_invite);
  return {std::move(membership), std::move(permissions)};
}

}  // namespace

std::optional<ActiveMembership> with_permissions(db::Transaction& tx, const Services& services,
                                                 std::optional<store::Membership> membership) {
  if (!membership) return std::nullopt;
  return with_permissions(services, std::move(*membership), store::list_application_permissions(tx));
}

TokenPair issue_tokens(const Services& services, const store::Account& account, store::SessionId session,
                       std::int64_t generation, const std::optional<ActiveMembership>& active, base::Time now) {
  AccessClaims claims{account, session, std::nullopt, {}, 0, {}};
  if (active) {
    claims.organization = active->membership.organization;
    claims.role_key = active->membership.role_key;
    claims.rights_version = active->membership.rights_version;
    claims.permissions = active->permissions;
  }
  return {services.access_tokens.issue(claims, now),
          crypto::make_refresh_token(services.keys, {account.directory.uuid, session.uuid, generation})};
}

namespace {

struct Refreshed {
  store::Account account;
  std::int64_t generation;
  std::optional<ActiveMembership> active;
};

/// When it is over that was last refreshed then, by what the platform and its active organization ask today.
base::Time end_of(const Services& services, const store::SessionTerms& terms, base::Time rotated_at) {
  return rules_of(services.settings, terms).session_end(terms.created_at, rotated_at);
}

/// Whether the session's latest token noted this day for its organization already, so that a refresh need not.
bool is_activity_noted(const store::SessionTerms& terms, base::Time now) {
  using std::chrono::days, std::chrono::floor;
  return floor<days>(terms.rotated_at) == floor<days>(now);
}

/// Why the rotation found nothing. A token that is older than what it may be, a lost organization, or a policy that was
/// made stricter, ends the session.
void end_session_of_dead_token(db::Transaction& tx, const Anyone& caller, const crypto::RefreshToken& token,
                               bool is_over_by_policy, store::AuditId audit, base::Time now) {
  const store::DirectoryId directory{token.directory};
  const auto session = store::find_session(tx, directory, store::SessionId{token.session});
  if (!session || session->revoked_at || session->expires_at <= now) return;
  store::revoke_session(tx, directory, session->id, now);
  const bool reused = token.generation < session->generation;
  record(tx, now, caller.origin,
         {audit,
          session->organization.value_or(store::kPlatformOrganization),
          reused ? action::kRefreshReused : action::kSignedOut,
          {"anonymous", std::nullopt},
          session->user.to_string(),
          {{"session_id", session->id.to_string()},
           {"reason", reused              ? "older_generation"
                      : is_over_by_policy ? "session_policy"
                                          : "membership_lost"}}});
}

}  // namespace

base::Result<TokenPair> refresh(const Services& services, const Anyone& caller, const RefreshInput& input) {
  const auto token = crypto::parse_refresh_token(services.keys, input.refresh_token.reveal());
  if (!token) return refuse(base::kInvalidRefreshToken);
  TRY(count_request(services, caller.origin, token->session));
  const base::Time now = services.clock.now();
  const store::DirectoryId directory{token->directory};
  const store::SessionId session{token->session};
  const auto audit = store::AuditId::make(now);
  auto refreshed = services.database.write([&](db::Transaction& tx) -> base::Result<std::optional<Refreshed>> {
    auto found = store::find_whole_session(tx, directory, session, now);
    const bool is_over_by_policy = found && end_of(services, found->terms, found->terms.rotated_at) <= now;
    const auto generation = found && !is_over_by_policy
                                ? store::rotate_session(tx, directory, session, *found, token->generation, now,
                                                        now - kRefreshRepeat, end_of(services, found->terms, now))
                                : std::nullopt;
    if (!generation) {
      end_session_of_dead_token(tx, caller, *token, is_over_by_policy, audit, now);
      return std::optional<Refreshed>();
    }
    Refreshed state{{directory, found->user}, *generation, std::nullopt};
    if (found->membership) {
      const store::OrganizationId organization = found->membership->organization;
      if (!is_activity_noted(found->terms, now)) {
        store::note_activity(tx, organization, state.account, audit.uuid, now);
      }
      state.active = with_permissions(services, std::move(*found->membership), found->application_permissions);
    }
    return std::optional<Refreshed>(std::move(state));
  });
  if (!refreshed.value()) return refuse(base::kInvalidRefreshToken);
  const Refreshed& state = **refreshed;
  return issue_tokens(services, state.account, session, state.generation, state.active, now);
}

namespace {

struct Switched {
  std::int64_t generation;
  std::optional<ActiveMembership> active;
};

base::Result<Switched> switch_session(const Services& services, const SignedIn& caller,
                                      const SwitchOrganizationInput& input, base::Time now) {
  const auto audit = store::AuditId::make(now);
  const store::Account& account = caller.account();
  return services.database.write([&](db::Transaction& tx) -> base::Result<Switched> {
    auto membership = store::find_membership(tx, input.organization_id, account);
    if (!membership) return refuse(base::kNotFound);
    const auto terms = store::find_session_terms(tx, account.directory, caller.session(), now);
    if (!terms) return refuse(base::kUnauthenticated);
    const base::Time end = rules_of(services.settings, membership->policies).session_end(terms->created_at, now);
    if (end <= now) {
      return refuse(base::kWrongState, "This session is older than the organization lets any become: sign in again.");
    }
    const auto generation =
        store::switch_session(tx, account.directory, caller.session(), input.organization_id, now, end);
    if (!generation) return refuse(base::kUnauthenticated);
    store::set_last_organization(tx, account, input.organization_id);
    store::note_activity(tx, input.organization_id, account, audit.uuid, now);
    record(tx, now, caller.origin(),
           {audit,
            input.organization_id,
            action::kOrganizationSwitched,
            caller.actor(),
            caller.session().to_string(),
            {}});
    return Switched{*generation, with_permissions(tx, services, std::move(membership))};
  });
}

}  // namespace

base::Result<TokenPair> switch_organization(const Services& services, const SignedIn& caller,
                                            const SwitchOrganizationInput& input) {
  if (caller.is_by_cookie()) {
    return refuse(base::kForbidden, "A browser's session gets no tokens: it is switched at /choose-organization.");
  }
  const base::Time now = services.clock.now();
  const Switched switched = TRY(switch_session(services, caller, input, now));
  return issue_tokens(services, caller.account(), caller.session(), switched.generation, switched.active, now);
}

base::Result<void> switch_browser_organization(const Services& services, const SignedIn& caller,
                                               const SwitchOrganizationInput& input) {
  TRY(switch_session(services, caller, input, services.clock.now()));
  return {};
}

base::Result<MessageView> sign_out(const Services& services, const SignedIn& caller) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<MessageView> {
    store::revoke_session(tx, caller.account().directory, caller.session(), now);
    record(tx, now, caller.origin(),
           {audit,
            caller.active_organization().value_or(store::kPlatformOrganization),
            action::kSignedOut,
            caller.actor(),
            caller.session().to_string(),
            {}});
    return MessageView{"You are signed out."};
  });
}

base::Result<Written<SessionOutput>> show_session(const Services& services, const SignedIn& caller) {
  const base::Time now = services.clock.now();
  auto session = services.database.read([&](db::Transaction& tx) {
    return store::find_whole_session(tx, caller.account().directory, caller.session(), now);
  });
  if (!session || session->terms.organization != caller.active_organization()) return refuse(base::kUnauthenticated);
  SessionOutput output{
      caller.session(),
      {session->user, session->email, session->email_verified_at.has_value(), session->name, session->user_created_at},
      std::nullopt,
      {},
      caller.is_operator(),
      session->terms.created_at,
      session->expires_at};
  std::vector<base::Uuid> subjects{caller.session().uuid, session->user.uuid};
  if (session->membership) {
    const auto active = with_permissions(services, std::move(*session->membership), session->application_permissions);
    output.permissions.assign(active.permissions.begin(), active.permissions.end());
    output.organization = view(active.membership);
    subjects.insert(subjects.end(), {active.membership.organization.uuid, active.membership.member.uuid});
  }
  Written<SessionOutput> written(std::move(output));
  services.known_sessions.keep(caller.credential().digest, caller.credential().asked_at,
                               {written.content, written.etag, caller.session(), std::move(subjects),
                                std::min(caller.credential().until, session->expires_at)});
  return written;
}

}  // namespace gatehouse::domain
