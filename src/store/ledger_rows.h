#pragma once

#include "store/statistics.h"

#include <optional>
#include <string>
#include <vector>

/// The rows of the ledger and of what it counts, as they stand: for those who check it and put it right. Pages are in
/// the order of their keys.
namespace gatehouse::store {

/// One count.
struct CountRow {
  OrganizationId organization;
  Series series;
  Level level;
  std::int64_t bucket;
  CountKey key;
  std::int64_t n;
};

/// Which counts of an organization: the buckets of one level from `first` on, before `end`.
struct CountRange {
  Series series;
  Level level;
  std::int64_t first;
  std::int64_t end;
};
/// A page behind `after`.
std::vector<CountRow> list_count_rows(db::Transaction& tx, OrganizationId organization, const CountRange& range,
                                      const std::optional<CountRow>& after, std::int64_t limit);

/// One delta.
struct DeltaRow {
  base::Uuid subject;
  std::int64_t step;
  CountKey key;
  std::optional<base::Time> joined_at;  // of memberships only
  base::Time at;
  std::int64_t change;
};
std::vector<DeltaRow> list_delta_rows(db::Transaction& tx, OrganizationId organization,
                                      const std::optional<DeltaRow>& after, std::int64_t limit);

/// One membership as the ledger counts it.
struct CountedMember {
  MemberId id;
  RoleId role;
  std::string status;
  base::Time joined_at;
};
/// Who joined within the range, in the order of that.
std::vector<CountedMember> list_counted_members(db::Transaction& tx, OrganizationId organization,
                                                const SecondRange& joined, const std::optional<CountedMember>& after,
                                                std::int64_t limit);

/// The next organization behind `after` that exists or that the ledger has anything of; nothing behind the last one.
std::optional<OrganizationId> next_counted_organization(db::Transaction& tx, OrganizationId after);

/// Since when the ledger is kept. Of what was before it knows those who were members then, as they were then.
base::Time ledger_began_at(db::Transaction& tx);
/// For a database that was filled with a past.
void date_ledger_back(db::Transaction& tx, base::Time began_at);

/// Until the end of the transaction no delta becomes a count.
void stop_folding(db::Transaction& tx);
/// Adds `change` to a count.
void add_to_count(db::Transaction& tx, const CountRow& change);

}  // namespace gatehouse::store
