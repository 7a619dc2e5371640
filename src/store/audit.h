#pragma once

#include "db/database.h"
#include "store/ids.h"

#include <optional>
#include <string>

namespace gatehouse::store {

struct AuditEntry {
  OrganizationId organization;  // kPlatformOrganization when there is no tenant
  AuditId id;
  base::Time at;
  std::string action;
  std::string actor_kind;           // "user", "operator", "anonymous", "api_key", "command_line", "system"
  std::optional<base::Uuid> actor;  // of a user, an operator or an API key
  std::optional<std::string> subject;
  std::optional<std::string> address;
  std::optional<std::string> request_id;
  std::string payload;  // canonical JSON
};

void insert_audit_entry(db::Transaction& tx, const AuditEntry& entry);

}  // namespace gatehouse::store
