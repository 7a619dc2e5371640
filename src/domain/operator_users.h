#pragma once

#include "domain/operator_user_views.h"

/// What stewards do with people's accounts: those of the shared directory and of isolated ones, never those of
/// operators, which are not there (kNotFound) for any of these. Passwords are neither seen nor set.
namespace gatehouse::domain {

struct OrganizationReference {
  store::OrganizationId id;
  std::string name;
  std::string slug;

  static constexpr std::string_view kSchemaName = "OrganizationReference";
  static constexpr auto fields() {
    return wire::fields(wire::field("id", &OrganizationReference::id),
                        wire::field("name", &OrganizationReference::name),
                        wire::field("slug", &OrganizationReference::slug));
  }
};

struct SuspendUserOutput {
  FoundUserView user;
  std::vector<OrganizationReference> orphaned_organizations;

  static constexpr std::string_view kSchemaName = "SuspendedUser";
  static constexpr auto fields() {
    return wire::fields(wire::field("user", &SuspendUserOutput::user),
                        wire::field("orphaned_organizations", &SuspendUserOutput::orphaned_organizations)
                            .says("They have no active owner any more: appoint one."));
  }
};

/// All accounts of all tenants, oldest first.
base::Result<Page<FoundUserView>> search_users(const Services& services, const Steward& steward,
                                               const SearchUsersInput& input);

/// Refuses: kNotFound.
base::Result<OperatedUserView> show_user(const Services& services, const Steward& steward,
                                         const OperatedUserInput& input);

/// The account that an address has in the shared directory. Refuses: kNotFound.
base::Result<store::UserId> find_shared_user(const Services& services, const Steward& steward,
                                             const base::EmailAddress& email);

/// Ends all sessions, makes mailed links dead, revokes the pending invitations that the user has sent, and keeps the
/// user out until they are reinstated. The last owner of an organization too: the answer says which are orphaned.
/// Refuses: kInvalidRequest, kNotFound, kWrongState (suspended already).
base::Result<SuspendUserOutput> suspend_user(const Services& services, const Steward& steward,
                                             const UserReasonInput& input);

/// Refuses: kInvalidRequest, kNotFound, kWrongState (active).
base::Result<FoundUserView> reinstate_user(const Services& services, const Steward& steward,
                                           const UserReasonInput& input);

/// Ends all of the user's sessions. Refuses: kInvalidRequest, kNotFound.
base::Result<void> sign_user_out(const Services& services, const Steward& steward, const UserReasonInput& input);

/// Mails the user a link for a new password, which nobody else sees. Refuses: kInvalidRequest, kNotFound, kWrongState
/// (suspended, or mail is off), kRateLimited (the address had enough of these letters).
base::Result<void> mail_password_reset(const Services& services, const Steward& steward, const UserReasonInput& input);

}  // namespace gatehouse::domain
