#include "crypto/password.h"

#include "base/text.h"

#include <atomic>
#include <chrono>
#include <ctime>
#include <dirent.h>
#include <fstream>
#include <gmock/gmock.h>
#include <sodium.h>
#include <sstream>
#include <unistd.h>

namespace gatehouse::crypto {
namespace {

using base::Secret;

constexpr PasswordCost kLowest{8 * 1024, 1};

PasswordHasher& hasher() {
  static PasswordHasher shared(kLowest, 1, 100);
  return shared;
}

bool matches(const std::string& stored, const std::string& password) {
  return hasher().verify(stored, Secret(password), "lane").matches;
}

std::string hash(const std::string& password) { return hasher().hash(Secret(password), "lane"); }

TEST(PasswordHasher, VerifiesWhatItHashed) {
  const std::string stored = hash("correct horse");
  EXPECT_THAT(stored, testing::StartsWith("$argon2id$v=19$m=8,t=1,p=1$"));
  EXPECT_TRUE(matches(stored, "correct horse"));
  EXPECT_FALSE(matches(stored, "correct horse "));
  EXPECT_FALSE(matches(stored, "Correct horse"));
  EXPECT_FALSE(matches(stored, ""));
}

TEST(PasswordHasher, SaltsEveryHash) { EXPECT_NE(hash("same"), hash("same")); }

TEST(PasswordHasher, DefaultCostIsTheDocumentedOne) {
  PasswordHasher real(PasswordCost(), 1, 10);
  const std::string stored = real.hash(Secret("correct horse"), "lane");
  EXPECT_THAT(stored, testing::StartsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
  EXPECT_TRUE(real.verify(stored, Secret("correct horse"), "lane").matches);
}

TEST(PasswordHasher, OnePasswordTypedOnTwoKeyboardsIsOnePassword) {
  EXPECT_TRUE(matches(hash("caf\u00e9"), "cafe\u0301"));
  EXPECT_TRUE(matches(hash("cafe\u0301"), "caf\u00e9"));
  EXPECT_FALSE(matches(hash("caf\u00e9"), "cafe"));
}

TEST(PasswordHasher, CountsEveryByteOfALongPassword) {
  for (const std::size_t length : {63u, 64u, 72u, 73u, 128u, 1024u, 4096u}) {
    const std::string stored = hash(std::string(length, 'x') + "a");
    EXPECT_TRUE(matches(stored, std::string(length, 'x') + "a"));
    EXPECT_FALSE(matches(stored, std::string(length, 'x') + "b")) << length;
    EXPECT_FALSE(matches(stored, std::string(length, 'x'))) << length;
  }
  EXPECT_FALSE(matches(hash(std::string("a\0b", 3)), std::string("a\0c", 3)));
}

TEST(PasswordHasher, BytesThatAreNoTextAreComparedAsTheyAre) {
  const std::string stored = hash("\xff\xfe");
  EXPECT_TRUE(matches(stored, "\xff\xfe"));
  EXPECT_FALSE(matches(stored, "\xff\xfd"));
}

TEST(PasswordHasher, AStoredHashThatIsBrokenMatchesNothing) {
  const std::string stored = hash("password");
  for (const std::string& broken :
       {std::string(), std::string("password"), stored.substr(0, stored.size() - 1), stored + "A", stored.substr(1),
        "$argon2i$" + stored.substr(10), std::string("$argon2id$v=19$m=8,t=1,p=1$"),
        std::string("$argon2id$v=19$m=,t=1,p=1$"), std::string("$argon2id$v=19$m=99999999999999999999999,t=1,p=1$a$b"),
        stored + std::string(1, '\0') + "x", stored + std::string(200, 'A')}) {
    const Verification result = hasher().verify(broken, Secret("password"), "lane");
    EXPECT_FALSE(result.matches) << broken;
    EXPECT_FALSE(result.outdated) << broken;
  }
}

double cpu_seconds_of(const std::function<void()>& work) {
  const auto now = [] {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return double(time.tv_sec) + double(time.tv_nsec) / 1e9;
  };
  const double begin = now();
  for (int i = 0; i < 5; ++i) work();
  return now() - begin;
}

TEST(PasswordHasher, AnUnknownAccountCostsAsMuchWorkAsAKnownOne) {
  PasswordHasher heavy({8 * 1024 * 1024, 2}, 1, 10);
  const Secret password("wrong password");
  const std::string stored = heavy.hash(Secret("right password"), "lane");
  double known = 1e9, unknown = 1e9, broken = 1e9;
  const auto measure = [&](double& least, const std::optional<std::string>& hash) {
    const double seconds = cpu_seconds_of([&] { EXPECT_FALSE(heavy.verify(hash, password, "lane").matches); });
    least = std::min(least, seconds);
  };
  // In turns, and the least of each, for a processor that others share changes its speed.
  for (int i = 0; i < 5; ++i) {
    measure(known, stored);
    measure(unknown, std::nullopt);
    measure(broken, "broken");
  }
  // The bound only tells work from no work.
  EXPECT_GT(unknown, known / 2);
  EXPECT_LT(unknown, known * 2);
  EXPECT_GT(broken, known / 2);
}

TEST(PasswordHasher, WhoIsUnknownIsNeverToldToHashAgain) {
  PasswordHasher hasher({16 * 1024, 2}, 1, 10);
  for (const std::string& password : {std::string(), std::string("password"), std::string(32, '\0')}) {
    const Verification result = hasher.verify(std::nullopt, Secret(password), "lane");
    EXPECT_FALSE(result.matches);
    EXPECT_FALSE(result.outdated);
  }
}

TEST(PasswordHasher, OnlyASmallerCostIsOutdated) {
  PasswordHasher middle({16 * 1024, 2}, 1, 10);
  const auto outdated = [&](PasswordCost cost) {
    PasswordHasher other(cost, 1, 10);
    const Verification result = middle.verify(other.hash(Secret("password"), "lane"), Secret("password"), "lane");
    EXPECT_TRUE(result.matches);
    return result.outdated;
  };
  EXPECT_FALSE(outdated({16 * 1024, 2}));
  EXPECT_TRUE(outdated({8 * 1024, 2}));
  EXPECT_TRUE(outdated({16 * 1024, 1}));
  EXPECT_FALSE(outdated({32 * 1024, 3}));
  EXPECT_FALSE(middle.verify(hash("password"), Secret("wrong"), "lane").outdated);
}

TEST(PasswordHasher, SaysAtOnceThatItIsFull) {
  PasswordHasher full(kLowest, 1, 0);
  EXPECT_THROW(full.hash(Secret("password"), "lane"), HasherOverloaded);
  EXPECT_THROW(full.verify(std::nullopt, Secret("password"), "lane"), HasherOverloaded);
}

TEST(PasswordHasher, ManyCallersEachGetTheirOwnAnswer) {
  PasswordHasher shared(kLowest, 2, 1000);
  const std::string stored = shared.hash(Secret("password"), "lane");
  std::atomic<int> wrong = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 16; ++i) {
    callers.emplace_back([&, i] {
      const std::string lane = "lane" + std::to_string(i % 3);
      for (int j = 0; j < 50; ++j) {
        const bool right = j % 2 == 0;
        wrong += shared.verify(stored, Secret(right ? "password" : "Password"), lane).matches != right;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(wrong, 0);
}

TEST(PasswordHasher, FailuresReachTheCaller) {
  // One byte more than libsodium takes, so no machine is asked for it.
  EXPECT_THROW(PasswordHasher({crypto_pwhash_argon2id_MEMLIMIT_MAX + 1, 1}, 1, 10), std::invalid_argument);
  EXPECT_THROW(PasswordHasher({1024, 1}, 1, 10), std::invalid_argument);
  EXPECT_THROW(PasswordHasher({8 * 1024, 0}, 1, 10), std::invalid_argument);
  EXPECT_THROW(PasswordHasher(kLowest, 0, 10), std::invalid_argument);
}

/// Of this process's threads called "hasher".
std::vector<int> niceness_of_hashers() {
  std::vector<int> out;
  DIR* directory = ::opendir("/proc/self/task");
  while (const dirent* entry = ::readdir(directory)) {
    std::ifstream file("/proc/self/task/" + std::string(entry->d_name) + "/stat");
    std::string stat((std::istreambuf_iterator<char>(file)), {});
    if (stat.find("(hasher)") == std::string::npos) continue;
    std::istringstream fields(stat.substr(stat.rfind(')') + 2));
    std::string field;
    // Niceness is field 19 of proc(5); the first one behind the name is 3.
    for (int number = 3; number <= 19; ++number) fields >> field;
    out.push_back(std::stoi(field));
  }
  ::closedir(directory);
  return out;
}

TEST(PasswordHasher, ItsThreadsGiveWayAndTheCallersDoNot) {
  hash("so that the thread has started");
  const auto niceness = niceness_of_hashers();
  ASSERT_FALSE(niceness.empty());
  const int callers = ::nice(0);
  EXPECT_LT(callers, 10);
  EXPECT_THAT(niceness, testing::Each(10));
}

int strength(const std::string& password, const std::vector<std::string>& context = {}) {
  return password_strength(Secret(password), context);
}

TEST(PasswordStrength, WhatEveryGuesserTriesFirstIsTooWeak) {
  for (const char* password : {"", "a", "password", "12345678", "qwertyuiop", "letmein123", "iloveyou1", "Password1",
                               "P@ssw0rd", "abcdefgh", "11111111", "aaaaaaaaaaaaaaa", "19901990", "qwerty123"}) {
    EXPECT_LT(strength(password), 2) << password;
  }
  EXPECT_LT(strength(std::string(64, 'a')), 2);
  EXPECT_LT(strength(std::string(256, 'a')), 2);
}

TEST(PasswordStrength, AGoodOneIsGood) {
  for (const char* password :
       {"correct horse battery staple", "Tr0ub4dor&3-xyzzy", "vK9!mQ2z#Lp7", "пароль-из-трёх-слов"}) {
    EXPECT_GE(strength(password), 2) << password;
  }
}

TEST(PasswordStrength, OrganizationAndAddressAreGuessedFirst) {
  EXPECT_GE(strength("Zorblaxcorp2026"), 2);
  EXPECT_LT(strength("Zorblaxcorp2026", {"Zorblaxcorp"}), 2);
  EXPECT_LT(strength("zorblaxcorp2026", {"Zorblaxcorp"}), 2);
  EXPECT_LT(strength("ZORBLAXCORP2026", {"zorblaxcorp"}), 2);
  EXPECT_LT(strength("Northwind Traders Ltd2026", {"Northwind Traders Ltd"}), 2);
  EXPECT_LT(strength("northwindtradersltd2026", {"Northwind Traders Ltd"}), 2);
  EXPECT_LT(strength("oldmillroadgardensupply2026", {"Old Mill Road Garden Supply"}), 2);
  EXPECT_LT(strength("quibblesworth1", {"quibblesworth.ann@zorblax.example"}), 2);
  EXPECT_LT(strength("zorblax2026", {"ann@zorblax.example"}), 2);
  EXPECT_LT(strength("Käseglöckchen2026", {"Ka\u0308seglo\u0308ckchen"}), 2);
}

TEST(PasswordStrength, LooksAtABoundedPieceOfAnyLength) {
  const std::string random = "vK9!mQ2z#Lp7";
  EXPECT_EQ(strength(random + std::string(244, 'x')), 4);
  EXPECT_EQ(strength(random), 4);
  EXPECT_LT(strength(std::string(64, 'x') + random), 2);
  std::string letters;
  for (int i = 0; i < 256; ++i) letters += std::string("\xe4") + char(0xb8 + i * 7 % 8) + char(0x80 + i * 37 % 64);
  ASSERT_EQ(base::count_code_points(letters), 256u);
  EXPECT_EQ(strength(letters), 4);
  EXPECT_LT(strength(std::string(8'000'000, '1'), {std::string(1'000'000, '1')}), 2);
  EXPECT_LT(strength("some words in one name", std::vector<std::string>(10'000, "some words in one name")), 2);
}

TEST(PasswordStrength, TakesWhatIsNoText) {
  EXPECT_LT(strength("\xff\xfe\x80", {"\xc3", "\xff\xff\xff\xff"}), 2);
  EXPECT_LT(strength("\xff\xfe\xff\xfe\x80\x81", {"\xff\xfe\xff\xfe\x80\x81"}), 2);
  EXPECT_LT(strength(std::string("password\0vK9!mQ2z#Lp7", 21)), 2);
}

TEST(PasswordStrength, WorstCaseStaysCheap) {
  std::vector<std::string> context;
  for (int i = 3; i < 40; ++i) context.emplace_back(std::size_t(i), '1');
  const Secret worst(std::string(256, '1'));
  const double seconds = cpu_seconds_of([&] { EXPECT_LT(password_strength(worst, context), 2); }) / 5;
  RecordProperty("milliseconds", std::to_string(seconds * 1e3));
  EXPECT_LT(seconds, 0.1);
}

}  // namespace
}  // namespace gatehouse::crypto
