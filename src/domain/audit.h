#pragma once

#include "domain/caller.h"
#include "store/audit.h"

#include <map>
#include <optional>
#include <string>

namespace gatehouse::domain {

/// What can happen. The closed list: nothing else is written into the audit log.
namespace action {
inline constexpr std::string_view kSignedUp = "user.signed_up";
inline constexpr std::string_view kEmailVerified = "user.email_verified";
inline constexpr std::string_view kAccountDisowned = "user.disowned";
inline constexpr std::string_view kPasswordReset = "user.password_reset";
inline constexpr std::string_view kResetRequested = "user.reset_requested";
inline constexpr std::string_view kPasswordVoided = "user.password_voided";
inline constexpr std::string_view kSignedIn = "session.signed_in";
inline constexpr std::string_view kSignInFailed = "session.sign_in_failed";
inline constexpr std::string_view kSignedOut = "session.signed_out";
inline constexpr std::string_view kRefreshReused = "session.refresh_reused";
inline constexpr std::string_view kInvited = "invitation.sent";
inline constexpr std::string_view kInvitationAccepted = "invitation.accepted";
inline constexpr std::string_view kInvitationRevoked = "invitation.revoked";
inline constexpr std::string_view kRoleChanged = "member.role_changed";
inline constexpr std::string_view kMemberRemoved = "member.removed";
inline constexpr std::string_view kOrganizationImported = "import.organization";
inline constexpr std::string_view kUserImported = "import.user";
inline constexpr std::string_view kMemberImported = "import.member";
inline constexpr std::string_view kOperatorCreated = "operator.created";
inline constexpr std::string_view kOperatorPasswordReset = "operator.password_reset";
inline constexpr std::string_view kSetupLinkMade = "operator.setup_link_made";
inline constexpr std::string_view kSigningKeyRotated = "keys.rotated";
inline constexpr std::string_view kKeysResealed = "keys.resealed";
}  // namespace action

/// Who did it, for the log.
struct Actor {
  std::string_view kind;  // "user", "operator", "anonymous", "command_line", "system"
  std::optional<store::UserId> user;
};
Actor actor_of(const SignedIn& person);

/// One entry, written in the transaction of the change. `id` is made before the transaction: it is also how a COMMIT of
/// unknown outcome is recognised. `details` holds ids and fixed words, never names, addresses of mail or secrets.
struct AuditRecord {
  store::AuditId id;
  store::OrganizationId organization = store::kPlatformOrganization;
  std::string_view action;
  Actor actor;
  std::optional<std::string> subject;
  std::map<std::string, std::string> details;
};
void record(db::Transaction& tx, base::Time now, const Origin& origin, const AuditRecord& record);

}  // namespace gatehouse::domain
