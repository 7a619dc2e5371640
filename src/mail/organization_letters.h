#pragma once

#include "base/clock.h"
#include "base/email.h"
#include "mail/letter_class.h"
#include "mail/values.h"

#include <boost/describe/class.hpp>
#include <string_view>

/// Letters about an organization, its members, and the accounts of its own directory, see letters.h.
namespace gatehouse::mail {

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

/// To a member who was suspended and may not act there until they are reinstated.
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

/// To someone for whom an account was made in an organization's own directory: `link` leads to the page for its first
/// password, until `expires_at`. `by` is a person's address, or the organization itself when a back end adds.
struct Added {
  static constexpr std::string_view kTemplate = "added";
  static constexpr LetterClass kClass = LetterClass::invitation;
  Chosen organization;
  Chosen by;
  Chosen role;
  base::Time expires_at;
  Link link;
};
BOOST_DESCRIBE_STRUCT(Added, (), (organization, by, role, expires_at, link))

/// ResetPassword for an account in an organization's own directory: the same address may have others.
struct ResetPasswordApart {
  static constexpr std::string_view kTemplate = "reset_password_apart";
  static constexpr LetterClass kClass = LetterClass::reset;
  Chosen organization;
  base::Time at;
  Link link;
};
BOOST_DESCRIBE_STRUCT(ResetPasswordApart, (), (organization, at, link))

/// To a member of an organization that its owners have deleted: until `purge_at` they can restore it.
struct OrganizationDeleted {
  static constexpr std::string_view kTemplate = "organization_deleted";
  static constexpr LetterClass kClass = LetterClass::notice;
  Chosen organization;
  base::Time purge_at;
};
BOOST_DESCRIBE_STRUCT(OrganizationDeleted, (), (organization, purge_at))

/// To a member of an organization that was deleted and is back.
struct OrganizationRestored {
  static constexpr std::string_view kTemplate = "organization_restored";
  static constexpr LetterClass kClass = LetterClass::notice;
  Chosen organization;
  base::Time at;
};
BOOST_DESCRIBE_STRUCT(OrganizationRestored, (), (organization, at))

}  // namespace gatehouse::mail
