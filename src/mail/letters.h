#pragma once

#include "base/clock.h"
#include "base/network.h"
#include "mail/account_letters.h"
#include "mail/letter_class.h"
#include "mail/organization_letters.h"
#include "mail/values.h"

#include <boost/describe/class.hpp>
#include <cstdint>
#include <string_view>
#include <tuple>

/// All letters. To add one: a struct here, in account_letters.h or in organization_letters.h, its place in Letters
/// below, templates/<kTemplate>.mail (see README.md), and a sample in letters_test.cc. A letter has at most one link,
/// named `link`.
namespace gatehouse::mail {

/// To someone who signed up: the address is to be confirmed by `link`, within 24 hours.
struct Welcome {
  static constexpr std::string_view kTemplate = "welcome";
  static constexpr LetterClass kClass = LetterClass::account;
  Chosen organization;
  base::Time at;
  Link link;
};
BOOST_DESCRIBE_STRUCT(Welcome, (), (organization, at, link))

/// To the owner of an address with which somebody tried to sign up again. `link`: where a reset is asked for.
struct AlreadyRegistered {
  static constexpr std::string_view kTemplate = "already_registered";
  static constexpr LetterClass kClass = LetterClass::account;
  base::Time at;
  Link link;
};
BOOST_DESCRIBE_STRUCT(AlreadyRegistered, (), (at, link))

/// After a sign-in. `link`: where a reset is asked for.
struct SignInAlert {
  static constexpr std::string_view kTemplate = "sign_in_alert";
  static constexpr LetterClass kClass = LetterClass::alert;
  base::Time at;
  base::IpAddress address;
  Chosen device;
  Link link;
};
BOOST_DESCRIBE_STRUCT(SignInAlert, (), (at, address, device, link))

/// The same to an operator, who has no link by mail to get back in.
struct OperatorSignIn {
  static constexpr std::string_view kTemplate = "operator_sign_in";
  static constexpr LetterClass kClass = LetterClass::security;
  base::Time at;
  base::IpAddress address;
  Chosen device;
};
BOOST_DESCRIBE_STRUCT(OperatorSignIn, (), (at, address, device))

/// In place of the alerts that were beyond the budget of the hour. `link`: where a reset is asked for.
struct SignInSummary {
  static constexpr std::string_view kTemplate = "sign_in_summary";
  static constexpr LetterClass kClass = LetterClass::alert;
  std::int64_t count;
  base::Time from;
  base::Time to;
  Link link;
};
BOOST_DESCRIBE_STRUCT(SignInSummary, (), (count, from, to, link))

/// To someone who asked for it: `link` leads to the page for a new password, for 30 minutes.
struct ResetPassword {
  static constexpr std::string_view kTemplate = "reset_password";
  static constexpr LetterClass kClass = LetterClass::reset;
  base::Time at;
  Link link;
};
BOOST_DESCRIBE_STRUCT(ResetPassword, (), (at, link))

/// After a password was changed or reset. `link`: where a reset is asked for.
struct PasswordChanged {
  static constexpr std::string_view kTemplate = "password_changed";
  static constexpr LetterClass kClass = LetterClass::security;
  base::Time at;
  base::IpAddress address;
  Link link;
};
BOOST_DESCRIBE_STRUCT(PasswordChanged, (), (at, address, link))

/// To an operator who tries the mail settings.
struct TestLetter {
  static constexpr std::string_view kTemplate = "test";
  static constexpr LetterClass kClass = LetterClass::account;
  base::Time at;
};
BOOST_DESCRIBE_STRUCT(TestLetter, (), (at))

using Letters =
    std::tuple<Welcome, AlreadyRegistered, SignInAlert, OperatorSignIn, SignInSummary, ResetPassword,
               ResetPasswordApart, PasswordChanged, OperatorPasswordChanged, ConfirmEmail, ConfirmNewEmail,
               EmailChangeRequested, EmailChanged, AccountDeleted, Invitation, Added, Joined, RoleChanged, Removed,
               Suspended, Reinstated, OrganizationDeleted, OrganizationRestored, OwnerAppointed, TestLetter>;

}  // namespace gatehouse::mail
