#include "store/audit.h"

namespace gatehouse::store {

namespace {

constexpr db::Statement kInsert{
    "insert_audit_entry",
    "INSERT INTO audit_entries (organization_id, id, at, action, actor_kind, actor_id, subject, address, request_id, "
    "payload) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"};

}  // namespace

void insert_audit_entry(db::Transaction& tx, const AuditEntry& entry) {
  tx.execute(kInsert, {entry.organization, entry.id, entry.at, entry.action, entry.actor_kind, entry.actor,
                       entry.subject, entry.address, entry.request_id, entry.payload});
}

}  // namespace gatehouse::store
