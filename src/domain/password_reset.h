#pragma once

#include "base/result.h"
#include "crypto/token.h"
#include "domain/caller.h"
#include "domain/services.h"
#include "domain/views.h"

namespace gatehouse::domain {

/// Step 1 gives an address; step 2 gives the token of the mailed link and a new password.
struct ResetPasswordInput {
  std::optional<base::EmailAddress> email;
  std::optional<base::Secret> token;
  std::optional<base::Secret> new_password;
  std::optional<std::string> organization;

  static constexpr std::string_view kSchemaName = "ResetPasswordRequest";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("email", &ResetPasswordInput::email).says("Step 1: where to send the link."),
        wire::field("token", &ResetPasswordInput::token).length(1, 256).says("Step 2: the token of the mailed link."),
        wire::field("new_password", &ResetPasswordInput::new_password).length(8, 256).says("Step 2."),
        wire::field("organization", &ResetPasswordInput::organization)
            .length(1, 100)
            .example("acme")
            .says("Step 1, for an account in an organization's own directory: which one, by slug or id."));
  }
};

/// Step 1 answers the same whether or not the address has an account. Step 2 sets the password, ends all sessions and
/// other reset links, and marks the address verified. Refuses: kInvalidRequest, kProofMissing (a new password without a
/// token), kWeakPassword, kLinkInvalid, kLinkDead, kRateLimited.
base::Result<MessageView> reset_password(const Services& services, const Anyone& caller,
                                         const ResetPasswordInput& input);

/// Sends the link for each waiting request whose address has an active account where the request looks for one, and
/// forgets the others. For the jobs. Returns how many requests there were.
std::size_t process_reset_requests(const Services& services);

/// A reset link that is about to be mailed. Made outside the transaction.
struct ResetLink {
  store::TokenId id;
  crypto::NewOneTimeToken token;
};
ResetLink make_reset_link(store::DirectoryId directory, base::Time now);

/// Stores a link that works until `expires_at`, for whoever mails it.
void store_reset_link(db::Transaction& tx, const store::User& user, const ResetLink& link, base::Time now,
                      base::Time expires_at);

/// Stores the link and mails it to the account's address. False, and nothing done, when that mailbox or that account
/// has had enough of them, or mail is off.
bool mail_reset_link(db::Transaction& tx, const Services& services, const store::User& user, const ResetLink& link,
                     base::Time now);

}  // namespace gatehouse::domain
