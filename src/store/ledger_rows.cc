#include "store/ledger_rows.h"

#include "store/migrations.h"

namespace gatehouse::store {

namespace {

constexpr db::Statement kCounts{
    "list_count_rows",
    "SELECT organization_id, bucket, role_id, kind, detail, n FROM stats_counts WHERE organization_id = $1 AND "
    "series = $2 AND level = $3 AND bucket >= $4 AND bucket < $5 AND (bucket, role_id, kind, detail) > "
    "($6, $7, $8, $9) ORDER BY bucket, role_id, kind, detail LIMIT $10"};

constexpr db::Statement kDeltas{
    "list_delta_rows",
    "SELECT subject_id, step, role_id, kind, detail, joined_at, at, change FROM stats_deltas "
    "WHERE organization_id = $1 AND (subject_id, step) > ($2, $3) ORDER BY subject_id, step LIMIT $4"};

constexpr db::Statement kMembers{
    "list_counted_members",
    "SELECT id, role_id, status, joined_at FROM members WHERE organization_id = $1 AND joined_at >= $2 AND "
    "joined_at < $3 AND (joined_at, id) > ($4, $5) ORDER BY joined_at, id LIMIT $6"};

// Each the first row of an index. MIN of a UUID is unknown to PostgreSQL 15.
constexpr db::Statement kNextOrganization{"next_organization",
                                          "SELECT id FROM organizations WHERE id > $1 ORDER BY id LIMIT 1"};
constexpr db::Statement kNextCounted{
    "next_counted_organization",
    "SELECT organization_id FROM stats_counts WHERE organization_id > $1 ORDER BY organization_id LIMIT 1"};
constexpr db::Statement kNextWithDeltas{
    "next_organization_with_deltas",
    "SELECT organization_id FROM stats_deltas WHERE organization_id > $1 ORDER BY organization_id LIMIT 1"};

constexpr db::Statement kBeganAt{"ledger_began_at", "SELECT applied_at FROM schema_migrations WHERE name = $1"};
constexpr db::Statement kDateBack{"date_ledger_back", "UPDATE schema_migrations SET applied_at = $2 WHERE name = $1"};
constexpr std::string_view kMigration = "statistics";

}  // namespace

std::vector<CountRow> list_count_rows(db::Transaction& tx, OrganizationId organization, const CountRange& range,
                                      const std::optional<CountRow>& after, std::int64_t limit) {
  // Before all rows of the range: no kind is empty.
  const CountRow last = after.value_or(CountRow{organization, range.series, range.level, range.first, {}, 0});
  std::vector<CountRow> rows;
  for (const db::Row& row :
       tx.query(kCounts, {organization, std::int64_t(range.series), std::int64_t(range.level), range.first, range.end,
                          last.bucket, last.key.role, last.key.kind, last.key.detail, limit})) {
    rows.push_back({organization,
                    range.series,
                    range.level,
                    row.get<std::int64_t>(1),
                    {row.get<RoleId>(2), row.get<std::string>(3), row.get<std::string>(4)},
                    row.get<std::int64_t>(5)});
  }
  return rows;
}

std::vector<DeltaRow> list_delta_rows(db::Transaction& tx, OrganizationId organization,
                                      const std::optional<DeltaRow>& after, std::int64_t limit) {
  const base::Uuid subject = after ? after->subject : base::Uuid{};
  const std::int64_t step = after ? after->step : -1;
  std::vector<DeltaRow> rows;
  for (const db::Row& row : tx.query(kDeltas, {organization, subject, step, limit})) {
    rows.push_back({row.get<base::Uuid>(0),
                    row.get<std::int64_t>(1),
                    {row.get<RoleId>(2), row.get<std::string>(3), row.get<std::string>(4)},
                    row.get<std::optional<base::Time>>(5),
                    row.get<base::Time>(6),
                    row.get<std::int64_t>(7)});
  }
  return rows;
}

std::vector<CountedMember> list_counted_members(db::Transaction& tx, OrganizationId organization,
                                                const SecondRange& joined, const std::optional<CountedMember>& after,
                                                std::int64_t limit) {
  const base::Time time = after ? after->joined_at : joined.from;
  const MemberId id = after ? after->id : MemberId{};
  std::vector<CountedMember> members;
  for (const db::Row& row : tx.query(kMembers, {organization, joined.from, joined.until, time, id, limit})) {
    members.push_back(row.as<CountedMember, MemberId, RoleId, std::string, base::Time>());
  }
  return members;
}

std::optional<OrganizationId> next_counted_organization(db::Transaction& tx, OrganizationId after) {
  std::optional<OrganizationId> next;
  for (const db::Statement& statement : {kNextOrganization, kNextCounted, kNextWithDeltas}) {
    const auto row = tx.query_one(statement, {after});
    if (!row) continue;
    const auto found = row->get<OrganizationId>(0);
    if (!next || found < *next) next = found;
  }
  return next;
}

base::Time ledger_began_at(db::Transaction& tx) {
  const auto row = tx.query_one(kBeganAt, {kMigration});
  if (!row) throw db::DatabaseError("this database has no ledger of statistics yet");
  return row->get<base::Time>(0);
}

void date_ledger_back(db::Transaction& tx, base::Time began_at) { tx.execute(kDateBack, {kMigration, began_at}); }

void stop_folding(db::Transaction& tx) { lock_directory(tx, kPlatformDirectory); }

}  // namespace gatehouse::store
