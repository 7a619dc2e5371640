#pragma once

#include "db/bulk_load.h"
#include "store/audit.h"
#include "store/ledger_rows.h"
#include "store/members.h"
#include "store/organizations.h"
#include "store/roles.h"
#include "store/users.h"

/// Rows for db::BulkLoad, of the types that are inserted one at a time elsewhere. Each is what it says and no more: the
/// ledger does not hear of a member.
namespace gatehouse::store {

/// Of one organization that keeps its people apart.
struct IsolatedDirectory {
  DirectoryId id;
  base::Time created_at;
};

/// A membership that has a past.
struct SettledMember {
  NewMember member;
  /// As the account has them.
  base::EmailAddress email;
  std::string name;
  /// How often role or status changed, and when last.
  std::int64_t changes;
  std::optional<base::Time> changed_at;
};

void bulk_insert(db::BulkLoad& load, const IsolatedDirectory& directory);
void bulk_insert(db::BulkLoad& load, const Organization& organization);
void bulk_insert(db::BulkLoad& load, const Role& role);
void bulk_insert(db::BulkLoad& load, const User& user);
void bulk_insert(db::BulkLoad& load, const SettledMember& member);
void bulk_insert(db::BulkLoad& load, const AuditEntry& entry);
void bulk_insert(db::BulkLoad& load, const CountRow& count);

/// Whether there is any organization, or a ledger that has counted one.
bool has_organizations(db::Transaction& tx);

}  // namespace gatehouse::store
