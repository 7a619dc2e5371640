#pragma once

#include "base/email.h"
#include "domain/credential_digest.h"
#include "domain/origin.h"
#include "domain/permissions.h"
#include "store/api_keys.h"
#include "store/members.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace gatehouse::domain {

struct Settings;

/// Who makes a request, as a type: an operation's first parameter says who may call it. All but Anyone come from
/// domain/admit.h only.
struct Anyone {
  Origin origin;
};

/// What somebody was let in by, as KnownSessions keeps it.
struct Credential {
  CredentialDigest digest;
  /// What admission found was read from the database after this.
  std::uint64_t asked_at = 0;
  /// When it is over at the latest.
  base::Time until;
};

/// Holds a live session, in any organization or none.
class SignedIn {
 public:
  const Origin& origin() const { return origin_; }
  const store::Account& account() const { return account_; }
  store::SessionId session() const { return session_; }
  const base::EmailAddress& email() const { return email_; }
  bool email_verified() const { return email_verified_; }
  std::optional<store::OrganizationId> active_organization() const { return active_organization_; }
  const Credential& credential() const { return credential_; }
  /// A browser's cookie let the caller in: the session has no tokens and gets none.
  bool is_by_cookie() const { return is_by_cookie_; }
  bool is_operator() const { return account_.directory == store::kPlatformDirectory; }
  Actor actor() const { return {is_operator() ? "operator" : "user", account_.user.uuid}; }

 private:
  friend class Admission;
  SignedIn() = default;

  Origin origin_;
  store::Account account_;
  store::SessionId session_;
  base::EmailAddress email_;
  bool email_verified_ = false;
  std::optional<store::OrganizationId> active_organization_;
  Credential credential_;
  bool is_by_cookie_ = false;
};

/// A back end with a live API key, of an organization or of the platform.
class KeyHolder {
 public:
  const Origin& origin() const { return origin_; }
  const store::ApiKey& key() const { return key_; }
  Actor actor() const { return {"api_key", key_.id.uuid}; }

 private:
  friend class Admission;
  KeyHolder() = default;

  Origin origin_;
  store::ApiKey key_;
};

/// Whoever has shown a credential.
using Authenticated = std::variant<SignedIn, KeyHolder>;

/// An active member of the organization that the request is about, or a back end with a key of it, with the permission
/// that the route asks for.
class InOrganization {
 public:
  /// Null for a back end.
  const SignedIn* person() const { return std::get_if<SignedIn>(&who_); }
  /// Null for a person.
  const KeyHolder* key() const { return std::get_if<KeyHolder>(&who_); }
  const Origin& origin() const {
    return std::visit([](const auto& who) -> const Origin& { return who.origin(); }, who_);
  }
  Actor actor() const {
    return std::visit([](const auto& who) { return who.actor(); }, who_);
  }
  store::OrganizationId organization() const { return organization_; }
  /// What the caller's role or key holds. Whether that is enough to invite is a policy of the organization, which
  /// admission has applied (policies.h).
  const Permissions& permissions() const { return permissions_; }
  /// The permission that let the caller in.
  std::string_view needed() const { return needed_; }
  const Settings& settings() const { return *settings_; }

 private:
  friend class Admission;
  InOrganization(Authenticated who, store::OrganizationId organization, Permissions permissions,
                 std::string_view needed, const Settings& settings)
      : who_(std::move(who)),
        organization_(organization),
        permissions_(std::move(permissions)),
        needed_(needed),
        settings_(&settings) {}

  Authenticated who_;
  store::OrganizationId organization_;
  Permissions permissions_;
  std::string_view needed_;
  /// Of the services that let the caller in, which outlive every request.
  const Settings* settings_;
};

/// Runs the deployment, or is a back end with a key of the platform. Never a member of anything.
class Operator {
 public:
  /// Null for a back end.
  const SignedIn* person() const { return std::get_if<SignedIn>(&who_); }
  const Origin& origin() const {
    return std::visit([](const auto& who) -> const Origin& { return who.origin(); }, who_);
  }
  Actor actor() const {
    return std::visit([](const auto& who) { return who.actor(); }, who_);
  }

 private:
  friend class Admission;
  explicit Operator(Authenticated who) : who_(std::move(who)) {}

  Authenticated who_;
};

/// Whose statistics may be read: an operator's are those of everybody.
using StatisticsReader = std::variant<Operator, SignedIn>;

}  // namespace gatehouse::domain
