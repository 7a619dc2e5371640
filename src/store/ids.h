#pragma once

#include "base/ids.h"

namespace gatehouse::store {

struct DirectoryKind {
  static constexpr std::string_view kPrefix = "dir", kNoun = "a directory";
};
struct OrganizationKind {
  static constexpr std::string_view kPrefix = "org", kNoun = "an organization";
};
struct UserKind {
  static constexpr std::string_view kPrefix = "usr", kNoun = "a user";
};
struct MemberKind {
  static constexpr std::string_view kPrefix = "mem", kNoun = "a member";
};
struct RoleKind {
  static constexpr std::string_view kPrefix = "rol", kNoun = "a role";
};
struct InvitationKind {
  static constexpr std::string_view kPrefix = "inv", kNoun = "an invitation";
};
struct SessionKind {
  static constexpr std::string_view kPrefix = "ses", kNoun = "a session";
};
struct LetterKind {
  static constexpr std::string_view kPrefix = "msg", kNoun = "a letter";
};
struct AuditKind {
  static constexpr std::string_view kPrefix = "aud", kNoun = "an audit entry";
};
struct TokenKind {
  static constexpr std::string_view kPrefix = "tok", kNoun = "a one-time token";
};
struct ApiKeyKind {
  static constexpr std::string_view kPrefix = "key", kNoun = "an API key";
};

using DirectoryId = base::Id<DirectoryKind>;
using OrganizationId = base::Id<OrganizationKind>;
using UserId = base::Id<UserKind>;
using MemberId = base::Id<MemberKind>;
using RoleId = base::Id<RoleKind>;
using InvitationId = base::Id<InvitationKind>;
using SessionId = base::Id<SessionKind>;
using LetterId = base::Id<LetterKind>;
using AuditId = base::Id<AuditKind>;
using TokenId = base::Id<TokenKind>;
using ApiKeyId = base::Id<ApiKeyKind>;

/// A user together with the directory that holds the account: the key under which it is stored.
struct Account {
  DirectoryId directory;
  UserId user;
  auto operator<=>(const Account&) const = default;
};

/// The directory of operators: nil, like the organization that owns audit entries without a tenant.
inline constexpr DirectoryId kPlatformDirectory{};
inline constexpr OrganizationId kPlatformOrganization{};
/// The directory that everybody is in whose organization does not keep its people apart.
inline constexpr DirectoryId kSharedDirectory{base::Uuid{{0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1}}};

}  // namespace gatehouse::store
