#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/services.h"
#include "domain/views.h"

namespace gatehouse::domain {

struct ChangeEmailInput {
  base::EmailAddress email;
  base::Secret password;

  static constexpr std::string_view kSchemaName = "ChangeEmailRequest";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("email", &ChangeEmailInput::email).says("The new address.").example("ada@lovelace.example"),
        wire::field("password", &ChangeEmailInput::password).length(1, 256).says("The account's password."));
  }
};

/// Mails a link to the new address and a notice to the old one; nothing changes before the link is used. The answer is
/// the same whether or not the new address has an account. Not for operators, whom no mail ever lets in. Refuses:
/// kForbidden, kInvalidRequest, kInvalidCredentials, kDomainNotAllowed (an organization of the caller's does not take
/// the address), kRateLimited.
base::Result<MessageView> request_email_change(const Services& services, const SignedIn& caller,
                                               const ChangeEmailInput& input);

struct ConfirmEmailInput {
  base::Secret token;

  static constexpr std::string_view kSchemaName = "ConfirmEmailRequest";
  static constexpr auto fields() {
    return wire::fields(wire::field("token", &ConfirmEmailInput::token).length(1, 256).says("Of the mailed link."));
  }
};

struct ConfirmEmailOutput {
  std::string message;
  UserView user;

  static constexpr std::string_view kSchemaName = "ConfirmEmailAnswer";
  static constexpr auto fields() {
    return wire::fields(wire::field("message", &ConfirmEmailOutput::message),
                        wire::field("user", &ConfirmEmailOutput::user));
  }
};

/// What a link to a new address is about, for the page that asks before anything happens.
struct PendingEmailChange {
  base::EmailAddress from;
  base::EmailAddress to;
  base::Time asked_at;
};

/// Looks at a link without using it. Refuses: kLinkInvalid, kLinkDead.
base::Result<PendingEmailChange> show_email_change(const Services& services, const ConfirmEmailInput& input);

/// The account has the new address from now on, verified. All its sessions end, and its other mailed links die.
/// Refuses: kLinkInvalid, kLinkDead, kEmailTaken, kDomainNotAllowed.
base::Result<ConfirmEmailOutput> confirm_email_change(const Services& services, const Anyone& caller,
                                                      const ConfirmEmailInput& input);

/// Makes the links to new addresses dead that were asked for: whoever did so may have been somebody else.
void void_email_changes(db::Transaction& tx, const store::Account& account, base::Time now);

}  // namespace gatehouse::domain
