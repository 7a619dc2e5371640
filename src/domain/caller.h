#pragma once

#include "base/email.h"
#include "base/network.h"
#include "domain/permissions.h"
#include "store/api_keys.h"
#include "store/members.h"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace gatehouse::domain {

struct Settings;

/// How far a limit is used up, for the RateLimit headers.
struct LimitState {
  std::string_view name;
  std::int64_t quota;
  std::int64_t window_seconds;
  std::int64_t remaining;
  std::int64_t reset_seconds;
};

/// A request that its client may send again: what idempotency.h knows of it.
struct IdempotentRequest {
  std::string key;  // as the client wrote it
  /// What the claimed row is stored under; nothing before.
  std::optional<db::Bytes> row;
};

/// Where a request comes from.
struct Origin {
  base::IpAddress address;
  /// The address may be that of a proxy, see http::Request::is_client_uncertain.
  bool is_address_uncertain = false;
  std::string user_agent;
  std::string request_id;
  /// The If-Match field (RFC 9110 section 13.1.1), see preconditions.h.
  std::optional<std::string> if_match;
  /// The limits that the operation has touched.
  std::shared_ptr<std::vector<LimitState>> limits = std::make_shared<std::vector<LimitState>>();
  /// Null without an Idempotency-Key.
  std::shared_ptr<IdempotentRequest> idempotency;
};

/// Who did something, for the audit log.
struct Actor {
  std::string_view kind;  // "user", "operator", "api_key", "anonymous", "command_line", "system"
  std::optional<base::Uuid> id;
};

/// Who makes a request, as a type: an operation's first parameter says who may call it. All but Anyone come from
/// domain/admit.h only.
struct Anyone {
  Origin origin;
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
