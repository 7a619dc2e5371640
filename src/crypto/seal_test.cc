#include "crypto/seal.h"

#include "base/text.h"

#include <gmock/gmock.h>

namespace gatehouse::crypto {
namespace {

const std::string kOld = "old:" + base::to_base64(std::string(32, 'o'));
const std::string kNew = "new:" + base::to_base64(std::string(32, 'n'));

Sealer sealer(const std::string& keys) { return Sealer(EncryptionKeys::parse(base::Secret(keys))); }

TEST(Sealer, OpensWhatItSealed) {
  const Sealer one = sealer(kOld);
  for (const std::string& plain :
       {std::string(), std::string("x"), std::string("a\0b", 3), std::string(100'000, 'z')}) {
    const auto opened = one.open(one.seal(plain, "outbox.letter/1"), "outbox.letter/1");
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->reveal(), plain);
  }
}

TEST(Sealer, LaysOutVersionKeyIdNonceTextAndTag) {
  const std::string sealed = sealer(kOld).seal("hello", "row");
  EXPECT_THAT(sealed, testing::StartsWith("\x01\x03old"));
  EXPECT_EQ(sealed.size(), 5u + 12u + 5u + 16u);
  EXPECT_THAT(sealed, testing::Not(testing::HasSubstr("hello")));
}

TEST(Sealer, NeverUsesANonceTwice) {
  const Sealer one = sealer(kOld);
  std::vector<std::string> nonces;
  for (int i = 0; i < 1000; ++i) nonces.push_back(one.seal("same", "row").substr(5, 12));
  std::sort(nonces.begin(), nonces.end());
  EXPECT_EQ(std::adjacent_find(nonces.begin(), nonces.end()), nonces.end());
}

TEST(Sealer, RefusesEveryChangedBit) {
  const Sealer one = sealer(kOld + "," + kNew);
  const std::string sealed = one.seal("a letter with a link", "row");
  ASSERT_TRUE(one.open(sealed, "row"));
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string mutant = sealed;
      mutant[at] = char(mutant[at] ^ (1 << bit));
      EXPECT_FALSE(one.open(mutant, "row")) << "byte " << at << " bit " << bit;
    }
  }
}

TEST(Sealer, RefusesEveryTruncationAndExtension) {
  const Sealer one = sealer(kOld);
  const std::string sealed = one.seal("a letter with a link", "row");
  for (std::size_t length = 0; length < sealed.size(); ++length) {
    EXPECT_FALSE(one.open(sealed.substr(0, length), "row")) << length;
    EXPECT_FALSE(one.open(sealed.substr(sealed.size() - length), "row")) << length;
  }
  EXPECT_FALSE(one.open(sealed + '\0', "row"));
  EXPECT_FALSE(one.open(sealed + sealed, "row"));
}

TEST(Sealer, AValueMovedToAnotherRowStaysShut) {
  const Sealer one = sealer(kOld);
  const std::string sealed = one.seal("secret", "user.password/usr_1");
  EXPECT_FALSE(one.open(sealed, "user.password/usr_2"));
  EXPECT_FALSE(one.open(sealed, "user.totp/usr_1"));
  EXPECT_FALSE(one.open(sealed, ""));
  EXPECT_TRUE(one.open(sealed, "user.password/usr_1"));
}

TEST(Sealer, ReadsWithEveryKeyAndWritesWithTheFirst) {
  const std::string written_before = sealer(kOld).seal("kept", "row");
  const Sealer rotated = sealer(kNew + "," + kOld);
  ASSERT_TRUE(rotated.open(written_before, "row"));
  EXPECT_EQ(rotated.open(written_before, "row")->reveal(), "kept");
  EXPECT_TRUE(rotated.is_outdated(written_before));

  const std::string resealed = rotated.seal("kept", "row");
  EXPECT_FALSE(rotated.is_outdated(resealed));
  EXPECT_TRUE(sealer(kNew).open(resealed, "row"));
  EXPECT_FALSE(sealer(kOld).open(resealed, "row"));
}

TEST(Sealer, AnotherKeyUnderTheSameIdOpensNothing) {
  const std::string sealed = sealer(kOld).seal("secret", "row");
  EXPECT_FALSE(sealer("old:" + base::to_base64(std::string(32, 'x'))).open(sealed, "row"));
}

TEST(Sealer, AValueOfAnotherVersionIsNotOurs) {
  const Sealer one = sealer(kOld);
  std::string sealed = one.seal("secret", "row");
  sealed[0] = 0x02;
  EXPECT_TRUE(one.is_outdated(sealed));
  EXPECT_FALSE(one.open(sealed, "row"));
}

TEST(Sealer, WhatIsNoSealedValueIsOutdatedAndDoesNotOpen) {
  const Sealer one = sealer(kOld);
  for (const std::string& text :
       {std::string(), std::string("plain text"), std::string("\x01", 1), std::string("\x01\xff old", 6)}) {
    EXPECT_TRUE(one.is_outdated(text));
    EXPECT_FALSE(one.open(text, "row"));
  }
}

}  // namespace
}  // namespace gatehouse::crypto
