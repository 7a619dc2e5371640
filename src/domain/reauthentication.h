#pragma once

#include "base/result.h"
#include "domain/sign_in.h"

namespace gatehouse::domain {

/// Somebody who is signed in has shown the password again: a session that was stolen does not know it.
struct ProvenPassword {
  store::User user;
  SignInAttempt attempt;
};

/// Checks the caller's password. It counts as a try to sign in, so that nobody guesses faster here. Waits for the
/// hasher: call it outside a transaction. Refuses: kInvalidCredentials, kRateLimited, kUnauthenticated. Throws
/// HasherOverloaded.
base::Result<ProvenPassword> prove_password(const Services& services, const SignedIn& caller,
                                            const base::Secret& password);

/// Locks the account for the transaction that needed the proof. Refuses what changed while we hashed:
/// kInvalidCredentials (another password), kUnauthenticated (the session or the account is gone). The try does not
/// count any more.
base::Result<store::User> lock_proven(db::Transaction& tx, const Services& services, const SignedIn& caller,
                                      const ProvenPassword& proven, base::Time now);

}  // namespace gatehouse::domain
