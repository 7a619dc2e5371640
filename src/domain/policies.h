#pragma once

#include "base/result.h"
#include "domain/permissions.h"
#include "domain/services.h"
#include "store/members.h"
#include "store/sessions.h"

#include <array>
#include <string_view>

/// What an organization asks of its people beyond what the platform asks of everybody. Of the two the stricter counts:
/// the longer password, the shorter session, the more alerts, the fewer who may invite.
namespace gatehouse::domain {

// The words of the API and of the table, in the order of the enumerations.
inline constexpr std::array<std::string_view, 3> kSignInAlertWords{"always", "new_device", "never"};
inline constexpr std::array<std::string_view, 3> kWhoMayInviteWords{"owners", "admins", "members"};

/// What holds, once both were asked.
struct PolicyRules {
  std::int64_t password_minimum;
  std::chrono::seconds session_idle;
  std::chrono::seconds session_absolute;
  SignInAlert sign_in_alert;
  WhoMayInvite who_may_invite;

  /// When a session is over that began and was last refreshed then.
  base::Time session_end(base::Time created_at, base::Time rotated_at) const;
};

/// In an organization. One that says nothing lets its admins invite.
PolicyRules rules_of(const Settings& settings, const store::Policies& policies);
/// Without one.
PolicyRules rules_of(const Settings& settings);
/// For a session with those terms.
PolicyRules rules_of(const Settings& settings, const store::SessionTerms& terms);

/// What a person may do whose role holds `own`: everybody may invite where all members may, and only owners where only
/// they may. Rank is another thing: outranks() compares what roles hold.
Permissions effective_permissions(Permissions own, WhoMayInvite who_may_invite);
/// Of a back end, which is no member: the same without what members get.
Permissions effective_permissions_of_key(Permissions own, WhoMayInvite who_may_invite);

/// kDomainNotAllowed when the organization names domains and the address is of none of them.
base::Result<void> check_domain(const store::Policies& policies, const base::EmailAddress& email);

/// How long a new password of the account must be: as the strictest of its organizations asks.
std::size_t password_minimum_of(db::Transaction& tx, const Services& services, const store::Account& account);

}  // namespace gatehouse::domain
