#pragma once

#include "base/email.h"
#include "db/database.h"
#include "store/ids.h"

#include <optional>
#include <string>

namespace gatehouse::store {

/// A mailed or printed link that was not used yet. `purpose`: "verify_email", "change_email"
/// (whose `email` is the new address), "reset_password", "operator_setup".
struct OneTimeToken {
  DirectoryId directory;
  TokenId id;
  std::string purpose;
  std::optional<UserId> user;
  std::optional<OrganizationId> organization;
  std::optional<std::string> email;
  db::Bytes secret_hash;
  base::Time created_at;
  base::Time expires_at;
  std::optional<base::Time> used_at;
};

void insert_one_time_token(db::Transaction& tx, const OneTimeToken& token);
std::optional<OneTimeToken> find_one_time_token(db::Transaction& tx, DirectoryId directory, TokenId id);
/// Marks an unused, unexpired token with that purpose and secret as used. False when somebody was faster, or it is
/// dead.
bool use_one_time_token(db::Transaction& tx, DirectoryId directory, TokenId id, const std::string& purpose,
                        const db::Bytes& secret_hash, base::Time now);
/// Makes the account's unused tokens of one purpose dead.
void void_one_time_tokens(db::Transaction& tx, const Account& account, const std::string& purpose, base::Time now);
/// Makes every unused token of one purpose dead that belongs to no account.
void void_unowned_tokens(db::Transaction& tx, DirectoryId directory, const std::string& purpose, base::Time now);
/// Forgets at most `limit` tokens that expired before `before`. True when there may be more.
bool delete_dead_tokens(db::Transaction& tx, base::Time before, std::int64_t limit);

}  // namespace gatehouse::store
