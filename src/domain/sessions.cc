#include "domain/sessions.h"

#include "crypto/token.h"
#include "domain/audit.h"

#include <algorithm>

namespace gatehouse::domain {

using base::refuse;

store::Session new_session(const store::Account& account, std::optional<store::OrganizationId> organization,
                           const Origin& origin, base::Time now) {
  return {account.directory,
          store::SessionId::make(now),
          account.user,
          organization,
          1,
          origin.address.to_string(),
          origin.user_agent,
          now,
          now + kSessionIdleLife,
          now + kSessionLife,
          std::nullopt};
}

std::optional<ActiveMembership> with_permissions(db::Transaction& tx, std::optional<store::Membership> membership) {
  if (!membership) return std::nullopt;
  Permissions permissions =
      permissions_of(membership->role_key, membership->role_permissions, store::list_application_permissions(tx));
  return ActiveMembership{std::move(*membership), std::move(permissions)};
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

/// Why the rotation found nothing. A token that is older than what it may be, or a lost organization, ends the session.
void end_session_of_dead_token(db::Transaction& tx, const Anyone& caller, const crypto::RefreshToken& token,
                               store::AuditId audit, base::Time now) {
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
          {{"session_id", session->id.to_string()}, {"reason", reused ? "older_generation" : "membership_lost"}}});
}

}  // namespace

base::Result<TokenPair> refresh(const Services& services, const Anyone& caller, const RefreshInput& input) {
  const auto token = crypto::parse_refresh_token(services.keys, input.refresh_token.reveal());
  if (!token) return refuse(base::kInvalidRefreshToken);
  const base::Time now = services.clock.now();
  const store::DirectoryId directory{token->directory};
  const store::SessionId session{token->session};
  const auto audit = store::AuditId::make(now);
  auto refreshed = services.database.write([&](db::Transaction& tx) -> base::Result<std::optional<Refreshed>> {
    const auto rotation = store::rotate_session(tx, directory, session, token->generation, now, now - kRefreshRepeat,
                                                now + kSessionIdleLife);
    if (!rotation) {
      end_session_of_dead_token(tx, caller, *token, audit, now);
      return std::optional<Refreshed>();
    }
    Refreshed state{{directory, rotation->user}, rotation->generation, std::nullopt};
    if (rotation->organization) {
      state.active = with_permissions(tx, store::find_membership(tx, *rotation->organization, state.account));
    }
    return std::optional<Refreshed>(std::move(state));
  });
  if (!refreshed.value()) return refuse(base::kInvalidRefreshToken);
  const Refreshed& state = **refreshed;
  return issue_tokens(services, state.account, session, state.generation, state.active, now);
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

base::Result<SessionOutput> show_session(const Services& services, const SignedIn& caller) {
  return services.database.read([&](db::Transaction& tx) -> base::Result<SessionOutput> {
    const auto user = store::find_user(tx, caller.account());
    const auto session = store::find_session(tx, caller.account().directory, caller.session());
    if (!user || !session) return refuse(base::kUnauthenticated);
    SessionOutput output{session->id,          view(*user),         std::nullopt,       {},
                         caller.is_operator(), session->created_at, session->expires_at};
    if (const auto active = caller.active_organization()) {
      const auto current = with_permissions(tx, store::find_membership(tx, *active, caller.account()));
      if (!current) return refuse(base::kUnauthenticated);
      output.permissions.assign(current->permissions.begin(), current->permissions.end());
      output.organization = view(current->membership);
    }
    return output;
  });
}

}  // namespace gatehouse::domain
