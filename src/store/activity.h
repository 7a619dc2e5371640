#pragma once

#include "db/database.h"
#include "store/ids.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::store {

/// An audit entry as the person sees it who did it or whom it is about.
struct Activity {
  OrganizationId organization;  // kPlatformOrganization when there is no tenant
  AuditId id;
  base::Time at;
  std::string action;
  std::string actor_kind;
  std::optional<base::Uuid> actor;
  std::optional<std::string> address;
  std::optional<std::string> request_id;
};

/// What that user did anywhere, and what happened to the account; the newest first, older than `before`. Ids of users
/// are unique in all directories.
std::vector<Activity> list_activity(db::Transaction& tx, UserId user, AuditId before, std::int64_t limit);

}  // namespace gatehouse::store
