#pragma once

#include "base/network.h"
#include "crypto/jwt.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::domain {

enum class SignInAlert { always, new_device, never };
/// Owners alone, whoever may invite by role, or every member (with a role that does not outrank them).
enum class WhoMayInvite { owners, admins, members };

/// The least that holds for everybody; an organization can only ask for more (domain/policies.h).
struct PlatformPolicies {
  std::int64_t password_minimum = 8;
  std::chrono::seconds session_idle = std::chrono::hours(30 * 24);
  std::chrono::seconds session_absolute = std::chrono::hours(90 * 24);
  WhoMayInvite who_may_invite = WhoMayInvite::members;
};

/// What the operator has decided. Immutable while the program runs.
struct Settings {
  std::string public_url;  // "https://id.example.com", no slash at the end; every link begins with it
  std::string app_url;     // where "Continue" leads
  std::string audience;    // `aud` of access tokens
  bool sign_up_open = true;
  SignInAlert sign_in_alert = SignInAlert::always;
  PlatformPolicies policies;
  bool mail_enabled = true;
  bool limits_enabled = true;
  /// From where operators may sign in.
  std::vector<base::Network> operator_networks;
  crypto::Algorithm signing_algorithm = crypto::Algorithm::es256;
};

inline constexpr std::chrono::minutes kResetLinkLife{30};
inline constexpr std::chrono::hours kVerifyLinkLife{24};
inline constexpr std::chrono::hours kInvitationLife{7 * 24};
inline constexpr std::chrono::minutes kSetupLinkLife{30};
inline constexpr std::chrono::seconds kAccessTokenLife{300};
/// How long a deleted organization can be restored.
inline constexpr std::chrono::hours kRestoreLife{30 * 24};
/// How long a client that lost the answer may ask for the same refresh token again.
inline constexpr std::chrono::seconds kRefreshRepeat{10};
/// How long a network or device stays known after a sign-in.
inline constexpr std::chrono::hours kKnownOriginLife{30 * 24};

}  // namespace gatehouse::domain
