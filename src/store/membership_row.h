#pragma once

#include "store/members.h"

// How a statement's row becomes a Membership; for the files of store/ that read some.

/// Of members m, organizations o and roles r, joined.
#define MEMBERSHIP_FIELDS                                                                                    \
  "o.id, o.name, o.slug, o.created_at, m.id, r.id, r.key, r.name, m.rights_version, m.joined_at, "           \
  "r.permissions, o.password_minimum, o.session_idle_seconds, o.session_absolute_seconds, o.sign_in_alert, " \
  "o.allowed_domains, o.who_may_invite, o.status, o.purge_at"

namespace gatehouse::store {

/// Of a row that begins with them.
inline constexpr std::size_t kMembershipFields = 19;

inline Membership to_membership(const db::Row& row) {
  return {row.get<OrganizationId>(0),
          row.get<std::string>(1),
          row.get<std::string>(2),
          row.get<base::Time>(3),
          row.get<MemberId>(4),
          row.get<RoleId>(5),
          row.get<std::string>(6),
          row.get<std::string>(7),
          row.get<std::int64_t>(8),
          row.get<base::Time>(9),
          row.get<std::string>(10),
          {row.get<std::optional<std::int64_t>>(11), row.get<std::optional<std::int64_t>>(12),
           row.get<std::optional<std::int64_t>>(13), row.get<std::optional<std::string>>(14), row.get<std::string>(15),
           row.get<std::optional<std::string>>(16)},
          row.get<std::string>(17),
          row.get<std::optional<base::Time>>(18)};
}

}  // namespace gatehouse::store
