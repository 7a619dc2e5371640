#include "domain/audit.h"

#include "store/idempotency.h"
#include "store/people.h"
#include "wire/write.h"

namespace gatehouse::domain {

store::OrganizationId audit_home(db::Transaction& tx, const store::Account& account) {
  if (account.directory == store::kSharedDirectory || account.directory == store::kPlatformDirectory) {
    return store::kPlatformOrganization;
  }
  return store::find_directory_owner(tx, account.directory).value_or(store::kPlatformOrganization);
}

store::AuditEntry entry_of(base::Time now, const Origin& origin, const AuditRecord& record) {
  std::map<std::string, std::string> payload = record.details;
  payload["v"] = "1";
  std::optional<std::string> address, request_id;
  if (!origin.request_id.empty()) {
    address = origin.address.to_string();
    request_id = origin.request_id;
  }
  return {record.organization,
          record.id,
          now,
          std::string(record.action),
          std::string(record.actor.kind),
          record.actor.id,
          record.subject,
          address,
          request_id,
          wire::write(payload)};
}

void record(db::Transaction& tx, base::Time now, const Origin& origin, const AuditRecord& record) {
  store::insert_audit_entry(tx, entry_of(now, origin, record));
  if (origin.idempotency && origin.idempotency->row)
    store::mark_idempotency_key_committed(tx, *origin.idempotency->row);
}

}  // namespace gatehouse::domain
