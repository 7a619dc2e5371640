#pragma once

#include "store/audit.h"

#include <vector>

namespace gatehouse::store {

/// Who did it: only of an API key, or only of a user or an operator.
struct AuditActor {
  base::Uuid id;
  bool is_api_key = false;
};

/// Which entries, in which order. All conditions hold at once; an empty one holds for all.
struct AuditQuery {
  /// Both behind and before these, exclusive.
  AuditId above = {};
  AuditId below = kLastAuditId;
  /// Both inclusive, compared by bytes.
  std::string first_action = {};
  std::string last_action = "~";
  /// Both inclusive.
  base::Time from = {};
  base::Time to = kEndOfTime;
  std::optional<AuditActor> actor = {};
  std::optional<std::string> subject = {};
  std::optional<std::string> address = {};
  bool is_ascending = false;

  static constexpr AuditId kLastAuditId{
      base::Uuid{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}};
  static constexpr base::Time kEndOfTime{std::chrono::seconds(253402300800)};  // 10000-01-01
};

/// Entries of one organization, in the order of their ids, which is that of the times at which their changes began.
std::vector<AuditEntry> list_audit_entries(db::Transaction& tx, OrganizationId organization, const AuditQuery& query,
                                           std::int64_t limit);
/// The same over all organizations, and what belongs to none.
std::vector<AuditEntry> list_all_audit_entries(db::Transaction& tx, const AuditQuery& query, std::int64_t limit);

}  // namespace gatehouse::store
