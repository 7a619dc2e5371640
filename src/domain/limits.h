#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/services.h"

#include <initializer_list>
#include <string>

namespace gatehouse::domain {

/// So many hits in a window that begins with the first one.
struct Limit {
  std::string_view name;
  std::int64_t quota;
  std::chrono::seconds window;
  /// Whether answers say how far it is used up: not where that would tell something of an account or of what others do.
  bool is_told = true;
};

// Who tries. "Account" is an email address in its stored form, whether or not somebody has it.
inline constexpr Limit kSignInPerAccountAndNetwork{"sign-in", 10, std::chrono::minutes(1)};
/// Not counted from networks that the account is known in, which nobody may learn from the answers.
inline constexpr Limit kSignInPerAccount{"sign-in-account", 100, std::chrono::hours(1), false};
inline constexpr Limit kSignInPerNetwork{"sign-in-network", 300, std::chrono::minutes(1), false};
inline constexpr Limit kSignUpPerAccountAndNetwork{"sign-up", 10, std::chrono::minutes(1)};
inline constexpr Limit kSignUpPerAccount{"sign-up-account", 100, std::chrono::hours(1), false};
inline constexpr Limit kSignUpPerNetwork{"sign-up-network", 100, std::chrono::minutes(1), false};
inline constexpr Limit kTakenAddressPerNetwork{"sign-up-taken", 10, std::chrono::minutes(1), false};
inline constexpr Limit kResetPerAccountAndNetwork{"reset", 10, std::chrono::minutes(1)};
inline constexpr Limit kResetPerAccount{"reset-account", 100, std::chrono::hours(1), false};
inline constexpr Limit kResetPerNetwork{"reset-network", 100, std::chrono::minutes(1), false};
inline constexpr Limit kInvitePerPersonAndNetwork{"invite", 10, std::chrono::minutes(1)};
inline constexpr Limit kInvitePerPerson{"invite-person", 100, std::chrono::hours(1)};
/// An address that was never confirmed may invite so many people in all.
inline constexpr Limit kInviteUnverified{"invite-unverified", 5, std::chrono::hours(24 * 365)};

/// One limit and what it is counted for.
struct LimitUse {
  const Limit& limit;
  std::string subject;
};

/// Counts one hit for each, in a transaction of its own, so that it stays counted whatever happens next. kRateLimited
/// with a time to wait when one of them is over its quota.
base::Result<void> take_limits(const Services& services, const Origin& origin, std::initializer_list<LimitUse> uses);

/// Counts one hit within the caller's transaction. True while it is within the quota.
bool take_within(db::Transaction& tx, const Services& services, const LimitUse& use, base::Time now);

/// Takes a hit back that turned out to be an honest one.
void refund_limit(db::Transaction& tx, const Services& services, const LimitUse& use);

/// The key under which a hit is stored: an HMAC, so that the table names nobody.
db::Bytes limit_key(const Services& services, const LimitUse& use);

}  // namespace gatehouse::domain
