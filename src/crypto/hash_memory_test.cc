#include "crypto/hash_memory.h"

#include "crypto/password.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <limits>
#include <sys/mman.h>
#include <sys/resource.h>
#include <thread>

namespace gatehouse::crypto {
namespace {

constexpr std::size_t kBytes = 4 * 1024 * 1024;

char* map(std::size_t bytes) {
  return static_cast<char*>(::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

TEST(HashMemory, IsLentAgainUntilItIsGivenBack) {
  HashMemory memory(kBytes);
  char* const first = map(kBytes);
  first[kBytes - 1] = 'x';
  ::munmap(first, kBytes);
  char* const second = map(kBytes);
  EXPECT_EQ(second, first);
  EXPECT_EQ(second[kBytes - 1], 'x');
  ::munmap(second, kBytes);
  memory.give_back();
  char* const third = map(kBytes);
  EXPECT_EQ(third[kBytes - 1], '\0');
  ::munmap(third, kBytes);
}

TEST(HashMemory, IsNotLentTwiceNorForMoreNorToOtherThreads) {
  HashMemory memory(kBytes);
  char* const lent = map(kBytes);
  char* const other = map(kBytes);
  EXPECT_NE(other, lent);
  ::munmap(other, kBytes);
  ::munmap(lent, kBytes);
  char* const larger = map(kBytes + 1);
  EXPECT_NE(larger, lent);
  ::munmap(larger, kBytes + 1);
  std::thread([lent] {
    char* const elsewhere = map(kBytes);
    EXPECT_NE(elsewhere, lent);
    ::munmap(elsewhere, kBytes);
  }).join();
  EXPECT_EQ(map(kBytes), lent);
  ::munmap(lent, kBytes);
}

TEST(HashMemory, IsOverWithItsObject) {
  char* lent = nullptr;
  {
    HashMemory memory(kBytes);
    lent = map(kBytes);
    lent[0] = 'x';
    ::munmap(lent, kBytes);
  }
  char* const fresh = map(kBytes);
  EXPECT_EQ(fresh[0], '\0');
  ::munmap(fresh, kBytes);
}

long page_faults() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return used.ru_minflt;
}

// Which shows that libsodium really takes its memory in the way that HashMemory knows.
TEST(HashMemory, AHashAfterAHashTakesNoMemoryFromTheKernel) {
  const PasswordCost cost;
  PasswordHasher hasher(cost, 1, 10);
  const base::Secret password("seven kettles on a raft");
  const std::string stored = hasher.hash(password, "lane");
  long fewest = std::numeric_limits<long>::max();
  // A busy machine may let so much time pass between two hashes that the memory is given back.
  for (int i = 0; i < 5; ++i) {
    const long before = page_faults();
    EXPECT_TRUE(hasher.verify(stored, password, "lane").matches);
    fewest = std::min(fewest, page_faults() - before);
  }
  EXPECT_LT(fewest, long(cost.memory_bytes / 4096 / 4));
}

}  // namespace
}  // namespace gatehouse::crypto
