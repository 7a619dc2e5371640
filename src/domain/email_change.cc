#include "domain/email_change.h"

#include "domain/audit.h"
#include "domain/limits.h"
#include "domain/links.h"
#include "domain/one_time_links.h"
#include "domain/outbox.h"
#include "domain/policies.h"
#include "domain/reauthentication.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

constexpr std::string_view kPurpose = "change_email";

base::Result<void> check_domains(db::Transaction& tx, const store::Account& account, const base::EmailAddress& email) {
  for (const store::Membership& membership : store::list_memberships(tx, account)) {
    TRY(check_domain(membership.policies, email));
  }
  return {};
}

/// A link that is about to be mailed.
struct NewLink {
  store::TokenId id;
  crypto::NewOneTimeToken token;
};

/// Does the same whether or not the address is free, but for a letter that is withdrawn at once when it is not: its
/// owner asked for nothing, and nobody learns from the time that it takes whether there is one.
void send_link(db::Transaction& tx, const Services& services, const store::User& user, const base::EmailAddress& email,
               const NewLink& link, base::Time now) {
  const bool is_taken = store::find_user_by_email(tx, user.directory, email).has_value();
  void_email_changes(tx, user.account(), now);
  store::insert_one_time_token(tx, {user.directory, link.id, std::string(kPurpose), user.id, std::nullopt, email.text,
                                    db::Bytes{link.token.secret_hash}, now, now + kVerifyLinkLife, std::nullopt});
  const auto letter = enqueue(tx, services, {email, user.account(), std::nullopt, now, now + kVerifyLinkLife},
                              mail::ConfirmNewEmail{now, {link_to(services, "/confirm-email", link.token.text)}});
  if (is_taken && letter) store::withdraw_letter(tx, *letter, now);
}

base::Result<AccountLink> find_change(db::Transaction& tx, const base::Secret& text, base::Time now, LookUp look_up) {
  auto token = TRY(find_live_link(tx, kChangeEmailToken, kPurpose, text, now));
  if (!token.user || !token.email) return refuse(base::kLinkInvalid);
  auto user = look_up(tx, {token.directory, *token.user});
  if (!user || !user->is_active()) return refuse(base::kLinkDead);
  return AccountLink{std::move(token), std::move(*user)};
}

/// Nothing that was mailed to the old address works any more.
void void_links(db::Transaction& tx, const store::Account& account, base::Time now) {
  for (const char* purpose : {"verify_email", "reset_password"}) {
    store::void_one_time_tokens(tx, account, purpose, now);
  }
  void_email_changes(tx, account, now);
}

}  // namespace

void void_email_changes(db::Transaction& tx, const store::Account& account, base::Time now) {
  store::void_one_time_tokens(tx, account, std::string(kPurpose), now);
}

base::Result<MessageView> request_email_change(const Services& services, const SignedIn& caller,
                                               const ChangeEmailInput& input) {
  if (caller.is_operator()) return refuse(base::kForbidden);
  if (input.email == caller.email()) return base::refuse_field("/email", "This is your address already.");
  const ProvenPassword proven = TRY(prove_password(services, caller, input.password));
  const std::string person = caller.account().user.to_string();
  TRY(take_limits(services, caller.origin(),
                  {{kEmailChangePerPerson, person},
                   {kNewEmailLettersPerMinute, input.email.text},
                   {kNewEmailLettersPerHour, input.email.text}}));
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  const auto id = store::TokenId::make(now);
  const NewLink link{id, crypto::make_one_time_token(kChangeEmailToken, caller.account().directory.uuid, id.uuid)};
  TRY(services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    const store::User user = TRY(lock_proven(tx, services, caller, proven, now));
    TRY(check_domains(tx, caller.account(), input.email));
    send_link(tx, services, user, input.email, link, now);
    enqueue(tx, services, {user.email, user.account(), std::nullopt, now, now + kNoticeLife},
            mail::EmailChangeRequested{input.email, now, caller.origin().address, {reset_page(services)}});
    record(tx, now, caller.origin(),
           {audit, audit_home(tx, caller.account()), action::kEmailChangeRequested, caller.actor(), person, {}});
    return {};
  }));
  services.wake_jobs();
  if (!services.settings.mail_enabled) {
    return MessageView{"Mail is switched off here, so no letter is sent: ask whoever runs this service."};
  }
  return MessageView{
      "If this address can be used, a letter with a link is on its way to it. Your address changes when the link is "
      "used, within 24 hours."};
}

base::Result<PendingEmailChange> show_email_change(const Services& services, const ConfirmEmailInput& input) {
  const base::Time now = services.clock.now();
  return services.database.read([&](db::Transaction& tx) -> base::Result<PendingEmailChange> {
    const AccountLink link = TRY(find_change(tx, input.token, now, store::find_user));
    return PendingEmailChange{link.user.email, {*link.token.email}, link.token.created_at};
  });
}

base::Result<ConfirmEmailOutput> confirm_email_change(const Services& services, const Anyone& caller,
                                                      const ConfirmEmailInput& input) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  ConfirmEmailOutput output;
  try {
    output = TRY(services.database.write([&](db::Transaction& tx) -> base::Result<ConfirmEmailOutput> {
      AccountLink link = TRY(find_change(tx, input.token, now, store::lock_user));
      const store::Account account = link.user.account();
      const base::EmailAddress old_email = link.user.email;
      link.user.email = {*link.token.email};
      TRY(check_domains(tx, account, link.user.email));
      if (store::find_user_by_email(tx, account.directory, link.user.email)) return refuse(base::kEmailTaken);
      if (!store::use_one_time_token(tx, link.token.directory, link.token.id, std::string(kPurpose),
                                     link.token.secret_hash, now)) {
        return refuse(base::kLinkDead);
      }
      store::set_email(tx, account, link.user.email, now);
      link.user.email_verified_at = now;
      void_links(tx, account, now);
      store::revoke_sessions_of(tx, account, std::nullopt, now);
      enqueue(tx, services, {old_email, account, std::nullopt, now, now + kNoticeLife},
              mail::EmailChanged{link.user.email, now, caller.origin.address});
      record(tx, now, caller.origin,
             {audit,
              audit_home(tx, account),
              action::kEmailChanged,
              {"user", account.user.uuid},
              account.user.to_string(),
              {}});
      return ConfirmEmailOutput{"Your email address is changed, and you are signed out everywhere. Sign in with it.",
                                view(link.user)};
    }));
  } catch (const db::UniqueViolation& violation) {
    // Somebody took the address at this very moment.
    if (violation.constraint() == "users_directory_id_email_key") return refuse(base::kEmailTaken);
    throw;
  }
  services.wake_jobs();
  return output;
}

}  // namespace gatehouse::domain
