#include "store/audit_log.h"

#include <array>

namespace gatehouse::store {

namespace {

// One statement for each way into the table, since neither database finds an index through a condition that may be
// empty: the organization or all, then the actor, the subject or neither.
#define AUDIT_COLUMNS \
  "SELECT organization_id, id, at, action, actor_kind, actor_id, subject, address, request_id, payload "
#define AUDIT_RANGES                                                                                          \
  "FROM audit_entries WHERE id > $1 AND id < $2 AND action >= $3 AND action <= $4 AND at >= $5 AND at <= $6 " \
  "AND ($7 IS NULL OR address = $7) "
#define THE_ACTOR "actor_id = $8 AND CASE WHEN actor_kind = 'api_key' THEN 1 ELSE 0 END = $9"
#define THE_SUBJECT "subject = $10"
#define ANY_ACTOR "AND ($8 IS NULL OR (" THE_ACTOR ")) "
#define ANY_SUBJECT "AND ($10 IS NULL OR " THE_SUBJECT ") "
#define OF_ONE "AND organization_id = $12 "

constexpr std::size_t kWays = 3;  // no index but that of the id, the actor's, the subject's
#define AUDIT_STATEMENTS(name, scope, order)                                                                   \
  db::Statement{name " " order,                                                                                \
                AUDIT_COLUMNS AUDIT_RANGES ANY_ACTOR ANY_SUBJECT scope "ORDER BY id " order " LIMIT $11"},     \
      db::Statement{name " of actor " order, AUDIT_COLUMNS AUDIT_RANGES "AND " THE_ACTOR " " ANY_SUBJECT scope \
                                                                        "ORDER BY id " order " LIMIT $11"},    \
      db::Statement {                                                                                          \
    name " of subject " order,                                                                                 \
        AUDIT_COLUMNS AUDIT_RANGES ANY_ACTOR "AND " THE_SUBJECT " " scope "ORDER BY id " order " LIMIT $11"    \
  }

constexpr std::array kOfOne{AUDIT_STATEMENTS("list_audit_entries", OF_ONE, "DESC"),
                            AUDIT_STATEMENTS("list_audit_entries", OF_ONE, "ASC")};
constexpr std::array kOfAll{AUDIT_STATEMENTS("list_all_audit_entries", "", "DESC"),
                            AUDIT_STATEMENTS("list_all_audit_entries", "", "ASC")};

std::size_t statement_for(const AuditQuery& query) {
  const std::size_t way = query.subject ? 2 : query.actor ? 1 : 0;
  return way + (query.is_ascending ? kWays : 0);
}

std::vector<AuditEntry> to_entries(const db::Rows& rows) {
  std::vector<AuditEntry> entries;
  entries.reserve(rows.size());
  for (const db::Row& row : rows) {
    entries.push_back(
        row.as<AuditEntry, OrganizationId, AuditId, base::Time, std::string, std::string, std::optional<base::Uuid>,
               std::optional<std::string>, std::optional<std::string>, std::optional<std::string>, std::string>());
  }
  return entries;
}

std::optional<base::Uuid> actor_id(const AuditQuery& query) {
  if (!query.actor) return std::nullopt;
  return query.actor->id;
}

std::int64_t is_api_key(const AuditQuery& query) { return query.actor && query.actor->is_api_key ? 1 : 0; }

}  // namespace

std::vector<AuditEntry> list_audit_entries(db::Transaction& tx, OrganizationId organization, const AuditQuery& query,
                                           std::int64_t limit) {
  return to_entries(tx.query(kOfOne[statement_for(query)],
                             {query.above, query.below, query.first_action, query.last_action, query.from, query.to,
                              query.address, actor_id(query), is_api_key(query), query.subject, limit, organization}));
}

std::vector<AuditEntry> list_all_audit_entries(db::Transaction& tx, const AuditQuery& query, std::int64_t limit) {
  return to_entries(tx.query(kOfAll[statement_for(query)],
                             {query.above, query.below, query.first_action, query.last_action, query.from, query.to,
                              query.address, actor_id(query), is_api_key(query), query.subject, limit}));
}

}  // namespace gatehouse::store
