#pragma once

#include "crypto/token.h"
#include "domain/services.h"
#include "store/users.h"

namespace gatehouse::domain {

/// A link that is about to be mailed; made outside the transaction that mails it.
struct NewResetLink {
  store::TokenId id;
  crypto::NewOneTimeToken token;
};
NewResetLink make_reset_link(store::DirectoryId directory, base::Time now);

/// Stores the link and writes its letter. The account must be locked, and mail be on. False, with nothing done, when
/// the address has had enough of these letters for now.
bool mail_reset_link(db::Transaction& tx, const Services& services, const store::User& user, const NewResetLink& link,
                     base::Time now);

}  // namespace gatehouse::domain
