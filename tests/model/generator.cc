#include "tests/model/generator.h"

#include <array>

namespace gatehouse::model {

namespace {

constexpr std::array kPermissions{"organization:read", "roles:read",       "organization:update", "policies:update",
                                  "roles:manage",      "members:read",     "members:invite",      "members:update",
                                  "members:remove",    "invitations:read", "stats:read",          "audit:read",
                                  "owners:manage"};

/// Most organizations at a time, so that people meet often.
constexpr int kOrganizations = 8;

struct Weight {
  Kind kind;
  int weight;
};
constexpr std::array kWeights{Weight{Kind::create_organization, 2},
                              Weight{Kind::delete_organization, 2},
                              Weight{Kind::restore_organization, 4},
                              Weight{Kind::transfer_ownership, 9},
                              Weight{Kind::invite, 18},
                              Weight{Kind::accept, 14},
                              Weight{Kind::decline, 8},
                              Weight{Kind::resend, 5},
                              Weight{Kind::revoke, 6},
                              Weight{Kind::change_role, 12},
                              Weight{Kind::suspend, 10},
                              Weight{Kind::reinstate, 6},
                              Weight{Kind::remove, 8},
                              Weight{Kind::leave, 8},
                              Weight{Kind::create_role, 4},
                              Weight{Kind::change_permissions, 7},
                              Weight{Kind::delete_role, 8},
                              Weight{Kind::check_permission, 5},
                              Weight{Kind::count_members, 5},
                              Weight{Kind::pass_time, 2}};

}  // namespace

Kind Generator::pick_kind(const Oracle& oracle) {
  if (int(oracle.organizations().size()) < 3) return Kind::create_organization;
  int total = 0;
  for (const Weight& one : kWeights) total += one.weight;
  int at = below(total);
  for (const Weight& one : kWeights) {
    at -= one.weight;
    if (at < 0) return one.kind;
  }
  return Kind::count_members;
}

int Generator::pick_member(const Oracle& oracle, int organization) {
  const auto& members = oracle.organizations()[std::size_t(organization)].members;
  if (members.empty() || one_in(12)) return below(oracle.people());
  auto at = members.begin();
  std::advance(at, below(int(members.size())));
  return at->first;
}

int Generator::pick_actor(const Oracle& oracle, int organization, Kind kind) {
  if (one_in(8)) return below(oracle.people());
  const bool for_owners =
      kind == Kind::transfer_ownership || kind == Kind::delete_organization || kind == Kind::restore_organization;
  for (int tries = 0; tries < 12; ++tries) {
    const int person = pick_member(oracle, organization);
    const auto member = oracle.member(organization, person);
    if (!member || !member->is_active) continue;
    const std::string& fixed = oracle.roles()[std::size_t(member->role)].fixed;
    if (fixed == "owner" || (!for_owners && (fixed == "admin" || one_in(4)))) return person;
  }
  return pick_member(oracle, organization);
}

int Generator::pick_role(const Oracle& oracle, int organization) {
  if (one_in(20)) return below(int(oracle.roles().size()));
  std::vector<int> own;
  for (int role = 0; role < int(oracle.roles().size()); ++role) {
    const auto& one = oracle.roles()[std::size_t(role)];
    if (one.organization == organization && (one.exists || one_in(10))) own.push_back(role);
  }
  return own[std::size_t(below(int(own.size())))];
}

std::set<std::string> Generator::pick_permissions() {
  std::set<std::string> picked;
  const int count = 1 + below(5);
  for (int i = 0; i < count; ++i) picked.insert(kPermissions[std::size_t(below(int(kPermissions.size()) - 1))]);
  if (one_in(12)) picked.insert("owners:manage");
  return picked;
}

Operation Generator::next(const Oracle& oracle) {
  Operation operation{pick_kind(oracle)};
  const int organizations = int(oracle.organizations().size());
  operation.actor = below(oracle.people());
  if (operation.kind == Kind::create_organization) return operation;
  if (operation.kind == Kind::pass_time) {
    operation.hours = one_in(6) ? 24 * 8 : 1 + below(30);
    return operation;
  }
  operation.organization = organizations - 1 - below(std::min(organizations, kOrganizations));
  if (operation.kind == Kind::accept || operation.kind == Kind::decline || operation.kind == Kind::resend ||
      operation.kind == Kind::revoke) {
    const auto& invitations = oracle.invitations();
    if (invitations.empty())
      return {Kind::check_permission, operation.actor, operation.organization, -1, -1, -1, -1, {"roles:read"}};
    for (int tries = 0; tries < 60; ++tries) {
      operation.invitation = below(int(invitations.size()));
      const auto& one = invitations[std::size_t(operation.invitation)];
      const bool is_active = oracle.organizations()[std::size_t(one.organization)].is_active;
      if (one.state == "pending" && one.expires_hours > oracle.hours() && is_active) break;
    }
    const auto& invitation = invitations[std::size_t(operation.invitation)];
    const bool is_answer = operation.kind == Kind::accept || operation.kind == Kind::decline;
    if (is_answer || !one_in(15)) operation.organization = invitation.organization;
    operation.actor =
        is_answer && !one_in(8) ? invitation.person : pick_actor(oracle, operation.organization, operation.kind);
    return operation;
  }
  if (operation.kind == Kind::restore_organization) {
    for (int one = 0; one < organizations; ++one) {
      const auto& organization = oracle.organizations()[std::size_t(one)];
      if (!organization.is_active && !organization.is_gone && !one_in(8)) operation.organization = one;
    }
  }
  operation.actor = pick_actor(oracle, operation.organization, operation.kind);
  operation.person =
      operation.kind == Kind::invite ? below(oracle.people()) : pick_member(oracle, operation.organization);
  if (operation.kind == Kind::reinstate) {
    for (const auto& [person, member] : oracle.organizations()[std::size_t(operation.organization)].members) {
      if (!member.is_active && !one_in(3)) operation.person = person;
    }
  }
  operation.role = pick_role(oracle, operation.organization);
  if (operation.kind == Kind::change_permissions || operation.kind == Kind::delete_role) {
    for (int role = int(oracle.roles().size()) - 1; role >= 0; --role) {
      const auto& one = oracle.roles()[std::size_t(role)];
      if (one.organization == operation.organization && one.fixed.empty() && one.exists && !one_in(3)) {
        operation.role = role;
        break;
      }
    }
    operation.replacement = one_in(2) ? pick_role(oracle, operation.organization) : -1;
  }
  operation.permissions = pick_permissions();
  return operation;
}

}  // namespace gatehouse::model
