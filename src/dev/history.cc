#include "dev/history.h"

#include "domain/permissions.h"

#include <algorithm>

namespace gatehouse::dev {

namespace {

/// Of a hundred: one more owner, six admins, three analysts.
RoleIndex draw_role(SeededRandom& random) {
  const std::uint64_t draw = random.below(100);
  return draw < 1 ? kOwner : draw < 7 ? kAdmin : draw < 10 ? kAnalyst : kMember;
}

/// Mostly none.
std::size_t draw_changes(SeededRandom& random) {
  const std::uint64_t draw = random.below(100);
  return draw < 80 ? 0 : draw < 95 ? 1 : 2;
}

class Narrator {
 public:
  Narrator(SeededRandom& random, const HistoryPlan& plan, History& history)
      : random_(random), plan_(plan), history_(history) {}

  void found() { begin(plan_.founded_at, kOwner); }
  void add(base::Time joined_at, bool stays) {
    begin(joined_at, draw_role(random_));
    const base::Time left_at = stays ? plan_.end : random_.between(joined_at, plan_.end);
    std::vector<base::Time> times(draw_changes(random_));
    for (base::Time& time : times) time = random_.between(joined_at, left_at);
    std::ranges::sort(times);
    for (const base::Time time : times) change(time);
    if (stays) return;
    life().is_removed = true;
    note(left_at, Step::removed, life().role);
  }

 private:
  Life& life() { return history_.members.back(); }

  void begin(base::Time joined_at, RoleIndex role) {
    Life fresh;
    fresh.id.uuid = random_.uuid(joined_at);
    fresh.user.uuid = random_.uuid(joined_at);
    fresh.joined_at = joined_at;
    fresh.role = role;
    history_.members.push_back(fresh);
    note(joined_at, Step::joined, role);
  }
  void change(base::Time at) {
    const RoleIndex before = life().role;
    ++life().changes;
    life().changed_at = at;
    if (life().is_suspended) {
      life().is_suspended = false;
      return note(at, Step::reinstated, before);
    }
    if (random_.chance(40)) {
      life().is_suspended = true;
      return note(at, Step::suspended, before);
    }
    life().role = RoleIndex((before + 1 + random_.below(kRoles - 1)) % kRoles);
    note(at, Step::role_changed, before);
  }
  void note(base::Time at, Step step, RoleIndex role_before) {
    history_.changes.push_back(
        {at, std::uint32_t(history_.members.size() - 1), step, role_before, life().role, life().is_suspended});
  }

  SeededRandom& random_;
  const HistoryPlan& plan_;
  History& history_;
};

std::array<store::Role, kRoles> make_roles(SeededRandom& random, store::OrganizationId organization,
                                           base::Time created_at) {
  std::array<base::Uuid, kRoles> ids;
  for (base::Uuid& id : ids) id = random.uuid(created_at);
  std::ranges::sort(ids);
  std::array<store::Role, kRoles> roles;
  const std::array<std::string_view, kRoles> keys{domain::kAdminRole, "analyst", domain::kMemberRole,
                                                  domain::kOwnerRole};
  for (std::size_t i = 0; i < kRoles; ++i) {
    roles[i] = {organization, store::RoleId{ids[i]}, std::string(keys[i]), std::string(keys[i]), created_at};
  }
  roles[kAnalyst].permissions = domain::kStatsRead;
  return roles;
}

}  // namespace

History make_history(SeededRandom& random, const HistoryPlan& plan) {
  History history;
  const store::OrganizationId id{random.uuid(plan.founded_at)};
  const store::DirectoryId own{random.uuid(plan.founded_at)};
  history.organization = {id, plan.directory.value_or(own), plan.name, plan.slug, "active", plan.founded_at};
  history.roles = make_roles(random, id, plan.founded_at);
  struct Joining {
    base::Time at;
    bool stays;
  };
  std::vector<Joining> joinings;
  for (std::size_t i = 1; i < plan.members; ++i) joinings.push_back({random.between(plan.founded_at, plan.end), true});
  for (std::size_t i = 0; i < plan.members / 10; ++i) {
    joinings.push_back({random.between(plan.founded_at, plan.end), false});
  }
  std::ranges::stable_sort(joinings, {}, &Joining::at);
  Narrator narrator(random, plan, history);
  narrator.found();
  for (const Joining& joining : joinings) narrator.add(joining.at, joining.stays);
  std::ranges::stable_sort(history.changes, {}, &Change::at);
  return history;
}

}  // namespace gatehouse::dev
