#pragma once

#include "base/clock.h"
#include "mail/letter_class.h"
#include "mail/values.h"

#include <boost/describe/class.hpp>
#include <string_view>

/// Letters about an organization as a whole, and about the accounts of one that has a directory of its own, see
/// letters.h.
namespace gatehouse::mail {

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
