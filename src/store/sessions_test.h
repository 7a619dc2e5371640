#pragma once

#include "store/fixture_test.h"

namespace gatehouse::store {

class SessionsTest : public StoreTest {
 protected:
  std::optional<Session> find(const Account& account, SessionId id) {
    return run([&](db::Transaction& tx) { return find_session(tx, account.directory, id); });
  }
  bool is_revoked(const Account& account, SessionId id) { return find(account, id)->revoked_at.has_value(); }
  std::optional<WholeSession> refreshable(const Account& account, SessionId id, base::Time now) {
    return run([&](db::Transaction& tx) { return find_whole_session(tx, account.directory, id, now); });
  }
  /// Rotates as domain/ does: the same answer for 10 seconds, an hour of idling. Returns the generation.
  std::optional<std::int64_t> rotate(const Account& account, SessionId id, std::int64_t held, base::Time now) {
    return run([&](db::Transaction& tx) -> std::optional<std::int64_t> {
      const auto found = find_whole_session(tx, account.directory, id, now);
      if (!found) return std::nullopt;
      return rotate_session(tx, account.directory, id, *found, held, now, now - 10s, now + 1h);
    });
  }
  std::optional<LiveSession> live(const Account& account, SessionId id, base::Time now) {
    return run([&](db::Transaction& tx) { return find_live_session(tx, account.directory, id, now); });
  }
};

}  // namespace gatehouse::store
