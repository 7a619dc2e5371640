#pragma once

#include "db/database.h"
#include "store/ids.h"

#include <vector>

/// What nodes keep in memory about a session, its user, membership and organization is true until somebody announces
/// that it may not be any more. Whatever in store/ changes such a row announces it in the same transaction: the node
/// that did it hears of it before it answers (db::Database::listen()), the others when they ask for what is new.
namespace gatehouse::store {

/// Of a session, a user, a member or an organization; nil for all of them.
void announce(db::Transaction& tx, const base::Uuid& subject);

struct Announcement {
  /// Tells announcements apart, and begins with the time at which it was made, by the clock of the node.
  base::Uuid id;
  base::Uuid subject;
};
/// Those that were made at `since` or later and are committed, in no order that can be relied on: what was made first
/// may be committed last.
std::vector<Announcement> list_announcements(db::Transaction& tx, base::Time since);
/// At most `limit` of those that were made before. True when there may be more.
bool delete_announcements(db::Transaction& tx, base::Time before, std::int64_t limit);

}  // namespace gatehouse::store
