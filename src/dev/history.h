#pragma once

#include "dev/seeded_random.h"
#include "store/organizations.h"
#include "store/roles.h"

#include <array>
#include <vector>

/// The past of a made-up organization.
namespace gatehouse::dev {

/// In alphabetical order, which is also that of the ids that an organization gives its roles.
enum RoleIndex : std::uint8_t { kAdmin, kAnalyst, kMember, kOwner };
inline constexpr std::size_t kRoles = 4;

enum class Step : std::uint8_t { joined, role_changed, suspended, reinstated, removed };

/// What happened to one member, and what they were after it.
struct Change {
  base::Time at;
  std::uint32_t member;  // index in History::members
  Step step;
  RoleIndex role_before;
  RoleIndex role;
  bool is_suspended;  // when removed: what they were
};

/// What there is of one member now.
struct Life {
  store::MemberId id;
  store::UserId user;
  base::Time joined_at;
  std::optional<base::Time> changed_at;
  std::int64_t changes = 0;
  RoleIndex role = kMember;
  bool is_suspended = false;
  bool is_removed = false;
};

struct History {
  store::Organization organization;
  std::array<store::Role, kRoles> roles;
  /// In the order in which they joined. The first founded it, and has been its owner since.
  std::vector<Life> members;
  /// In the order of time.
  std::vector<Change> changes;
};

struct HistoryPlan {
  std::string name;
  std::string slug;
  base::Time founded_at;
  base::Time end;
  /// Who are in at the end. A tenth as many come and go.
  std::size_t members;
  /// In which its people have their accounts; a new one of its own when there is none.
  std::optional<store::DirectoryId> directory = {};
};

History make_history(SeededRandom& random, const HistoryPlan& plan);

}  // namespace gatehouse::dev
