#pragma once

#include "tests/model/operation.h"
#include "tests/support/test_program.h"

#include <map>
#include <mutex>
#include <vector>

namespace gatehouse::model {

/// Carries operations out on a running program, over HTTP, as the people that they name. Thread safe but for the
/// operations that make something (they number what they make).
class Driver {
 public:
  /// Signs up that many people with confirmed addresses.
  Driver(tests::TestProgram& program, int people);

  Outcome apply(const Operation& operation);

  std::string organization(int number) const { return organizations_.at(std::size_t(number)); }

 private:
  tests::Call call_of(const Operation& operation) const;
  std::string member(int organization, int person) const;
  /// Signs in again when the token is of no use any more.
  tests::Reply send_as(int person, tests::Call call);
  std::string sign_in(int person);
  void note_made(const Operation& operation, const tests::Reply& reply);

  tests::TestProgram& program_;
  tests::HttpClient client_;
  std::vector<std::string> people_;  // addresses
  std::vector<std::string> organizations_, roles_, invitations_;
  std::map<std::pair<int, int>, std::string> members_;
  std::mutex mutex_;
  std::map<int, std::string> tokens_;
};

}  // namespace gatehouse::model
