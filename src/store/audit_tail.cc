#include "store/audit_tail.h"

namespace gatehouse::store {

namespace {

#define AUDIT_COLUMNS                                                                                    \
  "SELECT organization_id, id, at, action, actor_kind, actor_id, subject, address, request_id, payload " \
  "FROM audit_entries "

constexpr db::Statement kBefore{"list_audit_before", AUDIT_COLUMNS "WHERE id < $1 ORDER BY id DESC LIMIT $2"};
constexpr db::Statement kBeforeIn{"list_audit_before_in",
                                  AUDIT_COLUMNS "WHERE organization_id = $3 AND id < $1 ORDER BY id DESC LIMIT $2"};
constexpr db::Statement kAfter{"list_audit_after", AUDIT_COLUMNS "WHERE id > $1 ORDER BY id LIMIT $2"};
constexpr db::Statement kAfterIn{"list_audit_after_in",
                                 AUDIT_COLUMNS "WHERE organization_id = $3 AND id > $1 ORDER BY id LIMIT $2"};

std::vector<AuditEntry> to_entries(const db::Rows& rows) {
  std::vector<AuditEntry> entries;
  for (const db::Row& row : rows) {
    entries.push_back(
        row.as<AuditEntry, OrganizationId, AuditId, base::Time, std::string, std::string, std::optional<base::Uuid>,
               std::optional<std::string>, std::optional<std::string>, std::optional<std::string>, std::string>());
  }
  return entries;
}

}  // namespace

std::vector<AuditEntry> list_audit_before(db::Transaction& tx, const std::optional<OrganizationId>& organization,
                                          AuditId before, std::int64_t limit) {
  return to_entries(organization ? tx.query(kBeforeIn, {before, limit, *organization})
                                 : tx.query(kBefore, {before, limit}));
}

std::vector<AuditEntry> list_audit_after(db::Transaction& tx, const std::optional<OrganizationId>& organization,
                                         AuditId after, std::int64_t limit) {
  return to_entries(organization ? tx.query(kAfterIn, {after, limit, *organization})
                                 : tx.query(kAfter, {after, limit}));
}

}  // namespace gatehouse::store
