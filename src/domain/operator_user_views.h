#pragma once

#include "base/result.h"
#include "domain/founding.h"
#include "domain/operator_organizations.h"
#include "domain/pages.h"
#include "domain/services.h"
#include "domain/steward.h"
#include "domain/views.h"

namespace gatehouse::domain {

inline constexpr std::array<std::string_view, 2> kUserStatuses{"active", "suspended"};

struct SearchUsersInput {
  std::optional<std::string> q;
  std::optional<std::string> status;
  std::optional<std::string> directory;
  std::optional<std::int64_t> limit;
  std::optional<std::string> after;

  static constexpr auto fields() {
    return wire::fields(
        wire::field("q", &SearchUsersInput::q).length(1, 254).says("How the address begins.").example("ada@"),
        wire::field("status", &SearchUsersInput::status).one_of(kUserStatuses),
        wire::field("directory", &SearchUsersInput::directory).one_of(kDirectoryKinds),
        wire::field("limit", &SearchUsersInput::limit).range(1, kPageMost).says("20 when it is absent."),
        wire::field("after", &SearchUsersInput::after).length(1, 256).says("`page.next` of the page before."));
  }
};

struct OperatedUserInput {
  store::UserId user;

  static constexpr auto fields() { return wire::fields(wire::field("user", &OperatedUserInput::user)); }
};

struct UserReasonInput {
  store::UserId user;
  std::string reason;

  static constexpr auto fields() {
    return wire::fields(wire::field("user", &UserReasonInput::user),
                        wire::field("reason", &UserReasonInput::reason)
                            .length(1, 200)
                            .says("Why; it is kept in the audit log of the platform.")
                            .example("Account taken over, ticket 4712"));
  }
};

struct FoundUserView {
  store::UserId id;
  base::EmailAddress email;
  bool email_verified = false;
  std::optional<std::string> name;
  std::string status;
  std::string directory;
  base::Time created_at;

  static constexpr std::string_view kSchemaName = "FoundUser";
  static constexpr auto fields() {
    using V = FoundUserView;
    return wire::fields(wire::field("id", &V::id), wire::field("email", &V::email),
                        wire::field("email_verified", &V::email_verified), wire::field("name", &V::name),
                        wire::field("status", &V::status).says("active or suspended"),
                        wire::field("directory", &V::directory)
                            .says("shared, or isolated: the account belongs to one organization's own directory."),
                        wire::field("created_at", &V::created_at));
  }
};

/// A membership as operators see it, in any state.
struct OperatedMembershipView {
  store::OrganizationId id;
  std::string name;
  std::string slug;
  std::string organization_status;
  store::MemberId member_id;
  RoleReference role;
  std::string status;
  base::Time joined_at;

  static constexpr std::string_view kSchemaName = "OperatedMembership";
  static constexpr auto fields() {
    using V = OperatedMembershipView;
    return wire::fields(wire::field("id", &V::id), wire::field("name", &V::name), wire::field("slug", &V::slug),
                        wire::field("organization_status", &V::organization_status),
                        wire::field("member_id", &V::member_id), wire::field("role", &V::role),
                        wire::field("status", &V::status), wire::field("joined_at", &V::joined_at));
  }
};

struct OperatedSessionView {
  store::SessionId id;
  std::optional<store::OrganizationId> organization_id;
  std::string address;
  std::string device;
  base::Time created_at;
  base::Time last_seen_at;
  base::Time expires_at;

  static constexpr std::string_view kSchemaName = "OperatedSession";
  static constexpr auto fields() {
    using V = OperatedSessionView;
    return wire::fields(wire::field("id", &V::id), wire::field("organization_id", &V::organization_id),
                        wire::field("address", &V::address), wire::field("device", &V::device),
                        wire::field("created_at", &V::created_at), wire::field("last_seen_at", &V::last_seen_at),
                        wire::field("expires_at", &V::expires_at));
  }
};

struct OperatedUserView {
  FoundUserView user;
  std::vector<OperatedMembershipView> memberships;
  std::vector<OperatedSessionView> sessions;

  static constexpr std::string_view kSchemaName = "OperatedUser";
  static constexpr auto fields() {
    return wire::fields(wire::field("user", &OperatedUserView::user),
                        wire::field("memberships", &OperatedUserView::memberships),
                        wire::field("sessions", &OperatedUserView::sessions).says("Those that are not over."));
  }
};

}  // namespace gatehouse::domain
