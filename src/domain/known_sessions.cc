#include "domain/known_sessions.h"

#include "domain/settings.h"
#include "store/announcements.h"

#include <algorithm>
#include <mutex>

namespace gatehouse::domain {

namespace {

/// No answer outlives the access token that it was given to.
constexpr std::chrono::seconds kLongestAnswer = kAccessTokenLife;
/// So that it outlives every answer that was asked for before it, however long the asking took.
constexpr std::chrono::seconds kChangeLife = kLongestAnswer + std::chrono::seconds(60);

}  // namespace

KnownSessions::Moment KnownSessions::moment() const {
  const std::shared_lock lock(mutex_);
  return moment_;
}

void KnownSessions::keep(const CredentialDigest& proof, Moment asked_at, Answer answer) {
  answers_.put(proof, std::make_shared<const Kept>(Kept{asked_at, std::move(answer), Steady::now()}));
}

std::shared_ptr<const KnownSessions::Answer> KnownSessions::find(const CredentialDigest& proof, base::Time now) {
  const auto steady_now = Steady::now();
  if (steady_now >= trusted_until_.load()) return nullptr;
  const auto kept = answers_.find(proof);
  if (!kept || (*kept)->answer.until <= now || (*kept)->kept_at + kLongestAnswer < steady_now) return nullptr;
  if (has_changed(**kept)) return nullptr;
  return {*kept, &(*kept)->answer};
}

bool KnownSessions::has_changed(const Kept& kept) const {
  const std::shared_lock lock(mutex_);
  const auto is_later = [&](const base::Uuid& subject) {
    const auto found = changes_.find(subject);
    return found != changes_.end() && found->second.at > kept.asked_at;
  };
  return is_later(base::Uuid{}) || std::ranges::any_of(kept.answer.subjects, is_later);
}

void KnownSessions::forget(std::span<const base::Uuid> subjects) {
  const auto now = Steady::now();
  const std::unique_lock lock(mutex_);
  ++moment_;
  for (const base::Uuid& subject : subjects) changes_[subject] = {moment_, now};
  drop_old_changes(now);
}

void KnownSessions::drop_old_changes(Steady::time_point now) {
  if (now < next_drop_) return;
  next_drop_ = now + std::chrono::seconds(10);
  std::erase_if(changes_, [&](const auto& change) { return change.second.time + kChangeLife < now; });
}

void KnownSessions::hear(db::Database& database) {
  const auto asked_at = Steady::now();
  // What others made is told apart by their clocks, so this is none that tests set.
  const base::Time since = base::SystemClock().now() - kOverlap;
  const auto announcements = database.read([&](db::Transaction& tx) { return store::list_announcements(tx, since); });
  std::unordered_set<base::Uuid, base::HashOfUuid> listed;
  std::vector<base::Uuid> fresh;
  for (const store::Announcement& announcement : announcements) {
    listed.insert(announcement.id);
    if (!heard_.contains(announcement.id)) fresh.push_back(announcement.subject);
  }
  heard_ = std::move(listed);
  if (!fresh.empty()) forget(fresh);
  trusted_until_ = asked_at + kTrust;
}

}  // namespace gatehouse::domain
