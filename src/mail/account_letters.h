#pragma once

#include "base/clock.h"
#include "base/email.h"
#include "base/network.h"
#include "mail/letter_class.h"
#include "mail/values.h"

#include <boost/describe/class.hpp>
#include <string_view>

/// Letters about what somebody does with the account itself, see letters.h.
namespace gatehouse::mail {

/// To an operator whose password was changed, and who has no link by mail to get back in.
struct OperatorPasswordChanged {
  static constexpr std::string_view kTemplate = "operator_password_changed";
  static constexpr LetterClass kClass = LetterClass::security;
  base::Time at;
  base::IpAddress address;
};
BOOST_DESCRIBE_STRUCT(OperatorPasswordChanged, (), (at, address))

/// To someone who asked for it: the address of the account is to be confirmed by `link`, within 24 hours.
struct ConfirmEmail {
  static constexpr std::string_view kTemplate = "confirm_email";
  static constexpr LetterClass kClass = LetterClass::account;
  base::Time at;
  Link link;
};
BOOST_DESCRIBE_STRUCT(ConfirmEmail, (), (at, link))

/// To the address that somebody wants to have in place of the one of their account; `link` works for 24 hours.
struct ConfirmNewEmail {
  static constexpr std::string_view kTemplate = "confirm_new_email";
  static constexpr LetterClass kClass = LetterClass::account;
  base::Time at;
  Link link;
};
BOOST_DESCRIBE_STRUCT(ConfirmNewEmail, (), (at, link))

/// To the address that an account has, when another one is asked for. `link`: where a reset is asked for.
struct EmailChangeRequested {
  static constexpr std::string_view kTemplate = "email_change_requested";
  static constexpr LetterClass kClass = LetterClass::security;
  base::EmailAddress email;
  base::Time at;
  base::IpAddress address;
  Link link;
};
BOOST_DESCRIBE_STRUCT(EmailChangeRequested, (), (email, at, address, link))

/// To the address that an account had, which has another one now.
struct EmailChanged {
  static constexpr std::string_view kTemplate = "email_changed";
  static constexpr LetterClass kClass = LetterClass::security;
  base::EmailAddress email;
  base::Time at;
  base::IpAddress address;
};
BOOST_DESCRIBE_STRUCT(EmailChanged, (), (email, at, address))

/// To someone whose account is gone, at their own wish.
struct AccountDeleted {
  static constexpr std::string_view kTemplate = "account_deleted";
  static constexpr LetterClass kClass = LetterClass::security;
  base::Time at;
  base::IpAddress address;
};
BOOST_DESCRIBE_STRUCT(AccountDeleted, (), (at, address))

}  // namespace gatehouse::mail
