#include "tests/model/oracle.h"

#include <algorithm>
#include <ostream>

namespace gatehouse::model {

namespace {

const std::set<std::string> kMember{"organization:read", "roles:read"};
const std::set<std::string> kAdmin{"organization:read", "roles:read",     "organization:update", "policies:update",
                                   "roles:manage",      "members:read",   "members:create",      "members:invite",
                                   "members:update",    "members:remove", "invitations:read",    "stats:read",
                                   "audit:read",        "api_keys:manage"};
const std::set<std::string> kOwnerOnly{"owners:manage", "organization:delete"};

constexpr std::int64_t kInvitationHours = 7 * 24;
constexpr std::int64_t kGraceHours = 30 * 24;

const Outcome kNotFound{404, "not_found"};
const Outcome kForbidden{403, "forbidden"};
const Outcome kOutranked{403, "outranked"};
const Outcome kLastOwner{409, "last_owner"};
const Outcome kWrongState{409, "wrong_state"};

}  // namespace

const char* to_string(Kind kind) {
  static constexpr const char* kNames[kKinds] = {"create_organization",
                                                 "delete_organization",
                                                 "restore_organization",
                                                 "transfer_ownership",
                                                 "invite",
                                                 "accept",
                                                 "decline",
                                                 "resend",
                                                 "revoke",
                                                 "change_role",
                                                 "suspend",
                                                 "reinstate",
                                                 "remove",
                                                 "leave",
                                                 "create_role",
                                                 "change_permissions",
                                                 "delete_role",
                                                 "check_permission",
                                                 "count_members",
                                                 "pass_time"};
  return kNames[int(kind)];
}

std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
  return out << outcome.status << " " << outcome.code << " " << outcome.value;
}

std::set<std::string> Oracle::permissions_of(int role) const {
  const Role& one = roles_.at(std::size_t(role));
  if (one.fixed == "member") return kMember;
  std::set<std::string> all = kAdmin;
  if (one.fixed == "owner") all.insert(kOwnerOnly.begin(), kOwnerOnly.end());
  return one.fixed.empty() ? one.permissions : all;
}

std::optional<Oracle::Member> Oracle::member(int organization, int person) const {
  const auto& members = organizations_.at(std::size_t(organization)).members;
  const auto found = members.find(person);
  if (found == members.end()) return std::nullopt;
  return found->second;
}

std::set<std::string> Oracle::rights(int organization, int person) const {
  return permissions_of(member(organization, person)->role);
}

std::optional<Outcome> Oracle::refuses(const Operation& operation, const std::string& permission) const {
  if (!organizations_[std::size_t(operation.organization)].is_active) return kNotFound;
  const auto actor = member(operation.organization, operation.actor);
  if (!actor || !actor->is_active) return kNotFound;
  if (!rights(operation.organization, operation.actor).contains(permission)) return kForbidden;
  return std::nullopt;
}

bool Oracle::is_outranked(const Operation& operation, const std::set<std::string>& theirs) const {
  const auto mine = rights(operation.organization, operation.actor);
  return !std::ranges::includes(mine, theirs);
}

bool Oracle::is_last_owner(int organization, int person) const {
  const auto one = member(organization, person);
  if (roles_[std::size_t(one->role)].fixed != "owner") return false;
  return std::ranges::none_of(organizations_[std::size_t(organization)].members, [&](const auto& other) {
    return other.first != person && other.second.is_active && roles_[std::size_t(other.second.role)].fixed == "owner";
  });
}

bool Oracle::is_role_of(int role, int organization) const {
  const Role& one = roles_.at(std::size_t(role));
  return one.exists && one.organization == organization;
}

void Oracle::drop_unsendable(int organization, int inviter) {
  std::set<std::string> left;
  const auto one = member(organization, inviter);
  if (one && one->is_active) left = permissions_of(one->role);
  for (Invitation& invitation : invitations_) {
    if (invitation.organization != organization || invitation.inviter != inviter) continue;
    if (invitation.state != "pending") continue;
    const bool may_send =
        left.contains("members:invite") && std::ranges::includes(left, permissions_of(invitation.role));
    if (!may_send) invitation.state = "revoked";
  }
}

