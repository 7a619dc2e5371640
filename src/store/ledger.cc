#include "store/ledger.h"

#include "store/ledger_rows.h"

#include <map>
#include <tuple>

namespace gatehouse::store {

namespace {

constexpr db::Statement kInsertEvent{
    "insert_event",
    "INSERT INTO stats_deltas (organization_id, subject_id, step, kind, detail, role_id, role_key, at, change) "
    "VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8)"};

constexpr db::Statement kHasDeltas{
    "has_deltas", "SELECT 1 FROM stats_deltas WHERE (organization_id, subject_id) >= ($1, $2) LIMIT 1"};

constexpr db::Statement kTakeDeltas{
    "take_deltas",
    "DELETE FROM stats_deltas WHERE (organization_id, subject_id, step) IN ("
    "SELECT organization_id, subject_id, step FROM stats_deltas WHERE (organization_id, subject_id) >= ($1, $2) "
    "ORDER BY organization_id, subject_id, step LIMIT $3) "
    "RETURNING organization_id, subject_id, kind, detail, role_id, role_key, joined_at, at, change"};

constexpr db::Statement kAddToCount{
    "add_to_count",
    "INSERT INTO stats_counts (organization_id, series, level, bucket, role_id, kind, detail, n) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
    "ON CONFLICT (organization_id, series, level, bucket, role_id, kind, detail) "
    "DO UPDATE SET n = stats_counts.n + excluded.n"};

struct Delta {
  OrganizationId organization;
  base::Uuid subject;
  std::string kind;
  std::string detail;
  RoleId role;
  std::string role_key;
  std::optional<base::Time> joined_at;
  base::Time at;
  std::int64_t change;
};

/// What a batch adds, each count once.
class Sums {
 public:
  void add(const Delta& delta) {
    add_for(delta.organization, delta.role, delta.detail, delta);
    if (delta.organization == kPlatformOrganization) return;
    add_for(kPlatformOrganization, {}, delta.joined_at ? delta.detail + ' ' + delta.role_key : delta.detail, delta);
  }
  void write(db::Transaction& tx) const {
    for (const auto& [key, n] : sums_) {
      if (n == 0) continue;
      const auto& [organization, series, level, bucket, role, kind, detail] = key;
      add_to_count(tx, {organization, Series(series), Level(level), bucket, {role, kind, detail}, n});
    }
  }

 private:
  void add_for(OrganizationId organization, RoleId role, const std::string& detail, const Delta& delta) {
    if (!delta.joined_at) return add_to(Series::events, delta.at, organization, role, delta.kind, detail, delta.change);
    add_to(Series::cohort, *delta.joined_at, organization, role, "member", detail, delta.change);
    add_to(Series::timeline, delta.at, organization, role, delta.kind, detail, delta.change);
    if (delta.kind == "changed") return;
    add_to(Series::growth, delta.at, organization, {}, delta.kind, {}, delta.change);
  }
  void add_to(Series series, base::Time time, OrganizationId organization, RoleId role, const std::string& kind,
              const std::string& detail, std::int64_t change) {
    for (auto level = std::int64_t(finest_level(series)); level < std::int64_t(kLevelSeconds.size()); ++level) {
      sums_[{organization, std::int64_t(series), level, bucket_of(time, Level(level)), role, kind, detail}] += change;
    }
  }

  std::map<std::tuple<OrganizationId, std::int64_t, std::int64_t, std::int64_t, RoleId, std::string, std::string>,
           std::int64_t>
      sums_;
};

}  // namespace

std::int64_t bucket_of(base::Time time, Level level) {
  const std::int64_t width = kLevelSeconds.at(std::size_t(level));
  const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  return seconds >= 0 ? seconds / width : -((width - 1 - seconds) / width);
}

void insert_event(db::Transaction& tx, const Event& event) {
  tx.execute(kInsertEvent, {event.organization, event.subject, event.step, event.kind, event.detail, RoleId{}, event.at,
                            event.change});
}

void add_to_count(db::Transaction& tx, const CountRow& change) {
  tx.execute(kAddToCount, {change.organization, std::int64_t(change.series), std::int64_t(change.level), change.bucket,
                           change.key.role, change.key.kind, change.key.detail, change.n});
}

bool has_deltas(db::Transaction& tx, const FoldPosition& from) {
  return tx.query_one(kHasDeltas, {from.organization, from.subject}).has_value();
}

std::optional<FoldPosition> fold_deltas(db::Transaction& tx, const FoldPosition& from, std::int64_t limit) {
  stop_folding(tx);
  FoldPosition last = from;
  Sums sums;
  const db::Rows rows = tx.query(kTakeDeltas, {from.organization, from.subject, limit});
  for (const db::Row& row : rows) {
    const auto delta = row.as<Delta, OrganizationId, base::Uuid, std::string, std::string, RoleId, std::string,
                              std::optional<base::Time>, base::Time, std::int64_t>();
    // RETURNING keeps no order.
    const FoldPosition here{delta.organization, delta.subject};
    if (std::tie(last.organization, last.subject) < std::tie(here.organization, here.subject)) last = here;
    sums.add(delta);
  }
  if (rows.empty()) return std::nullopt;
  sums.write(tx);
  return last;
}

}  // namespace gatehouse::store
