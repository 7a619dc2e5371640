#pragma once

#include "tests/model/operation.h"

#include <map>
#include <optional>

namespace gatehouse::model {

/// Says what each operation must answer, from the documented rules alone: it shares no code with the program.
class Oracle {
 public:
  struct Role {
    int organization;
    std::string fixed;  // "owner", "admin", "member", or empty
    std::set<std::string> permissions;
    bool exists = true;
  };
  struct Member {
    int role;
    bool is_active = true;
  };
  struct Invitation {
    int organization;
    int person;
    int role;
    int inviter;
    std::string state;  // pending, accepted, revoked
    std::int64_t expires_hours;
  };
  struct Organization {
    std::map<int, Member> members;  // by person
    bool is_active = true;
    std::int64_t purged_hours = 0;
    bool is_gone = false;
  };

  explicit Oracle(int people) : people_(people) {}

  Outcome apply(const Operation& operation);

  const std::vector<Organization>& organizations() const { return organizations_; }
  const std::vector<Role>& roles() const { return roles_; }
  const std::vector<Invitation>& invitations() const { return invitations_; }
  int people() const { return people_; }
  std::int64_t hours() const { return hours_; }
  /// Everything that the role permits.
  std::set<std::string> permissions_of(int role) const;
  std::optional<Member> member(int organization, int person) const;

 private:
  /// Nothing when the actor may do it; else the refusal.
  std::optional<Outcome> refuses(const Operation& operation, const std::string& permission) const;
  std::set<std::string> rights(int organization, int person) const;
  bool is_outranked(const Operation& operation, const std::set<std::string>& theirs) const;
  bool is_last_owner(int organization, int person) const;
  bool shuts_out(const Operation& operation, const std::set<std::string>& after) const;
  bool is_role_of(int role, int organization) const;
  void drop_unsendable(int organization, int inviter);
  void purge();

  Outcome create_organization(const Operation& operation);
  Outcome delete_organization(const Operation& operation);
  Outcome restore_organization(const Operation& operation);
  Outcome transfer_ownership(const Operation& operation);
  Outcome invite(const Operation& operation);
  Outcome answer_invitation(const Operation& operation);
  Outcome change_invitation(const Operation& operation);
  Outcome change_role(const Operation& operation);
  Outcome change_status(const Operation& operation);
  Outcome remove(const Operation& operation);
  Outcome leave(const Operation& operation);
  Outcome create_role(const Operation& operation);
  Outcome change_permissions(const Operation& operation);
  Outcome delete_role(const Operation& operation);
  Outcome check_permission(const Operation& operation);
  Outcome count_members(const Operation& operation);

  int people_;
  std::int64_t hours_ = 0;
  std::vector<Organization> organizations_;
  std::vector<Role> roles_;
  std::vector<Invitation> invitations_;
};

}  // namespace gatehouse::model
