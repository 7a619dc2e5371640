#pragma once

#include "base/result.h"
#include "domain/access_tokens.h"
#include "domain/caller.h"
#include "domain/services.h"
#include "domain/views.h"
#include "domain/written.h"
#include "store/sessions.h"

namespace gatehouse::domain {

/// What a client gets for a live session.
struct TokenPair {
  base::Secret access_token;
  base::Secret refresh_token;
  std::string token_type = "Bearer";
  std::int64_t expires_in = kAccessTokenLife.count();

  static constexpr std::string_view kSchemaName = "Tokens";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("access_token", &TokenPair::access_token).says("A JWT (RFC 9068) for one organization."),
        wire::field("refresh_token", &TokenPair::refresh_token).says("For POST /v1/token/refresh, once."),
        wire::field("token_type", &TokenPair::token_type),
        wire::field("expires_in", &TokenPair::expires_in).says("Seconds that the access token lives."));
  }
};

/// A session that is about to be stored, in no organization yet.
store::Session new_session(const Services& services, const store::Account& account, const Origin& origin,
                           base::Time now);
/// Makes the membership's organization the active one of a session that is about to be stored.
void begin_in(store::Session& session, const Services& services, const store::Membership& membership);

/// A membership and what its holder may do, as a token carries it.
struct ActiveMembership {
  store::Membership membership;
  Permissions permissions;
};
/// Nothing when there is none.
std::optional<ActiveMembership> with_permissions(db::Transaction& tx, const Services& services,
                                                 std::optional<store::Membership> membership);

/// The tokens of a session, for its membership in the active organization.
TokenPair issue_tokens(const Services& services, const store::Account& account, store::SessionId session,
                       std::int64_t generation, const std::optional<ActiveMembership>& active, base::Time now);

struct RefreshInput {
  base::Secret refresh_token;

  static constexpr std::string_view kSchemaName = "RefreshRequest";
  static constexpr auto fields() {
    return wire::fields(wire::field("refresh_token", &RefreshInput::refresh_token).length(1, 1024));
  }
};

/// Trades a refresh token for its successor and a current access token. The same successor is given again within 10 s;
/// an older token ends the session. Refuses: kInvalidRefreshToken, kRateLimited.
base::Result<TokenPair> refresh(const Services& services, const Anyone& caller, const RefreshInput& input);

struct SwitchOrganizationInput {
  store::OrganizationId organization_id;

  static constexpr std::string_view kSchemaName = "SwitchOrganizationRequest";
  static constexpr auto fields() {
    return wire::fields(wire::field("organization_id", &SwitchOrganizationInput::organization_id)
                            .says("One of which the caller is a member."));
  }
};

/// Makes another organization of the caller's the active one of this session. Access tokens of before are refused from
/// now on, and the refresh token of before is used up. Refuses: kNotFound, kWrongState (the session is older than
/// sessions get there: sign in anew), kForbidden (a cookie let the caller in, and is traded for no tokens).
base::Result<TokenPair> switch_organization(const Services& services, const SignedIn& caller,
                                            const SwitchOrganizationInput& input);
/// The same for a browser's session, which has no tokens.
base::Result<void> switch_browser_organization(const Services& services, const SignedIn& caller,
                                               const SwitchOrganizationInput& input);

/// Ends the caller's session.
base::Result<MessageView> sign_out(const Services& services, const SignedIn& caller);

struct SessionOutput {
  store::SessionId id;
  UserView user;
  std::optional<MembershipView> organization;
  std::vector<std::string> permissions;
  bool is_operator = false;
  base::Time created_at;
  base::Time expires_at;

  static constexpr std::string_view kSchemaName = "Session";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("id", &SessionOutput::id), wire::field("user", &SessionOutput::user),
        wire::field("organization", &SessionOutput::organization).says("The active one, with the caller's role in it."),
        wire::field("permissions", &SessionOutput::permissions), wire::field("operator", &SessionOutput::is_operator),
        wire::field("created_at", &SessionOutput::created_at), wire::field("expires_at", &SessionOutput::expires_at));
  }
};

/// Who the caller is.
base::Result<Written<SessionOutput>> show_session(const Services& services, const SignedIn& caller);

}  // namespace gatehouse::domain
