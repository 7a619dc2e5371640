#pragma once

#include "base/result.h"
#include "domain/caller.h"

#include <string>
#include <string_view>

namespace gatehouse::domain {

/// Who does an operator's task: an operator or a key of the platform, once admitted, or whoever runs the command line,
/// who has the database and the keys at hand anyhow. The first parameter of everything in domain/operator_*.h.
class Steward {
 public:
  /// Not explicit: an operation for stewards is one for operators.
  Steward(const Operator& caller)
      : origin_(caller.origin()),
        actor_(caller.actor()),
        user_(caller.person() != nullptr ? caller.person()->account().user : store::UserId{}) {}
  static Steward at_command_line() { return Steward({}, {"command_line", std::nullopt}); }

  const Origin& origin() const { return origin_; }
  const Actor& actor() const { return actor_; }
  /// The operator's account; nil for keys and the command line.
  store::UserId user() const { return user_; }

 private:
  Steward(Origin origin, Actor actor) : origin_(std::move(origin)), actor_(actor) {}

  Origin origin_;
  Actor actor_;
  store::UserId user_;
};

/// Why something was done, in the steward's words, for the audit log. In NFC, without white space around it. Refuses,
/// at /reason, empty ones and characters that hide or reorder text.
base::Result<std::string> clean_reason(std::string_view reason);

}  // namespace gatehouse::domain
