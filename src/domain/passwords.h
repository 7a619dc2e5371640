#pragma once

#include "base/result.h"
#include "domain/services.h"
#include "store/users.h"

#include <string>
#include <vector>

namespace gatehouse::domain {

inline constexpr std::size_t kPasswordMinimum = 8;
inline constexpr std::size_t kPasswordMaximum = 256;
/// In the place of a hash: no password has it.
inline constexpr std::string_view kNoPassword = "!";

/// `minimum` to 256 code points, not easy to guess (zxcvbn's score of 2 or more) for somebody who knows `context`.
/// Refuses the field at `pointer`. `minimum`: as policies ask (password_minimum_of(), rules_of()).
base::Result<void> check_new_password(const base::Secret& password, std::vector<std::string> context,
                                      std::string_view pointer, std::size_t minimum = kPasswordMinimum);

/// Hashes and seals for that account. Waits for the hasher: call it outside a transaction. Throws HasherOverloaded.
db::Bytes hash_password(const Services& services, const store::Account& account, const base::Secret& password,
                        std::string_view lane);

/// Whether the password is the user's; the same work when there is no such user. A disabled user's never is. Waits for
/// the hasher. Throws HasherOverloaded.
crypto::Verification verify_password(const Services& services, const std::optional<store::User>& user,
                                     const base::Secret& password, std::string_view lane);

/// What the sealed hash of an account is bound to.
std::string password_binding(const store::Account& account);

}  // namespace gatehouse::domain
