#pragma once

#include "base/email.h"
#include "base/network.h"
#include "domain/permissions.h"
#include "store/members.h"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace gatehouse::domain {

/// How far a limit is used up, for the RateLimit headers.
struct LimitState {
  std::string_view name;
  std::int64_t quota;
  std::int64_t window_seconds;
  std::int64_t remaining;
  std::int64_t reset_seconds;
};

/// Where a request comes from.
struct Origin {
  base::IpAddress address;
  /// The address may be that of a proxy, see http::Request::is_client_uncertain.
  bool is_address_uncertain = false;
  std::string user_agent;
  std::string request_id;
  /// The limits that the operation has touched.
  std::shared_ptr<std::vector<LimitState>> limits = std::make_shared<std::vector<LimitState>>();
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

/// An active member of the organization that the request is about, with the permission that the route asks for.
class InOrganization {
 public:
  const SignedIn& person() const { return person_; }
  const Origin& origin() const { return person_.origin(); }
  store::OrganizationId organization() const { return membership_.organization; }
  const store::Membership& membership() const { return membership_; }
  const Permissions& permissions() const { return permissions_of(membership_.role_key); }
  /// The permission that let the caller in.
  std::string_view needed() const { return needed_; }

 private:
  friend class Admission;
  InOrganization(SignedIn person, store::Membership membership, std::string_view needed)
      : person_(std::move(person)), membership_(std::move(membership)), needed_(needed) {}

  SignedIn person_;
  store::Membership membership_;
  std::string_view needed_;
};

/// Runs the deployment. Never a member of anything.
class Operator {
 public:
  const SignedIn& person() const { return person_; }

 private:
  friend class Admission;
  explicit Operator(SignedIn person) : person_(std::move(person)) {}

  SignedIn person_;
};

/// Whose statistics may be read: an operator's are those of everybody.
using StatisticsReader = std::variant<Operator, SignedIn>;

}  // namespace gatehouse::domain
