#pragma once

#include "base/clock.h"
#include "base/email.h"
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

/// To someone who is asked to join: `link` leads to the invitation, until `expires_at`. `inviter` is a person's
/// address, or the organization itself when a back end or an operator invites.
struct Invitation {
  static constexpr std::string_view kTemplate = "invitation";
  static constexpr LetterClass kClass = LetterClass::invitation;
  Chosen organization;
  Chosen inviter;
  Chosen role;
  Quoted message;
  base::Time expires_at;
  Link link;
};
BOOST_DESCRIBE_STRUCT(Invitation, (), (organization, inviter, role, message, expires_at, link))

/// To the one who invited: `member` accepted.
struct Joined {
  static constexpr std::string_view kTemplate = "joined";
  static constexpr LetterClass kClass = LetterClass::notice;
  base::EmailAddress member;
  Chosen organization;
  Chosen role;
};
BOOST_DESCRIBE_STRUCT(Joined, (), (member, organization, role))

/// To a member who has another role now.
struct RoleChanged {
  static constexpr std::string_view kTemplate = "role_changed";
  static constexpr LetterClass kClass = LetterClass::notice;
  Chosen organization;
  Chosen role;
  base::Time at;
};
BOOST_DESCRIBE_STRUCT(RoleChanged, (), (organization, role, at))

/// To someone who is no member any more.
struct Removed {
  static constexpr std::string_view kTemplate = "removed";
  static constexpr LetterClass kClass = LetterClass::notice;
  Chosen organization;
  base::Time at;
};
BOOST_DESCRIBE_STRUCT(Removed, (), (organization, at))

/// To the members of an organization without an owner, when whoever runs the service has named one.
struct OwnerAppointed {
  static constexpr std::string_view kTemplate = "owner_appointed";
  static constexpr LetterClass kClass = LetterClass::notice;
  Chosen organization;
  base::Time at;
};
BOOST_DESCRIBE_STRUCT(OwnerAppointed, (), (organization, at))

/// To a member who may not act in the organization for now.
struct Suspended {
  static constexpr std::string_view kTemplate = "suspended";
  static constexpr LetterClass kClass = LetterClass::notice;
  Chosen organization;
  base::Time at;
};
BOOST_DESCRIBE_STRUCT(Suspended, (), (organization, at))

/// To a member who was suspended and may act again.
struct Reinstated {
  static constexpr std::string_view kTemplate = "reinstated";
  static constexpr LetterClass kClass = LetterClass::notice;
  Chosen organization;
  Chosen role;
  base::Time at;
};
BOOST_DESCRIBE_STRUCT(Reinstated, (), (organization, role, at))

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
