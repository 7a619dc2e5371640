#include "domain/reauthentication.h"

#include "domain/passwords.h"

namespace gatehouse::domain {

using base::refuse;

base::Result<ProvenPassword> prove_password(const Services& services, const SignedIn& caller,
                                            const base::Secret& password) {
  auto user = services.database.read([&](db::Transaction& tx) { return store::find_user(tx, caller.account()); });
  if (!user) return refuse(base::kUnauthenticated);
  SignInAttempt attempt = TRY(SignInAttempt::begin(services, caller.origin(), user->email, user));
  if (!verify_password(services, user, password, base::network_of(caller.origin().address)).matches) {
    attempt.fail(services, user);
    return refuse(base::kInvalidCredentials, "The password is wrong.");
  }
  return ProvenPassword{std::move(*user), std::move(attempt)};
}

base::Result<store::User> lock_proven(db::Transaction& tx, const Services& services, const SignedIn& caller,
                                      const ProvenPassword& proven, base::Time now) {
  auto user = store::lock_user(tx, caller.account());
  if (!user || !user->is_active()) return refuse(base::kUnauthenticated);
  if (!store::find_live_session(tx, caller.account().directory, caller.session(), now)) {
    return refuse(base::kUnauthenticated);
  }
  if (user->password_hash != proven.user.password_hash) {
    return refuse(base::kInvalidCredentials, "The password is wrong.");
  }
  proven.attempt.succeed(tx, services, caller.account(), now);
  return std::move(*user);
}

}  // namespace gatehouse::domain
