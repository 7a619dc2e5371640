#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/services.h"

#include <array>
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
/// With a directory of its own each time, an address could be signed up without end.
inline constexpr Limit kIsolatedPerAddress{"sign-up-isolated", 5, std::chrono::hours(24)};
inline constexpr Limit kCreatedPerPerson{"create-organization", 20, std::chrono::hours(24)};
inline constexpr Limit kAddedPerCaller{"add-member", 100, std::chrono::hours(1)};
inline constexpr Limit kEmailChangePerPerson{"email-change", 10, std::chrono::hours(1)};
inline constexpr Limit kInviteUnverified{"invite-unverified", 5, std::chrono::hours(24 * 365)};

// Letters to one address that others can cause.
inline constexpr Limit kResetLettersPerMinute{"letter-reset-minute", 3, std::chrono::minutes(1)};
inline constexpr Limit kResetLettersPerHour{"letter-reset-hour", 10, std::chrono::hours(1)};
/// Over all directories: anybody can make one and put a stranger's address into it.
inline constexpr Limit kResetLettersPerMailbox{"letter-reset-mailbox", 30, std::chrono::hours(1)};
inline constexpr Limit kInvitationLettersPerMinute{"letter-invitation-minute", 3, std::chrono::minutes(1)};
inline constexpr Limit kInvitationLettersPerHour{"letter-invitation-hour", 10, std::chrono::hours(1)};
inline constexpr Limit kAlertLettersPerHour{"letter-alert", 10, std::chrono::hours(1)};
inline constexpr Limit kAlertSummariesPerHour{"letter-alert-summary", 1, std::chrono::hours(1)};
inline constexpr Limit kNoticeLettersPerHour{"letter-notice", 10, std::chrono::hours(1)};
inline constexpr Limit kAlreadyRegisteredLetters{"letter-already-registered", 1, std::chrono::hours(24)};

inline constexpr Limit kVerificationLettersPerMinute{"letter-verification-minute", 3, std::chrono::minutes(1)};
inline constexpr Limit kVerificationLettersPerHour{"letter-verification-hour", 10, std::chrono::hours(1)};
// Counted for whatever address is asked for, so they tell nothing of it.
inline constexpr Limit kNewEmailLettersPerMinute{"letter-new-email-minute", 3, std::chrono::minutes(1), false};
inline constexpr Limit kNewEmailLettersPerHour{"letter-new-email-hour", 10, std::chrono::hours(1), false};

/// What a limit is counted for. A person is counted by the base32 form of the user's id, `user` by the id itself; of
/// two, the subject is both with a space between.
enum class Subject { email, network, email_and_network, person, person_and_network, user };

struct CountedLimit {
  const Limit& limit;
  Subject subject;
};

/// All of them, for operators who look at what is counted for somebody. A test compares it with the code.
inline constexpr std::array kLimits{
    CountedLimit{kSignInPerAccountAndNetwork, Subject::email_and_network},
    CountedLimit{kSignInPerAccount, Subject::email},
    CountedLimit{kSignInPerNetwork, Subject::network},
    CountedLimit{kSignUpPerAccountAndNetwork, Subject::email_and_network},
    CountedLimit{kSignUpPerAccount, Subject::email},
    CountedLimit{kSignUpPerNetwork, Subject::network},
    CountedLimit{kTakenAddressPerNetwork, Subject::network},
    CountedLimit{kResetPerAccountAndNetwork, Subject::email_and_network},
    CountedLimit{kResetPerAccount, Subject::email},
    CountedLimit{kResetPerNetwork, Subject::network},
    CountedLimit{kInvitePerPersonAndNetwork, Subject::person_and_network},
    CountedLimit{kInvitePerPerson, Subject::person},
    CountedLimit{kInviteUnverified, Subject::user},
    CountedLimit{kResetLettersPerMinute, Subject::email},
    CountedLimit{kResetLettersPerHour, Subject::email},
    CountedLimit{kResetLettersPerMailbox, Subject::email},
    CountedLimit{kIsolatedPerAddress, Subject::email},
    CountedLimit{kCreatedPerPerson, Subject::user},
    CountedLimit{kAddedPerCaller, Subject::person},
    CountedLimit{kEmailChangePerPerson, Subject::user},
    CountedLimit{kVerificationLettersPerMinute, Subject::email},
    CountedLimit{kVerificationLettersPerHour, Subject::email},
    CountedLimit{kNewEmailLettersPerMinute, Subject::email},
    CountedLimit{kNewEmailLettersPerHour, Subject::email},
    CountedLimit{kInvitationLettersPerMinute, Subject::email},
    CountedLimit{kInvitationLettersPerHour, Subject::email},
    CountedLimit{kAlertLettersPerHour, Subject::email},
    CountedLimit{kAlertSummariesPerHour, Subject::email},
    CountedLimit{kNoticeLettersPerHour, Subject::email},
    CountedLimit{kAlreadyRegisteredLetters, Subject::email},
};

/// One limit and what it is counted for.
struct LimitUse {
  const Limit& limit;
  std::string subject;
};

/// Counts one hit for each, in a transaction of its own, so that it stays counted whatever happens next. kRateLimited
/// with a time to wait at the first that is over its quota; those behind it are not counted then, so that a flood which
/// one limit holds off neither uses up the others nor leaves a row for each.
base::Result<void> take_limits(const Services& services, const Origin& origin, std::initializer_list<LimitUse> uses);

/// Counts one hit within the caller's transaction. True while it is within the quota.
bool take_within(db::Transaction& tx, const Services& services, const LimitUse& use, base::Time now);

/// Takes a hit back that turned out to be an honest one.
void refund_limit(db::Transaction& tx, const Services& services, const LimitUse& use);

/// The key under which a hit is stored: an HMAC, so that the table names nobody.
db::Bytes limit_key(const Services& services, const LimitUse& use);

}  // namespace gatehouse::domain
