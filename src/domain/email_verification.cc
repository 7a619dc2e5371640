#include "domain/email_verification.h"

#include "domain/audit.h"
#include "domain/invitations.h"
#include "domain/links.h"
#include "domain/one_time_links.h"
#include "domain/organizations.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

constexpr std::string_view kPurpose = "verify_email";

/// Uses the link up, and holds the account until COMMIT.
base::Result<AccountLink> take_link(db::Transaction& tx, const base::Secret& text, base::Time now) {
  AccountLink link = TRY(find_live_account_link(tx, kVerifyToken, kPurpose, text, now, store::lock_user));
  if (!store::use_one_time_token(tx, link.token.directory, link.token.id, std::string(kPurpose), link.token.secret_hash,
                                 now)) {
    return refuse(base::kLinkDead);
  }
  return link;
}

}  // namespace

base::Result<PendingVerification> show_verification(const Services& services, const VerifyEmailInput& input) {
  const base::Time now = services.clock.now();
  return services.database.read([&](db::Transaction& tx) -> base::Result<PendingVerification> {
    const AccountLink link =
        TRY(find_live_account_link(tx, kVerifyToken, kPurpose, input.token, now, store::find_user));
    PendingVerification pending{link.user.email, {}, link.user.created_at};
    if (link.token.organization) {
      if (const auto organization = store::find_organization(tx, *link.token.organization)) {
        pending.organization_name = organization->name;
      }
    }
    return pending;
  });
}

base::Result<VerifyEmailOutput> verify_email(const Services& services, const Anyone& caller,
                                             const VerifyEmailInput& input) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<VerifyEmailOutput> {
    AccountLink link = TRY(take_link(tx, input.token, now));
    store::mark_email_verified(tx, link.user.account(), now);
    record(tx, now, caller.origin,
           {audit,
            link.token.organization.value_or(store::kPlatformOrganization),
            action::kEmailVerified,
            {"user", link.user.id.uuid},
            link.user.id.to_string(),
            {}});
    if (!link.user.email_verified_at) link.user.email_verified_at = now;
    return VerifyEmailOutput{"Thank you, your email address is confirmed.", view(link.user)};
  });
}

base::Result<MessageView> disown_account(const Services& services, const Anyone& caller,
                                         const VerifyEmailInput& input) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<MessageView> {
    const AccountLink link = TRY(take_link(tx, input.token, now));
    if (link.user.email_verified_at) return refuse(base::kLinkDead);
    const store::Account account = link.user.account();
    for (const store::Membership& membership : store::list_memberships(tx, account)) {
      store::fence_organization(tx, membership.organization);
      const bool is_owner = membership.role_key == kOwnerRole;
      const auto owners = store::count_active_members_with_role(tx, membership.organization, std::string(kOwnerRole));
      if (is_owner && owners <= 1) {
        give_up_organization(tx, membership.organization, now);
      } else {
        revoke_unsendable_invitations(tx, membership.organization, account.user, {}, {}, now);
      }
      store::delete_member(tx, membership.organization, membership.member);
    }
    store::delete_user(tx, account);
    record(tx, now, caller.origin,
           {audit,
            link.token.organization.value_or(store::kPlatformOrganization),
            action::kAccountDisowned,
            {"user", account.user.uuid},
            account.user.to_string(),
            {}});
    return MessageView{"The account is deleted. You need not do anything else."};
  });
}

}  // namespace gatehouse::domain