void Oracle::purge() {
  for (Organization& organization : organizations_) {
    if (!organization.is_active && organization.purged_hours <= hours_) organization.is_gone = true;
  }
}

Outcome Oracle::create_organization(const Operation& operation) {
  const int made = int(organizations_.size());
  for (const char* fixed : {"owner", "admin", "member"}) roles_.push_back({made, fixed, {}});
  Organization organization;
  organization.members[operation.actor] = {int(roles_.size()) - 3};
  organizations_.push_back(std::move(organization));
  return {201};
}

Outcome Oracle::delete_organization(const Operation& operation) {
  if (const auto no = refuses(operation, "organization:delete")) return *no;
  Organization& organization = organizations_[std::size_t(operation.organization)];
  organization.is_active = false;
  organization.purged_hours = hours_ + kGraceHours;
  return {204};
}

Outcome Oracle::restore_organization(const Operation& operation) {
  Organization& organization = organizations_[std::size_t(operation.organization)];
  const auto actor = member(operation.organization, operation.actor);
  if (organization.is_gone || !actor || !actor->is_active) return kNotFound;
  if (organization.is_active) {
    return roles_[std::size_t(actor->role)].fixed == "owner" ? kWrongState : kForbidden;
  }
  if (roles_[std::size_t(actor->role)].fixed != "owner") return kNotFound;
  organization.is_active = true;
  return {200};
}

Outcome Oracle::transfer_ownership(const Operation& operation) {
  if (const auto no = refuses(operation, "owners:manage")) return *no;
  auto& members = organizations_[std::size_t(operation.organization)].members;
  const auto target = members.find(operation.person);
  if (target == members.end()) return kNotFound;
  if (!target->second.is_active || operation.person == operation.actor) return kWrongState;
  const int owner = members.at(operation.actor).role;
  target->second.role = owner;
  members.at(operation.actor).role = owner + 1;
  drop_unsendable(operation.organization, operation.actor);
  return {204};
}

Outcome Oracle::invite(const Operation& operation) {
  if (const auto no = refuses(operation, "members:invite")) return *no;
  if (!is_role_of(operation.role, operation.organization)) return kNotFound;
  if (is_outranked(operation, permissions_of(operation.role))) return kOutranked;
  if (member(operation.organization, operation.person)) return {409, "already_member"};
  for (Invitation& pending : invitations_) {
    if (pending.organization != operation.organization || pending.person != operation.person) continue;
    if (pending.state != "pending") continue;
    pending.role = operation.role;
    pending.inviter = operation.actor;
    pending.expires_hours = hours_ + kInvitationHours;
    return {201};
  }
  invitations_.push_back({operation.organization, operation.person, operation.role, operation.actor, "pending",
                          hours_ + kInvitationHours});
  return {201};
}

Outcome Oracle::answer_invitation(const Operation& operation) {
  Invitation& invitation = invitations_.at(std::size_t(operation.invitation));
  Organization& organization = organizations_[std::size_t(invitation.organization)];
  const bool is_open = invitation.state == "pending" && invitation.expires_hours > hours_ && organization.is_active;
  if (invitation.person != operation.actor || !is_open) return kNotFound;
  if (operation.kind == Kind::decline) {
    invitation.state = "revoked";
    return {204};
  }
  invitation.state = "accepted";
  organization.members[operation.actor] = {invitation.role};
  return {200};
}

Outcome Oracle::change_invitation(const Operation& operation) {
  if (const auto no = refuses(operation, "members:invite")) return *no;
  Invitation& invitation = invitations_.at(std::size_t(operation.invitation));
  if (invitation.organization != operation.organization) return kNotFound;
  if (invitation.state != "pending") return kWrongState;
  if (operation.kind == Kind::revoke) {
    invitation.state = "revoked";
    return {200};
  }
  if (is_outranked(operation, permissions_of(invitation.role))) return kOutranked;
  invitation.expires_hours = hours_ + kInvitationHours;
  invitation.inviter = operation.actor;
  return {200};
}

