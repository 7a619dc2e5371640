#include "domain/membership_history.h"

#include "base/hash_of_uuid.h"
#include "domain/audit.h"
#include "domain/permissions.h"
#include "store/audit_log.h"

#include <algorithm>
#include <boost/json.hpp>
#include <unordered_map>

namespace gatehouse::domain {

namespace json = boost::json;

namespace {

constexpr std::int64_t kPage = 2'000;
constexpr std::string_view kActive = "active", kSuspended = "suspended";

struct HashOfId {
  template <class Id>
  std::size_t operator()(const Id& id) const {
    return base::HashOfUuid()(id.uuid);
  }
};

/// A membership as it is at some point of the log.
struct Life {
  store::RoleId role;
  store::UserId user;
  base::Time joined_at;
  base::Time changed_at;
  bool is_suspended = false;
  bool is_in = true;
};

/// An entry with its details read.
class Told {
 public:
  explicit Told(const store::AuditEntry& entry) : entry_(entry), details_(json::parse(entry.payload).as_object()) {}

  base::Time at() const { return entry_.at; }
  std::string_view action() const { return entry_.action; }
  bool has(std::string_view name) const { return details_.contains(name); }
  std::string text(std::string_view name) const {
    const json::value* value = details_.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
  }
  /// The nil id when it is not there.
  template <class Id>
  Id id(std::string_view name) const {
    return Id::parse(text(name)).value_or(Id{});
  }
  template <class Id>
  Id subject() const {
    return Id::parse(entry_.subject.value_or("")).value_or(Id{});
  }
  store::UserId actor() const { return {entry_.actor.value_or(base::Uuid{})}; }

 private:
  const store::AuditEntry& entry_;
  const json::object details_;
};

class Teller {
 public:
  Teller(db::Transaction& tx, store::OrganizationId organization, const CountSink& sink)
      : tx_(tx), organization_(organization), sink_(sink), began_at_(store::ledger_began_at(tx)) {
    for (const auto& [id, name] : store::list_role_names(tx, organization)) roles_[name.key] = id;
  }

  std::int64_t tell() {
    std::vector<store::AuditEntry> waiting;
    store::AuditId last;
    for (bool more = true; more;) {
      auto page = store::list_audit_entries(tx_, organization_, {.above = last, .is_ascending = true}, kPage);
      more = std::int64_t(page.size()) == kPage;
      if (!page.empty()) last = page.back().id;
      std::ranges::move(page, std::back_inserter(waiting));
      take(waiting, more);
    }
    begin_ledger();
    compare_with_memberships();
    return untold_;
  }

 private:
  /// Within one millisecond the ids are in no order. The last millisecond waits for the next page.
  void take(std::vector<store::AuditEntry>& entries, bool more) {
    std::ranges::stable_sort(entries, {}, &store::AuditEntry::at);
    std::size_t taken = entries.size();
    const auto ms = [](const store::AuditEntry& entry) {
      return std::chrono::floor<std::chrono::milliseconds>(entry.at);
    };
    while (more && taken > 0 && ms(entries[taken - 1]) == ms(entries.back())) --taken;
    if (more && taken == 0) taken = entries.size();
    for (std::size_t i = 0; i < taken; ++i) hear(Told(entries[i]));
    entries.erase(entries.begin(), entries.begin() + std::ptrdiff_t(taken));
  }

  void hear(const Told& told) {
    if (told.at() >= began_at_) begin_ledger();
    const std::string_view what = told.action();
    if (what == action::kInvited || what == action::kInvitationResent) {
      invitations_[told.subject<store::InvitationId>()] = told.id<store::RoleId>("role_id");
    } else if (what == action::kRoleDeleted) {
      move_to_role(told);
    } else if (what == action::kAccountDisowned) {
      disown(told.subject<store::UserId>(), told.at());
    } else {
      hear_of_joining(told);
      hear_of_change(told);
    }
  }

  void hear_of_joining(const Told& told) {
    const std::string_view what = told.action();
    const auto member = told.id<store::MemberId>("member_id");
    if (what == action::kSignedUp) {
      join(member, {roles_["owner"], told.subject<store::UserId>(), told.at(), told.at()});
    } else if (what == action::kOrganizationCreated && told.has("member_id")) {
      join(member, {roles_["owner"], told.actor(), told.at(), told.at()});
    } else if (what == action::kInvitationAccepted) {
      const store::RoleId role = invitations_[told.subject<store::InvitationId>()];
      join(member, {role, told.actor(), told.at(), told.at()});
    } else if (what == action::kMemberAdded) {
      join(told.subject<store::MemberId>(),
           {told.id<store::RoleId>("role_id"), told.id<store::UserId>("user_id"), told.at(), told.at()});
    } else if (what == action::kMemberImported) {
      import(told);
    }
  }

  void hear_of_change(const Told& told) {
    const std::string_view what = told.action();
    const auto subject = told.subject<store::MemberId>();
    if (what == action::kRoleChanged) {
      Life* const life = find(subject);
      if (life != nullptr && life->role != told.id<store::RoleId>("from_role_id")) ++untold_;
      change(life, told.at(), told.id<store::RoleId>("to_role_id"), {});
    } else if (what == action::kOwnershipTransferred) {
      change(find(subject), told.at(), roles_["owner"], {});
      change(find(told.id<store::MemberId>("from_member_id")), told.at(), roles_["admin"], {});
    } else if (what == action::kOwnerAppointed && told.has("member_id")) {
      change(find(told.id<store::MemberId>("member_id")), told.at(), roles_["owner"], {});
    } else if (what == action::kMemberSuspended || what == action::kMemberReinstated) {
      const bool is_suspended = what == action::kMemberSuspended;
      Life* const life = find(subject);
      if (life != nullptr && life->is_suspended == is_suspended) ++untold_;
      if (life != nullptr) change(life, told.at(), life->role, is_suspended);
    } else if (what == action::kMemberRemoved || what == action::kMemberLeft) {
      leave(find(subject), told.at());
    }
  }

