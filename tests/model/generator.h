#pragma once

#include "tests/model/oracle.h"

#include <random>

namespace gatehouse::model {

/// Makes up operations, mostly such as might succeed. The same seed and the same history give the same operation.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  Operation next(const Oracle& oracle);

 private:
  int below(int count) { return int(random_() % std::uint64_t(count)); }
  bool one_in(int count) { return below(count) == 0; }
  Kind pick_kind(const Oracle& oracle);
  int pick_actor(const Oracle& oracle, int organization, Kind kind);
  int pick_member(const Oracle& oracle, int organization);
  int pick_role(const Oracle& oracle, int organization);
  std::set<std::string> pick_permissions();

  std::mt19937_64 random_;
};

}  // namespace gatehouse::model
