#pragma once

#include "base/clock.h"
#include "base/hash_of_uuid.h"
#include "base/recent_map.h"
#include "db/database.h"
#include "domain/credential_digest.h"
#include "store/ids.h"

#include <atomic>
#include <memory>
#include <shared_mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace gatehouse::domain {

/// Answers to "who am I?", kept in the memory of this node while nothing that they say has changed, so that a session
/// is checked without the database. Whoever changes anything of it announces that in the same transaction
/// (store/announcements.h): what this node did itself holds at once, what others did within kTrust. Thread safe.
class KnownSessions {
 public:
  /// How long after it last heard what others had announced a node goes on believing what it knows.
  static constexpr std::chrono::milliseconds kTrust{1'000};
  /// How far it listens back: an announcement is committed within db::kWriteLimit of being made, or as long later as
  /// the database takes over a COMMIT, and was made by another node's clock.
  static constexpr std::chrono::seconds kOverlap{60};

  /// How far this node's knowledge had come.
  using Moment = std::uint64_t;
  struct Answer {
    std::string content;  // JSON
    std::string etag;     // of the content
    store::SessionId session;
    /// Whose change makes it untrue: the session, its user, the membership and organization that it is active in.
    std::vector<base::Uuid> subjects;
    base::Time until;
  };

  explicit KnownSessions(std::size_t most_answers) : answers_(most_answers) {}

  /// To be asked before the database is, for what keep() is then given.
  Moment moment() const;
  /// `proof`: of the credential that an answer belongs to.
  void keep(const CredentialDigest& proof, Moment asked_at, Answer answer);
  /// Null when there is none that is known to be true.
  std::shared_ptr<const Answer> find(const CredentialDigest& proof, base::Time now);

  /// What is known of these may not be true any more; nil: of anything.
  void forget(std::span<const base::Uuid> subjects);
  /// Asks the database what was announced since it was asked last. Called by one thread at a time. Throws
  /// DatabaseError.
  void hear(db::Database& database);

 private:
  using Steady = std::chrono::steady_clock;
  struct Kept {
    Moment asked_at;
    Answer answer;
    /// By a clock that nobody sets.
    Steady::time_point kept_at;
  };
  struct Change {
    Moment at;
    Steady::time_point time;
  };

  bool has_changed(const Kept& kept) const;
  void drop_old_changes(Steady::time_point now);

  base::RecentMap<CredentialDigest, std::shared_ptr<const Kept>, HashOfCredential> answers_;
  mutable std::shared_mutex mutex_;  // of the three below
  Moment moment_ = 0;
  std::unordered_map<base::Uuid, Change, base::HashOfUuid> changes_;
  Steady::time_point next_drop_{};
  std::atomic<Steady::time_point> trusted_until_{};
  std::unordered_set<base::Uuid, base::HashOfUuid> heard_;  // of the one thread that hears
};

}  // namespace gatehouse::domain
