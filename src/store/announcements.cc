#include "store/announcements.h"

namespace gatehouse::store {

namespace {

constexpr db::Statement kInsert{"insert_announcement", "INSERT INTO announcements (id, subject_id) VALUES ($1, $2)"};
constexpr db::Statement kList{"list_announcements", "SELECT id, subject_id FROM announcements WHERE id >= $1"};
constexpr db::Statement kDelete{
    "delete_announcements",
    "DELETE FROM announcements WHERE id IN (SELECT id FROM announcements WHERE id < $1 ORDER BY id LIMIT $2) "
    "RETURNING id"};

/// Not behind any id that was made at that time.
base::Uuid first_id_of(base::Time time) {
  base::Uuid id = base::make_uuid_v7(time);
  std::fill(id.bytes.begin() + 6, id.bytes.end(), std::uint8_t(0));
  return id;
}

}  // namespace

void announce(db::Transaction& tx, const base::Uuid& subject) {
  // When it was made, and not when the operation that it belongs to began: it may have waited for long.
  tx.execute(kInsert, {base::make_uuid_v7(base::SystemClock().now()), subject});
  tx.remember(subject);
}

std::vector<Announcement> list_announcements(db::Transaction& tx, base::Time since) {
  std::vector<Announcement> announcements;
  for (const db::Row& row : tx.query(kList, {first_id_of(since)})) {
    announcements.push_back({row.get<base::Uuid>(0), row.get<base::Uuid>(1)});
  }
  return announcements;
}

bool delete_announcements(db::Transaction& tx, base::Time before, std::int64_t limit) {
  return std::int64_t(tx.query(kDelete, {first_id_of(before), limit}).size()) == limit;
}

}  // namespace gatehouse::store