  /// Older versions tell the role only; the rest is as it is now, when the member is still there.
  void import(const Told& told) {
    const auto member = told.subject<store::MemberId>();
    Life life{roles_[told.text("role")], {}, told.at(), told.at()};
    if (const auto joined_at = base::parse_rfc3339(told.text("joined_at"))) {
      life.joined_at = joined_at->time;
      life.is_suspended = told.text("status") == kSuspended;
    } else if (const auto row = store::find_member(tx_, organization_, member)) {
      life.joined_at = row->joined_at;
      life.is_suspended = !row->is_active();
    } else {
      ++untold_;
    }
    life.changed_at = life.joined_at;
    join(member, life);
  }

  void join(store::MemberId member, const Life& life) {
    if (!lives_.emplace(member, life).second) ++untold_;
    say(life.joined_at, "joined", life, 1);
  }

  /// Nothing when nobody told of it, which is counted.
  Life* find(store::MemberId member) {
    const auto found = lives_.find(member);
    if (found != lives_.end() && found->second.is_in) return &found->second;
    ++untold_;
    return nullptr;
  }

  /// As store/members.cc counts it: of one membership nothing happens before what happened before.
  void change(Life* life, base::Time at, store::RoleId role, std::optional<bool> is_suspended) {
    if (life == nullptr) return;
    const Life before = *life;
    life->role = role;
    life->is_suspended = is_suspended.value_or(life->is_suspended);
    if (before.role == life->role && before.is_suspended == life->is_suspended) return;
    life->changed_at = std::max(at, life->changed_at);
    say(life->changed_at, "changed", before, -1);
    say(life->changed_at, "changed", *life, 1);
  }

  void leave(Life* life, base::Time at) {
    if (life == nullptr) return;
    life->is_in = false;
    say(std::max(at, life->changed_at), "left", *life, -1);
  }

  void move_to_role(const Told& told) {
    const auto role = told.subject<store::RoleId>(), replacement = told.id<store::RoleId>("replacement_role_id");
    for (auto& [id, life] : lives_) {
      if (life.is_in && life.role == role) change(&life, told.at(), replacement, {});
    }
    for (auto& [id, offered] : invitations_) {
      if (offered == role) offered = replacement;
    }
  }

  void disown(store::UserId user, base::Time at) {
    for (auto& [id, life] : lives_) {
      if (life.is_in && life.user == user) leave(&life, at);
    }
  }

  /// The migration that made the ledger put into it who was there, as they were then.
  void begin_ledger() {
    if (std::exchange(has_begun_, true)) return;
    for (const auto& [id, life] : lives_) {
      if (life.is_in) say(life.joined_at, "joined", life, 1);
    }
  }

  void say(base::Time at, const char* kind, const Life& life, std::int64_t n) {
    if (has_begun_) sink_(at, {life.role, kind, std::string(life.is_suspended ? kSuspended : kActive)}, n);
  }

  void compare_with_memberships() {
    std::optional<store::CountedMember> last;
    for (bool more = true; more;) {
      const auto members = store::list_counted_members(tx_, organization_, {}, last, kPage);
      for (const store::CountedMember& member : members) {
        const auto found = lives_.find(member.id);
        const bool is_told = found != lives_.end() && found->second.is_in && found->second.role == member.role &&
                             found->second.is_suspended == (member.status == kSuspended) &&
                             store::bucket_of(found->second.joined_at, store::Level::second) ==
                                 store::bucket_of(member.joined_at, store::Level::second);
        if (!is_told) ++untold_;
        if (found != lives_.end()) lives_.erase(found);
      }
      more = std::int64_t(members.size()) == kPage;
      if (more) last = members.back();
    }
    for (auto& [id, life] : lives_) {
      if (life.is_in) explain_absence(life);
    }
  }

  /// Who disowns an account leaves everywhere, and only one organization or none hears of it.
  void explain_absence(Life& life) {
    const std::string what(action::kAccountDisowned);
    const auto entries = store::list_all_audit_entries(
        tx_, {.first_action = what, .last_action = what, .subject = life.user.to_string()}, 1);
    if (entries.empty() || entries.front().at < began_at_) {
      ++untold_;
    } else {
      leave(&life, entries.front().at);
    }
  }

  db::Transaction& tx_;
  const store::OrganizationId organization_;
  const CountSink& sink_;
  const base::Time began_at_;
  bool has_begun_ = false;
  std::map<std::string, store::RoleId> roles_;
  std::unordered_map<store::MemberId, Life, HashOfId> lives_;
  std::unordered_map<store::InvitationId, store::RoleId, HashOfId> invitations_;
  std::int64_t untold_ = 0;
};

}  // namespace

std::int64_t tell_history(db::Transaction& tx, store::OrganizationId organization, const CountSink& sink) {
  return Teller(tx, organization, sink).tell();
}

}  // namespace gatehouse::domain
