#pragma once

#include "base/result.h"
#include "base/secret.h"
#include "db/database.h"
#include "store/one_time_tokens.h"
#include "store/users.h"

#include <string_view>

namespace gatehouse::domain {

/// The stored token of a link, when the text is a token of that prefix whose row has that purpose and secret, and it is
/// neither used nor expired. Looks only: whoever acts on it calls store::use_one_time_token() in the transaction that
/// acts. Refuses: kLinkInvalid, kLinkDead.
base::Result<store::OneTimeToken> find_live_link(db::Transaction& tx, std::string_view prefix, std::string_view purpose,
                                                 const base::Secret& text, base::Time now);

/// A link that was mailed to the address of an account.
struct AccountLink {
  store::OneTimeToken token;
  store::User user;
};

/// How the account is read: store::find_user, or store::lock_user by whoever acts in the same transaction.
using LookUp = std::optional<store::User> (*)(db::Transaction&, const store::Account&);

/// The same, with its account; kLinkDead too when that is gone, not active, or has another address by now.
base::Result<AccountLink> find_live_account_link(db::Transaction& tx, std::string_view prefix, std::string_view purpose,
                                                 const base::Secret& text, base::Time now, LookUp look_up);

}  // namespace gatehouse::domain
