#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/services.h"
#include "domain/views.h"

namespace gatehouse::domain {

struct VerifyEmailInput {
  base::Secret token;

  static constexpr std::string_view kSchemaName = "VerifyEmailRequest";
  static constexpr auto fields() {
    return wire::fields(wire::field("token", &VerifyEmailInput::token).length(1, 256).says("Of the mailed link."));
  }
};

struct VerifyEmailOutput {
  std::string message;
  UserView user;

  static constexpr std::string_view kSchemaName = "VerifyEmailAnswer";
  static constexpr auto fields() {
    return wire::fields(wire::field("message", &VerifyEmailOutput::message),
                        wire::field("user", &VerifyEmailOutput::user));
  }
};

/// What a verification link is about, for the page that asks before anything happens.
struct PendingVerification {
  base::EmailAddress email;
  std::string organization_name;  // empty when it is gone
  base::Time signed_up_at;
};

/// Looks at a link without using it. Refuses: kLinkInvalid, kLinkDead.
base::Result<PendingVerification> show_verification(const Services& services, const VerifyEmailInput& input);

/// The holder of the link confirms the address. Refuses: kLinkInvalid, kLinkDead.
base::Result<VerifyEmailOutput> verify_email(const Services& services, const Anyone& caller,
                                             const VerifyEmailInput& input);

/// Mails the caller another link to confirm the address; those that were mailed before still work. Not for operators,
/// whose addresses need no confirmation. Refuses: kForbidden, kWrongState (verified already, or mail is off),
/// kRateLimited.
base::Result<void> send_verification(const Services& services, const SignedIn& caller);

/// The holder of the link did not sign up: the account goes, with every organization that would be left without an
/// owner. Refuses: kLinkInvalid, kLinkDead (also once the address is verified).
base::Result<MessageView> disown_account(const Services& services, const Anyone& caller, const VerifyEmailInput& input);

}  // namespace gatehouse::domain
