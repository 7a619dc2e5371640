#include "domain/account_deletion.h"

#include "domain/audit.h"
#include "domain/departure.h"
#include "domain/outbox.h"
#include "domain/reauthentication.h"

namespace gatehouse::domain {

using base::refuse;

base::Result<void> delete_me(const Services& services, const SignedIn& caller, const DeleteMeInput& input) {
  if (caller.is_operator()) return refuse(base::kForbidden);
  const ProvenPassword proven = TRY(prove_password(services, caller, input.password));
  const store::Account account = caller.account();
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  std::vector<store::AuditId> more_audits;  // as many as there are memberships, and the same if the body runs again
  TRY(services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    const auto places = hold_places(tx, account);
    const store::User user = TRY(lock_proven(tx, services, caller, proven, now));
    for (const store::Place& place : places) {
      if (is_only_owner(tx, place)) return refuse(base::kSoleOwner);
    }
    while (more_audits.size() < places.size()) more_audits.push_back(store::AuditId::make(now));
    auto next_audit = more_audits.begin();
    for (const store::Place& place : places) {
      end_membership(tx, account, place, now);
      record(tx, now, caller.origin(),
             {*next_audit++,
              place.organization,
              action::kMemberLeft,
              caller.actor(),
              place.member.to_string(),
              {{"user_id", account.user.to_string()},
               {"role_id", place.role.to_string()},
               {"reason", "account_deleted"}}});
    }
    enqueue(tx, services, {user.email, user.account(), std::nullopt, now, now + kNoticeLife},
            mail::AccountDeleted{now, caller.origin().address});
    record(tx, now, caller.origin(),
           {audit, audit_home(tx, account), action::kAccountDeleted, caller.actor(), account.user.to_string(), {}});
    store::delete_user(tx, account);
    return {};
  }));
  services.wake_jobs();
  return {};
}

}  // namespace gatehouse::domain
