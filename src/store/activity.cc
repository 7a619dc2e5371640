#include "store/activity.h"

namespace gatehouse::store {

namespace {

#define ACTIVITY_COLUMNS \
  "organization_id, id, at, action, actor_kind, actor_id, address, request_id FROM audit_entries "

// Two walks over one index each; an OR would read everything that the person ever did.
constexpr db::Statement kList{"list_activity",
                              "SELECT organization_id, id, at, action, actor_kind, actor_id, address, request_id FROM ("
                              "SELECT * FROM (SELECT " ACTIVITY_COLUMNS
                              "WHERE actor_id = $1 AND id < $3 ORDER BY id DESC LIMIT $4) a UNION "
                              "SELECT * FROM (SELECT " ACTIVITY_COLUMNS
                              "WHERE subject = $2 AND id < $3 ORDER BY id DESC LIMIT $4) b) both_kinds "
                              "ORDER BY id DESC LIMIT $4"};

}  // namespace

std::vector<Activity> list_activity(db::Transaction& tx, UserId user, AuditId before, std::int64_t limit) {
  std::vector<Activity> entries;
  for (const db::Row& row : tx.query(kList, {user, user.to_string(), before, limit})) {
    entries.push_back(row.as<Activity, OrganizationId, AuditId, base::Time, std::string, std::string,
                             std::optional<base::Uuid>, std::optional<std::string>, std::optional<std::string>>());
  }
  return entries;
}

}  // namespace gatehouse::store