Outcome Oracle::change_role(const Operation& operation) {
  if (const auto no = refuses(operation, "members:update")) return *no;
  const auto target = member(operation.organization, operation.person);
  if (!target) return kNotFound;
  if (is_outranked(operation, permissions_of(target->role))) return kOutranked;
  if (!is_role_of(operation.role, operation.organization)) return kNotFound;
  if (is_outranked(operation, permissions_of(operation.role))) return kOutranked;
  if (target->role == operation.role) return {200};
  if (is_last_owner(operation.organization, operation.person)) return kLastOwner;
  organizations_[std::size_t(operation.organization)].members[operation.person].role = operation.role;
  drop_unsendable(operation.organization, operation.person);
  return {200};
}

Outcome Oracle::change_status(const Operation& operation) {
  if (const auto no = refuses(operation, "members:update")) return *no;
  const auto target = member(operation.organization, operation.person);
  if (!target) return kNotFound;
  if (is_outranked(operation, permissions_of(target->role))) return kOutranked;
  if (operation.kind == Kind::suspend && operation.person == operation.actor) return kWrongState;
  const bool wanted = operation.kind == Kind::reinstate;
  if (target->is_active == wanted) return {200};
  if (!wanted && is_last_owner(operation.organization, operation.person)) return kLastOwner;
  organizations_[std::size_t(operation.organization)].members[operation.person].is_active = wanted;
  if (!wanted) drop_unsendable(operation.organization, operation.person);
  return {200};
}

Outcome Oracle::remove(const Operation& operation) {
  if (const auto no = refuses(operation, "members:remove")) return *no;
  const auto target = member(operation.organization, operation.person);
  if (!target) return kNotFound;
  if (is_outranked(operation, permissions_of(target->role))) return kOutranked;
  if (is_last_owner(operation.organization, operation.person)) return kLastOwner;
  organizations_[std::size_t(operation.organization)].members.erase(operation.person);
  drop_unsendable(operation.organization, operation.person);
  return {204};
}

Outcome Oracle::leave(const Operation& operation) {
  Organization& organization = organizations_[std::size_t(operation.organization)];
  const auto actor = member(operation.organization, operation.actor);
  if (!organization.is_active || !actor || !actor->is_active) return kNotFound;
  if (is_last_owner(operation.organization, operation.actor)) return kLastOwner;
  organization.members.erase(operation.actor);
  drop_unsendable(operation.organization, operation.actor);
  return {204};
}

Outcome Oracle::create_role(const Operation& operation) {
  if (const auto no = refuses(operation, "roles:manage")) return *no;
  for (const std::string& permission : operation.permissions) {
    if (kOwnerOnly.contains(permission)) return {400, "invalid_request"};
  }
  if (is_outranked(operation, operation.permissions)) return kOutranked;
  roles_.push_back({operation.organization, "", operation.permissions});
  return {201};
}

/// Nobody shuts themselves out by what they do to their own role.
bool Oracle::shuts_out(const Operation& operation, const std::set<std::string>& after) const {
  return member(operation.organization, operation.actor)->role == operation.role && !after.contains("roles:manage");
}

Outcome Oracle::change_permissions(const Operation& operation) {
  if (const auto no = refuses(operation, "roles:manage")) return *no;
  if (!is_role_of(operation.role, operation.organization)) return kNotFound;
  Role& role = roles_[std::size_t(operation.role)];
  if (is_outranked(operation, permissions_of(operation.role))) return kOutranked;
  if (!role.fixed.empty()) return {409, "fixed_role"};
  for (const std::string& permission : operation.permissions) {
    if (kOwnerOnly.contains(permission)) return {400, "invalid_request"};
  }
  if (is_outranked(operation, operation.permissions)) return kOutranked;
  if (role.permissions == operation.permissions) return {200};
  if (shuts_out(operation, operation.permissions)) return kWrongState;
  role.permissions = operation.permissions;
  for (const auto& [person, one] : organizations_[std::size_t(operation.organization)].members) {
    if (one.role == operation.role) drop_unsendable(operation.organization, person);
  }
  return {200};
}

