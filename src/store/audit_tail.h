#pragma once

#include "store/audit.h"

#include <vector>

/// The audit log as the command line reads it.
namespace gatehouse::store {

/// The entries written before `before`, newest first; of one organization when it is given.
std::vector<AuditEntry> list_audit_before(db::Transaction& tx, const std::optional<OrganizationId>& organization,
                                          AuditId before, std::int64_t limit);
/// The entries written after `after`, oldest first.
std::vector<AuditEntry> list_audit_after(db::Transaction& tx, const std::optional<OrganizationId>& organization,
                                         AuditId after, std::int64_t limit);

}  // namespace gatehouse::store
