#include "domain/password_reset.h"

#include "domain/audit.h"
#include "domain/directories.h"
#include "domain/email_change.h"
#include "domain/limits.h"
#include "domain/links.h"
#include "domain/one_time_links.h"
#include "domain/outbox.h"
#include "domain/passwords.h"
#include "domain/policies.h"
#include "store/reset_requests.h"
#include "store/sessions.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

constexpr std::string_view kPurpose = "reset_password";

/// The request is only written down, and looked at by a job: so a known and an unknown address cost the same.
base::Result<MessageView> request_link(const Services& services, const Anyone& caller, const base::EmailAddress& email,
                                       const std::optional<std::string>& organization) {
  const std::string network = base::network_of(caller.origin.address);
  const Entrance entrance =
      services.database.read([&](db::Transaction& tx) { return find_entrance(tx, organization); });
  const std::string account = entrance.counted_by.empty() ? email.text : email.text + " " + entrance.counted_by;
  TRY(take_limits(services, caller.origin,
                  {{kResetPerNetwork, network},
                   {kResetPerAccountAndNetwork, account + " " + network},
                   {kResetPerAccount, account}}));
  const base::Time now = services.clock.now();
  const base::Uuid id = base::make_uuid_v7(now);
  TRY(services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    store::insert_reset_request(
        tx, {id, email, caller.origin.address.to_string(), caller.origin.request_id, now, organization});
    return {};
  }));
  services.wake_jobs();
  if (!services.settings.mail_enabled) {
    return MessageView{"Mail is switched off here, so no letter is sent: ask whoever runs this service."};
  }
  return MessageView{
      "If this address has an account, a letter with a link is on its way. The link works for 30 minutes."};
}

base::Result<MessageView> set_new_password(const Services& services, const Anyone& caller,
                                           const base::Secret& token_text, const base::Secret& new_password,
                                           const std::optional<base::EmailAddress>& email) {
  std::size_t minimum = kPasswordMinimum;
  const AccountLink link = TRY(services.database.read([&](db::Transaction& tx) -> base::Result<AccountLink> {
    auto found =
        TRY(find_live_account_link(tx, kResetToken, kPurpose, token_text, services.clock.now(), store::find_user));
    minimum = password_minimum_of(tx, services, found.user.account());
    return found;
  }));
  if (email && *email != link.user.email) return refuse(base::kLinkInvalid);
  TRY(check_new_password(new_password, {link.user.email.text}, "/new_password", minimum));
  const store::Account account = link.user.account();
  const db::Bytes hash = hash_password(services, account, new_password, base::network_of(caller.origin.address));
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  TRY(services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    if (!store::lock_user(tx, account) ||
        !store::use_one_time_token(tx, link.token.directory, link.token.id, std::string(kPurpose),
                                   link.token.secret_hash, now)) {
      return refuse(base::kLinkDead);
    }
    store::set_password_hash(tx, account, hash);
    store::mark_email_verified(tx, account, now);
    store::void_one_time_tokens(tx, account, std::string(kPurpose), now);
    void_email_changes(tx, account, now);
    store::revoke_sessions_of(tx, account, std::nullopt, now);
    enqueue(tx, services, {link.user.email, account, std::nullopt, now, now + kNoticeLife},
            mail::PasswordChanged{now, caller.origin.address, {reset_page_of(tx, services, account.directory)}});
    record(tx, now, caller.origin,
           {audit,
            audit_home(tx, account),
            action::kPasswordReset,
            {"user", account.user.uuid},
            account.user.to_string(),
            {}});
    return {};
  }));
  services.wake_jobs();
  return MessageView{"Your password is changed and you are signed out everywhere. Sign in with the new one."};
}

void send_link(const Services& services, const store::ResetRequest& request) {
  const base::Time now = services.clock.now();
  Origin origin;
  origin.request_id = request.request_id;
  if (const auto address = base::IpAddress::parse(request.address)) origin.address = *address;
  const auto found = services.database.read(
      [&](db::Transaction& tx) { return find_user_at(tx, find_entrance(tx, request.organization), request.email); });
  const auto link = make_reset_link(found ? found->directory : store::kSharedDirectory, now);
  const auto audit = store::AuditId::make(services.clock.now());
  const auto done = services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    if (!store::take_reset_request(tx, request.id)) return {};
    // Whoever did not sign up may be deleting the account at this moment.
    const auto user = found ? store::lock_user(tx, found->account()) : std::nullopt;
    if (!user || !user->is_active() || user->email != request.email) return {};
    if (!mail_reset_link(tx, services, *user, link, now)) return {};
    record(tx, now, origin,
           {audit,
            audit_home(tx, user->account()),
            action::kResetRequested,
            {"anonymous", std::nullopt},
            user->id.to_string(),
            {}});
    return {};
  });
  static_cast<void>(done);  // the body never refuses; trouble is thrown
}

}  // namespace

base::Result<MessageView> reset_password(const Services& services, const Anyone& caller,
                                         const ResetPasswordInput& input) {
  if (input.organization && (input.token || input.new_password)) {
    return base::refuse_field("/organization", "The link says which account it is for.");
  }
  if (input.token && input.new_password) {
    return set_new_password(services, caller, *input.token, *input.new_password, input.email);
  }
  if (input.new_password) return refuse(base::kProofMissing);
  if (input.token) return base::refuse_field("/new_password", "This field is needed.");
  if (!input.email) return base::refuse_field("/email", "This field is needed.");
  return request_link(services, caller, *input.email, input.organization);
}

ResetLink make_reset_link(store::DirectoryId directory, base::Time now) {
  const auto id = store::TokenId::make(now);
  return {id, crypto::make_one_time_token(kResetToken, directory.uuid, id.uuid)};
}

void store_reset_link(db::Transaction& tx, const store::User& user, const ResetLink& link, base::Time now,
                      base::Time expires_at) {
  store::insert_one_time_token(tx, {user.directory, link.id, std::string(kPurpose), user.id, std::nullopt,
                                    user.email.text, db::Bytes{link.token.secret_hash}, now, expires_at, std::nullopt});
}

bool mail_reset_link(db::Transaction& tx, const Services& services, const store::User& user, const ResetLink& link,
                     base::Time now) {
  if (!services.settings.mail_enabled) return false;
  const std::string account = counted_as(user.directory, user.email);
  if (!take_within(tx, services, {kResetLettersPerMinute, account}, now) ||
      !take_within(tx, services, {kResetLettersPerHour, account}, now) ||
      !take_within(tx, services, {kResetLettersPerMailbox, user.email.text}, now)) {
    return false;
  }
  const base::Time expires_at = now + kResetLinkLife;
  store_reset_link(tx, user, link, now, expires_at);
  const Envelope envelope{user.email, user.account(), std::nullopt, now, expires_at};
  const mail::Link url{link_to(services, "/reset-password", link.token.text)};
  if (const auto owner = owner_of(tx, user.directory)) {
    enqueue(tx, services, envelope, mail::ResetPasswordApart{{owner->name}, now, url});
  } else {
    enqueue(tx, services, envelope, mail::ResetPassword{now, url});
  }
  return true;
}

std::size_t process_reset_requests(const Services& services) {
  const auto requests = services.database.read([](db::Transaction& tx) { return store::list_reset_requests(tx, 100); });
  for (const store::ResetRequest& request : requests) send_link(services, request);
  return requests.size();
}

}  // namespace gatehouse::domain
