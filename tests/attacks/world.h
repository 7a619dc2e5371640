#pragma once

#include "tests/attacks/row_calls.h"
#include "tests/support/flow_test.h"

namespace gatehouse::tests {

/// An organization with somebody and something of every kind.
struct World {
  std::string name;
  Founder founder;
  Person admin, member, target, suspended, removed;
  std::map<std::string, std::string> tokens;  // by kind: owner, admin, member, suspended, removed, api_key
  std::map<std::string, std::set<std::string, std::less<>>> permissions;  // of owner, admin, member, api_key
  /// What its own people name in requests.
  Values own;
};

/// Makes worlds, and brings one into the state that a row asks for.
class WorldTest : public FlowTest {
 protected:
  World make_world(const std::string& name);
  /// The rows of the API, with their descriptions; only the one that GATEHOUSE_MATRIX_ROW names when it is set, for a
  /// mutant that concerns one (tools/mutate.py).
  std::vector<api::Row> rows();
  static bool is_one_row();
  /// Another state than make_world() leaves, which some rows are about (something to restore, to retry …), for that
  /// kind of caller.
  void prepare(const api::Row& row, World& world, const std::string& kind);
  std::string operator_token();
  /// A key of the platform that holds this permission alone.
  std::string platform_key(const std::string& permission);
  Reply demand(const Call& call, int status);

  RowCalls calls_;

 private:
  void make_apart(World& world, const std::string& kind);
  std::string operator_token_;
  std::map<std::string, std::string> platform_keys_;
  int registered_ = 0;  // permissions of the application
};

}  // namespace gatehouse::tests
