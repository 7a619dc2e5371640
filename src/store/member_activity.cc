#include "store/member_activity.h"

#include <algorithm>

namespace gatehouse::store {

namespace {

using Days = std::chrono::sys_days;

constexpr db::Statement kNote{
    "note_activity",
    "INSERT INTO member_activity (organization_id, directory_id, user_id, last_day) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (organization_id, user_id) DO UPDATE SET previous_day = member_activity.last_day, "
    "last_day = excluded.last_day WHERE member_activity.last_day < excluded.last_day RETURNING previous_day"};

// Whose row is locked for the first of a day only.
constexpr db::Statement kNoteOrganization{
    "note_activity_of_organization",
    "UPDATE organizations SET previous_active_day = active_day, active_day = $2 "
    "WHERE id = $1 AND (active_day IS NULL OR active_day < $2) RETURNING previous_active_day"};

#define ACTIVE(step, days, at, change) "($1, $2, " step ", $10, " days ", $3, '', " at ", " change ")"
constexpr db::Statement kInsertDeltas{
    "insert_activity_deltas",
    "INSERT INTO stats_deltas (organization_id, subject_id, step, kind, detail, role_id, role_key, at, change) "
    "VALUES " ACTIVE("1", "'1'", "$4", "1") ", " ACTIVE("2", "'1'", "$5", "-1") ", " ACTIVE(
        "3", "'7'", "$6", "1") ", " ACTIVE("4", "'7'", "$7", "-1") ", " ACTIVE("5", "'30'", "$8",
                                                                               "1") ", " ACTIVE("6", "'30'", "$9",
                                                                                                "-1")};

/// Who was active on a day counts on that one and the days after it, as many as the window is long. So far they count
/// until the window of the previous day ends; from there on they count until that of today does.
void insert_deltas(db::Transaction& tx, OrganizationId counted_in, const std::string& kind, const base::Uuid& operation,
                   std::optional<std::int64_t> previous, Days today) {
  const auto begin = [&](int window) -> base::Time {
    if (!previous) return today;
    return std::max(today, Days(std::chrono::days(*previous)) + std::chrono::days(window));
  };
  const auto end = [&](int window) -> base::Time { return today + std::chrono::days(window); };
  tx.execute(kInsertDeltas,
             {counted_in, operation, RoleId{}, begin(1), end(1), begin(7), end(7), begin(30), end(30), kind});
}

}  // namespace

void note_activity(db::Transaction& tx, OrganizationId organization, const Account& account,
                   const base::Uuid& operation, base::Time now) {
  const auto today = std::chrono::floor<std::chrono::days>(now);
  const auto noted = tx.query_one(
      kNote, {organization, account.directory, account.user, std::int64_t{today.time_since_epoch().count()}});
  if (!noted) return;
  insert_deltas(tx, organization, "active", operation, noted->get<std::optional<std::int64_t>>(0), today);
  const auto first = tx.query_one(kNoteOrganization, {organization, std::int64_t{today.time_since_epoch().count()}});
  if (!first) return;
  insert_deltas(tx, kPlatformOrganization, "active_organization", operation, first->get<std::optional<std::int64_t>>(0),
                today);
}

}  // namespace gatehouse::store
