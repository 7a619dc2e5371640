#include "tests/model/driver.h"
#include "tests/model/generator.h"
#include "tests/support/flow_test.h"

#include <array>
#include <cstdlib>
#include <iostream>
#include <thread>

namespace gatehouse::model {
namespace {

constexpr int kPeople = 12;
constexpr int kOperations = 14'000;
constexpr std::uint64_t kSeed = 20261122;

/// GATEHOUSE_MODEL_SEED makes another history.
std::uint64_t seed() {
  const char* const given = std::getenv("GATEHOUSE_MODEL_SEED");
  return given == nullptr ? kSeed : std::stoull(given);
}

std::string describe(int number, const Operation& operation) {
  std::string text = "operation " + std::to_string(number) + ": " + to_string(operation.kind);
  for (const auto& [name, value] : {std::pair{"actor", operation.actor},
                                    {"organization", operation.organization},
                                    {"person", operation.person},
                                    {"role", operation.role},
                                    {"replacement", operation.replacement},
                                    {"invitation", operation.invitation}}) {
    if (value >= 0) text += std::string(" ") + name + "=" + std::to_string(value);
  }
  for (const std::string& permission : operation.permissions) text += " " + permission;
  return text + " (seed " + std::to_string(seed()) + ")";
}

struct Tally {
  std::array<int, kKinds> tried{}, succeeded{};

  void count(const Operation& operation, const Outcome& outcome) {
    ++tried[std::size_t(operation.kind)];
    if (outcome.status < 400) ++succeeded[std::size_t(operation.kind)];
  }
};

/// One history, carried out on both databases and by the oracle: the same answers.
TEST(ModelTest, BothDatabasesAnswerAsTheOracleSays) {
  tests::TestProgram sqlite(db::Dialect::sqlite), postgresql(db::Dialect::postgresql);
  Driver on_sqlite(sqlite, kPeople), on_postgresql(postgresql, kPeople);
  Oracle oracle(kPeople);
  Generator generator(seed());
  Tally tally;
  for (int number = 0; number < kOperations; ++number) {
    const Operation operation = generator.next(oracle);
    const Outcome expected = oracle.apply(operation);
    ASSERT_EQ(on_sqlite.apply(operation), expected) << describe(number, operation) << " on SQLite";
    ASSERT_EQ(on_postgresql.apply(operation), expected) << describe(number, operation) << " on PostgreSQL";
    tally.count(operation, expected);
  }
  int succeeded = 0;
  for (int kind = 0; kind < kKinds; ++kind) {
    const int good = tally.succeeded[std::size_t(kind)];
    std::cout << "model: " << to_string(Kind(kind)) << ": " << good << " of " << tally.tried[std::size_t(kind)]
              << " succeeded\n";
    EXPECT_GE(good, 100) << to_string(Kind(kind)) << " succeeded too seldom to prove anything";
    succeeded += good;
  }
  std::cout << "model: " << succeeded << " of " << kOperations << " operations succeeded, " << kOperations - succeeded
            << " were refused, each as the oracle says\n";
  EXPECT_GE(succeeded, kOperations * 3 / 10);
}

}  // namespace
}  // namespace gatehouse::model
