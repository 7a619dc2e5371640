#include "domain/limits.h"

#include "base/text.h"
#include "domain/fixture_test.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace gatehouse::domain {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Limit kThree{"three", 3, 60s};
constexpr Limit kOne{"one", 1, 3600s};

class LimitsTest : public DomainTest {
 protected:
  base::Result<void> take(std::initializer_list<LimitUse> uses, const Origin& origin = {}) {
    return take_limits(services_, origin, uses);
  }
};

TEST_F(LimitsTest, AKeyTellsLimitsAndSubjectsApartAndNamesNobody) {
  const auto key = limit_key(services_, {kThree, "ann@x.example"});
  EXPECT_EQ(key.data.size(), 32U);
  EXPECT_EQ(key, limit_key(services_, {kThree, "ann@x.example"}));
  EXPECT_NE(key, limit_key(services_, {kOne, "ann@x.example"}));
  EXPECT_NE(key, limit_key(services_, {kThree, "bob@x.example"}));
  EXPECT_THAT(key.data, Not(HasSubstr("ann")));
}

TEST_F(LimitsTest, NameAndSubjectDoNotRunIntoEachOther) {
  constexpr Limit kShort{"sign", 1, 1s}, kLong{"sign-in", 1, 1s};
  EXPECT_NE(limit_key(services_, {kShort, "-inx"}), limit_key(services_, {kLong, "x"}));
}

TEST_F(LimitsTest, AKeyCanNotBeMadeWithoutTheEncryptionKey) {
  const auto other = keys(std::string(crypto::EncryptionKeys::generate().reveal()));
  const Services elsewhere{*database_,     clock_,     hasher_, other,     sealer_,
                           access_tokens_, settings(), [] {},   requests_, known_sessions_};
  EXPECT_NE(limit_key(services_, {kThree, "ann"}), limit_key(elsewhere, {kThree, "ann"}));
}

TEST_F(LimitsTest, TheQuotaIsAllowedAndNothingBeyondUntilTheWindowEnds) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(take({{kThree, "ann"}}).has_value()) << i;
  clock_.advance(20s);
  const auto refused = take({{kThree, "ann"}});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, &base::kRateLimited);
  EXPECT_EQ(refused.error().retry_after_seconds, 40);
  EXPECT_TRUE(take({{kThree, "bob"}}).has_value());
  clock_.advance(40s);
  EXPECT_TRUE(take({{kThree, "ann"}}).has_value());
}

TEST_F(LimitsTest, WhatOneLimitRefusesUsesUpNoneOfThoseBehindIt) {
  EXPECT_TRUE(take({{kOne, "ann"}, {kThree, "ann"}}).has_value());
  for (int i = 0; i < 5; ++i) {
    const auto refused = take({{kOne, "ann"}, {kThree, "ann"}});
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().retry_after_seconds, 3600);
  }
  EXPECT_TRUE(take({{kThree, "ann"}}).has_value());
  EXPECT_TRUE(take({{kThree, "ann"}}).has_value());
  EXPECT_FALSE(take({{kThree, "ann"}}).has_value());
}

TEST_F(LimitsTest, TheOriginLearnsHowFarALimitIsUsedUp) {
  const Origin origin;
  static_cast<void>(take({{kThree, "ann"}}, origin));
  ASSERT_EQ(origin.limits->size(), 1U);
  const LimitState& state = origin.limits->front();
  EXPECT_EQ(state.name, "three");
  EXPECT_EQ(state.quota, 3);
  EXPECT_EQ(state.window_seconds, 60);
  EXPECT_EQ(state.remaining, 2);
  EXPECT_EQ(state.reset_seconds, 60);
}

TEST_F(LimitsTest, AHonestHitIsTakenBack) {
  EXPECT_TRUE(take({{kOne, "ann"}}).has_value());
  run([&](db::Transaction& tx) { refund_limit(tx, services_, {kOne, "ann"}); });
  EXPECT_TRUE(take({{kOne, "ann"}}).has_value());
  EXPECT_FALSE(take({{kOne, "ann"}}).has_value());
}

TEST_F(LimitsTest, WithinATransactionTheQuotaIsTheSame) {
  const auto take_one = [&] {
    return run([&](db::Transaction& tx) { return take_within(tx, services_, {kOne, "ann"}, clock_.now()); });
  };
  EXPECT_TRUE(take_one());
  EXPECT_FALSE(take_one());
  clock_.advance(3600s);
  EXPECT_TRUE(take_one());
}

TEST_F(LimitsTest, SwitchedOffNothingIsCounted) {
  Settings off = settings();
  off.limits_enabled = false;
  const Services lenient{*database_,     clock_, hasher_, keys_,     sealer_,
                         access_tokens_, off,    [] {},   requests_, known_sessions_};
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(take_limits(lenient, {}, {{kOne, "ann"}}).has_value());
  EXPECT_TRUE(take({{kOne, "ann"}}).has_value());
}

/// The names of all constants of type Limit in the code of this folder.
std::set<std::string> declared_limits() {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(GATEHOUSE_SOURCE_DIR "/src/domain")) {
    if (std::string(entry.path().filename()).find("_test.") != std::string::npos) continue;
    std::stringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const std::string code = text.str();
    for (auto at = code.find("Limit k"); at != std::string::npos; at = code.find("Limit k", at + 1)) {
      const auto quote = code.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", at + 6);
      if (code.substr(quote, 2) != "{\"") continue;
      names.insert(code.substr(quote + 2, code.find('"', quote + 2) - quote - 2));
    }
  }
  return names;
}

TEST(LimitTableTest, HasEveryLimitOfTheCode) {
  std::set<std::string> tabled{"sign-in-failures"};  // counts what is never refused
  for (const CountedLimit& one : kLimits) EXPECT_TRUE(tabled.insert(std::string(one.limit.name)).second);
  EXPECT_EQ(declared_limits(), tabled);
}

}  // namespace
}  // namespace gatehouse::domain
