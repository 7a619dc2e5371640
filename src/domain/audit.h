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
inline constexpr std::string_view kProfileChanged = "user.profile_changed";
inline constexpr std::string_view kPasswordChanged = "user.password_changed";
inline constexpr std::string_view kEmailChangeRequested = "user.email_change_requested";
inline constexpr std::string_view kEmailChanged = "user.email_changed";
inline constexpr std::string_view kAccountExported = "user.exported";
inline constexpr std::string_view kAccountDeleted = "user.deleted";
inline constexpr std::string_view kAccountSuspended = "user.suspended";
inline constexpr std::string_view kAccountReinstated = "user.reinstated";
inline constexpr std::string_view kAccountSignedOut = "user.signed_out";
inline constexpr std::string_view kVerificationSent = "user.verification_sent";
inline constexpr std::string_view kSessionEnded = "session.ended";
inline constexpr std::string_view kSessionsEnded = "session.others_ended";
inline constexpr std::string_view kOrganizationSwitched = "session.organization_switched";
inline constexpr std::string_view kOrganizationCreated = "organization.created";
inline constexpr std::string_view kOrganizationChanged = "organization.changed";
inline constexpr std::string_view kPoliciesChanged = "organization.policies_changed";
inline constexpr std::string_view kBrandingChanged = "organization.branding_changed";
inline constexpr std::string_view kOrganizationDeleted = "organization.deleted";
inline constexpr std::string_view kOrganizationRestored = "organization.restored";
inline constexpr std::string_view kOrganizationPurged = "organization.purged";
inline constexpr std::string_view kOrganizationSuspended = "organization.suspended";
inline constexpr std::string_view kOrganizationReinstated = "organization.reinstated";
inline constexpr std::string_view kOwnershipTransferred = "organization.ownership_transferred";
inline constexpr std::string_view kOwnerAppointed = "organization.owner_appointed";
inline constexpr std::string_view kMemberAdded = "member.added";
inline constexpr std::string_view kMemberSuspended = "member.suspended";
inline constexpr std::string_view kMemberReinstated = "member.reinstated";
inline constexpr std::string_view kMemberLeft = "member.left";
inline constexpr std::string_view kRoleCreated = "role.created";
inline constexpr std::string_view kRoleUpdated = "role.updated";
inline constexpr std::string_view kRoleDeleted = "role.deleted";
inline constexpr std::string_view kInvitationResent = "invitation.resent";
inline constexpr std::string_view kInvitationDeclined = "invitation.declined";
inline constexpr std::string_view kApiKeyCreated = "api_key.created";
inline constexpr std::string_view kApiKeyRenamed = "api_key.renamed";
inline constexpr std::string_view kApiKeyRevoked = "api_key.revoked";
inline constexpr std::string_view kPermissionRegistered = "permission.registered";
inline constexpr std::string_view kPermissionChanged = "permission.changed";
inline constexpr std::string_view kPermissionRemoved = "permission.removed";
inline constexpr std::string_view kLetterRetried = "letter.retried";
inline constexpr std::string_view kLimitsCleared = "limits.cleared";
inline constexpr std::string_view kAuditExported = "audit.exported";
inline constexpr std::string_view kStatisticsRebuilt = "statistics.rebuilt";
}  // namespace action

/// One entry, written in the transaction of the change. `id` is made just before the transaction, after whatever takes
/// long, since readers of the feed wait only so long for what has an older id (audit_log.h). It is also how a COMMIT of
/// unknown outcome is recognised. `details` holds ids and fixed words, never names, addresses of mail or secrets.
struct AuditRecord {
  store::AuditId id;
  store::OrganizationId organization = store::kPlatformOrganization;
  std::string_view action;
  Actor actor;
  std::optional<std::string> subject;
  std::map<std::string, std::string> details;
};

/// The organization that sees what happens to an account itself: the one whose directory holds it. Of the shared
/// directory's accounts only operators (and the person) see it: kPlatformOrganization.
store::OrganizationId audit_home(db::Transaction& tx, const store::Account& account);

/// The row that a record becomes.
store::AuditEntry entry_of(base::Time now, const Origin& origin, const AuditRecord& record);

/// Marks the request's Idempotency-Key too, when it has one.
void record(db::Transaction& tx, base::Time now, const Origin& origin, const AuditRecord& record);

}  // namespace gatehouse::domain
