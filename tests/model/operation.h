#pragma once

#include <cstdint>
#include <iosfwd>
#include <set>
#include <string>
#include <vector>

/// What the model test does, in terms of small numbers instead of ids: the same operation can be carried out by the
/// oracle and by several programs.
namespace gatehouse::model {

enum class Kind {
  create_organization,
  delete_organization,
  restore_organization,
  transfer_ownership,
  invite,
  accept,
  decline,
  resend,
  revoke,
  change_role,
  suspend,
  reinstate,
  remove,
  leave,
  create_role,
  change_permissions,
  delete_role,
  check_permission,
  count_members,
  pass_time,
};
inline constexpr int kKinds = int(Kind::pass_time) + 1;
const char* to_string(Kind kind);

/// Numbers of things in the order in which they were made; -1 where there is none.
struct Operation {
  Kind kind;
  int actor = -1;         // a person
  int organization = -1;  // where
  int person = -1;        // whom it is done to
  int role = -1;          // of that or another organization
  int replacement = -1;
  int invitation = -1;
  std::set<std::string> permissions = {};
  std::int64_t hours = 0;
};

/// What came of it, so that two that did it can be compared.
struct Outcome {
  int status = 0;
  std::string code = {};   // of a refusal
  std::string value = {};  // of a question
  bool operator==(const Outcome&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Outcome& outcome);

}  // namespace gatehouse::model
