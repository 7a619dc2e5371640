#include "domain/email_verification.h"

#include "domain/audit.h"
#include "domain/departure.h"
#include "domain/limits.h"
#include "domain/links.h"
#include "domain/one_time_links.h"
#include "domain/organizations.h"
#include "domain/outbox.h"

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
            audit_home(tx, link.user.account()),
            action::kEmailVerified,
            {"user", link.user.id.uuid},
            link.user.id.to_string(),
            {}});
    if (!link.user.email_verified_at) link.user.email_verified_at = now;
    return VerifyEmailOutput{"Thank you, your email address is confirmed.", view(link.user)};
  });
}

base::Result<void> send_verification(const Services& services, const SignedIn& caller) {
  if (caller.is_operator()) return refuse(base::kForbidden);
  if (caller.email_verified()) return refuse(base::kWrongState, "Your address is confirmed already.");
  if (!services.settings.mail_enabled) {
    return refuse(base::kWrongState, "Mail is switched off here, so no letter can be sent.");
  }
  const store::Account account = caller.account();
  TRY(take_limits(
      services, caller.origin(),
      {{kVerificationLettersPerMinute, caller.email().text}, {kVerificationLettersPerHour, caller.email().text}}));
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  const auto id = store::TokenId::make(now);
  const auto token = crypto::make_one_time_token(kVerifyToken, account.directory.uuid, id.uuid);
  TRY(services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    const auto user = store::lock_user(tx, account);
    if (!user || !user->is_active()) return refuse(base::kUnauthenticated);
    if (user->email_verified_at) return refuse(base::kWrongState, "Your address is confirmed already.");
    store::insert_one_time_token(
        tx, {account.directory, id, std::string(kPurpose), account.user, std::nullopt, user->email.text,
             db::Bytes{token.secret_hash}, now, now + kVerifyLinkLife, std::nullopt});
    enqueue(tx, services, {user->email, account, std::nullopt, now, now + kVerifyLinkLife},
            mail::ConfirmEmail{now, {link_to(services, "/verify-email", token.text)}});
    record(tx, now, caller.origin(),
           {audit, audit_home(tx, account), action::kVerificationSent, caller.actor(), account.user.to_string(), {}});
    return {};
  }));
  services.wake_jobs();
  return {};
}

base::Result<MessageView> disown_account(const Services& services, const Anyone& caller,
                                         const VerifyEmailInput& input) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<MessageView> {
    const AccountLink seen =
        TRY(find_live_account_link(tx, kVerifyToken, kPurpose, input.token, now, store::find_user));
    const store::Account account = seen.user.account();
    const auto places = hold_places(tx, account);
    const AccountLink link = TRY(take_link(tx, input.token, now));
    if (link.user.email_verified_at) return refuse(base::kLinkDead);
    for (const store::Place& place : places) {
      if (is_only_owner(tx, place)) {
        give_up_organization(tx, place.organization, now);
        store::delete_member(tx, place.organization, place.member, now);
      } else {
        end_membership(tx, account, place, now);
      }
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