Outcome Oracle::delete_role(const Operation& operation) {
  if (const auto no = refuses(operation, "roles:manage")) return *no;
  if (!is_role_of(operation.role, operation.organization)) return kNotFound;
  Role& role = roles_[std::size_t(operation.role)];
  if (is_outranked(operation, permissions_of(operation.role))) return kOutranked;
  if (!role.fixed.empty()) return {409, "fixed_role"};
  auto& members = organizations_[std::size_t(operation.organization)].members;
  int fallback = operation.replacement;
  if (fallback >= 0) {
    if (fallback == operation.role) return {400, "invalid_request"};
    if (!is_role_of(fallback, operation.organization)) return kNotFound;
    if (is_outranked(operation, permissions_of(fallback))) return kOutranked;
    if (shuts_out(operation, permissions_of(fallback))) return kWrongState;
  } else {
    const bool is_held =
        std::ranges::any_of(members, [&](const auto& one) { return one.second.role == operation.role; });
    const bool is_offered = std::ranges::any_of(invitations_, [&](const Invitation& invitation) {
      return invitation.role == operation.role && invitation.state == "pending" && invitation.expires_hours > hours_;
    });
    if (is_held || is_offered) return {409, "role_in_use"};
    // What expired or is finished shows the least of the roles.
    while (roles_[std::size_t(++fallback)].organization != operation.organization ||
           roles_[std::size_t(fallback)].fixed != "member") {
    }
  }
  role.exists = false;
  std::vector<int> moved;
  for (auto& [person, one] : members) {
    if (one.role != operation.role) continue;
    one.role = fallback;
    moved.push_back(person);
  }
  for (Invitation& invitation : invitations_) {
    if (invitation.role == operation.role) invitation.role = fallback;
  }
  for (const int person : moved) drop_unsendable(operation.organization, person);
  return {204};
}

Outcome Oracle::check_permission(const Operation& operation) {
  Organization& organization = organizations_[std::size_t(operation.organization)];
  const auto actor = member(operation.organization, operation.actor);
  if (!organization.is_active || !actor || !actor->is_active) return kNotFound;
  const std::string& wanted = *operation.permissions.begin();
  return {200, "", rights(operation.organization, operation.actor).contains(wanted) ? "allowed" : "denied"};
}

Outcome Oracle::count_members(const Operation& operation) {
  if (const auto no = refuses(operation, "members:read")) return *no;
  const auto& members = organizations_[std::size_t(operation.organization)].members;
  const auto active = std::ranges::count_if(members, [](const auto& one) { return one.second.is_active; });
  return {200, "", std::to_string(members.size()) + "/" + std::to_string(active)};
}

Outcome Oracle::apply(const Operation& operation) {
  switch (operation.kind) {
    case Kind::create_organization: return create_organization(operation);
    case Kind::delete_organization: return delete_organization(operation);
    case Kind::restore_organization: return restore_organization(operation);
    case Kind::transfer_ownership: return transfer_ownership(operation);
    case Kind::invite: return invite(operation);
    case Kind::accept:
    case Kind::decline: return answer_invitation(operation);
    case Kind::resend:
    case Kind::revoke: return change_invitation(operation);
    case Kind::change_role: return change_role(operation);
    case Kind::suspend:
    case Kind::reinstate: return change_status(operation);
    case Kind::remove: return remove(operation);
    case Kind::leave: return leave(operation);
    case Kind::create_role: return create_role(operation);
    case Kind::change_permissions: return change_permissions(operation);
    case Kind::delete_role: return delete_role(operation);
    case Kind::check_permission: return check_permission(operation);
    case Kind::count_members: return count_members(operation);
    case Kind::pass_time:
      hours_ += operation.hours;
      purge();
      return {200};
  }
  return {};
}

}  // namespace gatehouse::model
