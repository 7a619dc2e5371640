#include "domain/password_change.h"

#include "domain/audit.h"
#include "domain/email_change.h"
#include "domain/links.h"
#include "domain/outbox.h"
#include "domain/passwords.h"
#include "domain/policies.h"
#include "domain/reauthentication.h"
#include "store/one_time_tokens.h"

namespace gatehouse::domain {

namespace {

void send_notice(db::Transaction& tx, const Services& services, const SignedIn& caller, const store::User& user,
                 base::Time now) {
  const Envelope envelope{user.email, user.account(), std::nullopt, now, now + kNoticeLife};
  if (caller.is_operator()) {
    enqueue(tx, services, envelope, mail::OperatorPasswordChanged{now, caller.origin().address});
  } else {
    enqueue(tx, services, envelope, mail::PasswordChanged{now, caller.origin().address, {reset_page(services)}});
  }
}

}  // namespace

base::Result<void> change_password(const Services& services, const SignedIn& caller, const ChangePasswordInput& input) {
  std::vector<std::string> context{caller.email().text};
  const std::size_t minimum = services.database.read([&](db::Transaction& tx) {
    for (const store::Membership& membership : store::list_memberships(tx, caller.account())) {
      context.push_back(membership.organization_name);
    }
    return password_minimum_of(tx, services, caller.account());
  });
  TRY(check_new_password(input.new_password, std::move(context), "/new_password", minimum));
  const ProvenPassword proven = TRY(prove_password(services, caller, input.current_password));
  const store::Account account = caller.account();
  const db::Bytes hash =
      hash_password(services, account, input.new_password, base::network_of(caller.origin().address));
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  TRY(services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    const store::User user = TRY(lock_proven(tx, services, caller, proven, now));
    store::set_password_hash(tx, account, hash);
    store::void_one_time_tokens(tx, account, "reset_password", now);
    void_email_changes(tx, account, now);
    store::revoke_sessions_of(tx, account, caller.session(), now);
    send_notice(tx, services, caller, user, now);
    record(tx, now, caller.origin(),
           {audit, audit_home(tx, account), action::kPasswordChanged, caller.actor(), account.user.to_string(), {}});
    return {};
  }));
  services.wake_jobs();
  return {};
}

}  // namespace gatehouse::domain
