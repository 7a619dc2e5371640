#include "crypto/foreign_password.h"

#include "crypto/password.h"

#include <chrono>
#include <gmock/gmock.h>

namespace gatehouse::crypto {
namespace {

using base::Secret;
using testing::StartsWith;

const std::string kPassword = "seven kettles on a raft";

// Made by hashlib of Python 3.11, by libargon2 20171227 and by libxcrypt 4.4.33.
struct Known {
  std::string name;
  std::string stored;
};
const std::vector<Known> kKnown{
    {"Argon2id", "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$AICU7VhlA56lpVeEs/D9uTcg0qaGJJemi0IvQEgsiKg"},
    {"Argon2id_p2", "$argon2id$v=19$m=256,t=2,p=2$c2FsdHNhbHRzYWx0c2FsdA$6xuCQOeBbokQxLYvJIR9v1U0/f1k/juZR394mITxXbs"},
    {"Argon2id_p4", "$argon2id$v=19$m=1024,t=3,p=4$c2FsdHNhbHRzYWx0c2FsdA$ayQCbuj5sGABs/AtfLzFasWb55JMdRyVcgmwlotCDk4"},
    {"Argon2id_long",
     "$argon2id$v=19$m=256,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2Fs"
     "dA$KdL0s/bodHISx3RCzhAt8+hKehbEPJ1uGz29/pYreg/ugacV2cS1rVCE0eLjSCvz7ebVgT++p4AwQGZQPyURkA"},
    {"Argon2i", "$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$I5p8fsVcdvgYWfscYm/SBNMkjVLx9oQvYJ0885UmXmI"},
    {"Argon2i_p4", "$argon2i$v=19$m=1024,t=3,p=4$c2FsdHNhbHRzYWx0c2FsdA$+UkkeDBnZ54pnYPOLkoMcldn/TRhLNHuBj8DMzH21V0"},
    {"bcrypt_2a", "$2a$04$abcdefghijklmnopqrstuuqkwIVZePUPU4SyT6SOon4i9/cQnhi3q"},
    {"bcrypt_2b", "$2b$04$abcdefghijklmnopqrstuuqkwIVZePUPU4SyT6SOon4i9/cQnhi3q"},
    {"bcrypt_2y", "$2y$04$abcdefghijklmnopqrstuuqkwIVZePUPU4SyT6SOon4i9/cQnhi3q"},
    {"bcrypt_salt_with_spare_bits", "$2b$04$abcdefghijklmnopqrstuvqkwIVZePUPU4SyT6SOon4i9/cQnhi3q"},
    {"scrypt", "$scrypt$ln=10,r=8,p=2$c2FsdHNhbHRzYWx0c2FsdA$m2zKzgnNA4txNH9Z2ZEoRTvb9VD4gFFDv6GUUKvhKgQ"},
    {"Werkzeug_scrypt",
     "scrypt:32768:8:1$pZo8yL3kQw1xT9Vb$"
     "f6bbfde7cac06b0afaf7d69c199878b2940bd9d9dd33ec2ed4ef182bfd8825125acdfebbb58adb38"
     "ebcb2a7835b28b4f1e209af994a502fe2f02d7ddca675a6c"},
    {"Werkzeug_PBKDF2_SHA1", "pbkdf2:sha1:1000$saltsaltsaltsalt$f609ddf6b309d4c84af13539cb9a8862a03fd3b1"},
    {"Werkzeug_PBKDF2_SHA256",
     "pbkdf2:sha256:1000$saltsaltsaltsalt$966418a11e33ae7c1063b081116433241319a7f60fb3a988bcc8d07a377a99a0"},
    {"Werkzeug_PBKDF2_SHA512",
     "pbkdf2:sha512:1000$saltsaltsaltsalt$"
     "62c912b14df3d838160fae840b227db55076eb6578832253e3f61223265163372d3105f0ac4c4f"
     "9400275fd93277dc03ed0fce91b97427ae2d62b62130a92e45"},
    {"PBKDF2_SHA1", "$pbkdf2-sha1$i=1000$c2FsdHNhbHRzYWx0c2FsdA$9gnd9rMJ1MhK8TU5y5qIYqA/07E"},
    {"PBKDF2_SHA256", "$pbkdf2-sha256$i=1000$c2FsdHNhbHRzYWx0c2FsdA$lmQYoR4zrnwQY7CBEWQzJBMZp/YPs6mIvMjQejd6maA"},
    {"PBKDF2_SHA512",
     "$pbkdf2-sha512$i=1000$c2FsdHNhbHRzYWx0c2FsdA$YskSsU3z2DgWD66ECyJ9tVB262V4gyJT4/YSIyZRYzctMQXwrExPlAAnX9kyd9wD7Q/"
     "Okbl0J64tYrYhMKkuRQ"},
    {"passlib_PBKDF2_SHA1", "$pbkdf2$1000$c2FsdHNhbHRzYWx0c2FsdA$9gnd9rMJ1MhK8TU5y5qIYqA/07E"},
    {"passlib_PBKDF2_SHA256", "$pbkdf2-sha256$1000$c2FsdHNhbHRzYWx0c2FsdA$lmQYoR4zrnwQY7CBEWQzJBMZp/YPs6mIvMjQejd6maA"},
};

class KnownHashTest : public testing::TestWithParam<Known> {
 protected:
  PasswordHasher hasher_{{8 * 1024, 1}, 1, 100};
};

INSTANTIATE_TEST_SUITE_P(Formats, KnownHashTest, testing::ValuesIn(kKnown),
                         [](const auto& parameter) { return parameter.param.name; });

TEST_P(KnownHashTest, OpensForItsPasswordAlone) {
  const auto hash = ForeignHash::parse(GetParam().stored);
  ASSERT_TRUE(hash) << hash.error();
  EXPECT_TRUE(hash->matches(kPassword));
  for (const std::string& wrong : {std::string(), kPassword + " ", std::string("Seven kettles on a raft"),
                                   kPassword + std::string(1, '\0'), std::string(300, 'x')}) {
    EXPECT_FALSE(hash->matches(wrong));
  }
}

TEST_P(KnownHashTest, DoesNotOpenWhenItsLastCharacterChanges) {
  std::string stored = GetParam().stored;
  // Not by spare bits of base64, which the strict decoder refuses anyway.
  char& character = stored[stored.size() - 2];
  character = character == '1' ? '2' : '1';
  const auto hash = ForeignHash::parse(stored);
  ASSERT_TRUE(hash) << hash.error();
  EXPECT_FALSE(hash->matches(kPassword));
}

TEST_P(KnownHashTest, IsVerifiedByTheHasherAndIsOutdated) {
  const Verification right = hasher_.verify(GetParam().stored, Secret(kPassword), "lane");
  EXPECT_TRUE(right.matches);
  // A weak Argon2id hash like ours is outdated by its cost, and this one costs more than these tests' least.
  EXPECT_EQ(right.outdated, GetParam().name != "Argon2id");
  const Verification wrong = hasher_.verify(GetParam().stored, Secret("wrong"), "lane");
  EXPECT_FALSE(wrong.matches);
  EXPECT_FALSE(wrong.outdated);
}

TEST_P(KnownHashTest, IsRefusedInEveryShorterForm) {
  const std::string& stored = GetParam().stored;
  for (std::size_t length = 0; length < stored.size(); ++length) {
    const auto cut = ForeignHash::parse(std::string_view(stored).substr(0, length));
    EXPECT_FALSE(cut && cut->matches(kPassword)) << length;
  }
  EXPECT_FALSE(ForeignHash::parse(stored + std::string(1, '\0')));
  EXPECT_FALSE(ForeignHash::parse(stored + "\n"));
  EXPECT_FALSE(ForeignHash::parse(" " + stored));
}

std::string problem(const std::string& stored) {
  const auto hash = ForeignHash::parse(stored);
  return hash ? "" : std::string(hash.error());
}

const std::string kSalt = "$c2FsdHNhbHRzYWx0c2FsdA", kHash = "$lmQYoR4zrnwQY7CBEWQzJBMZp/YPs6mIvMjQejd6maA";
const std::string kHex = "$saltsaltsaltsalt$" + std::string(64, 'a');

TEST(ForeignHashTest, TakesCostsUpToTheLimitAndNoMore) {
  for (const std::string& taken :
       {"$argon2id$v=19$m=131072,t=10,p=4" + kSalt + kHash, "$scrypt$ln=17,r=8,p=2" + kSalt + kHash,
        "$scrypt$ln=14,r=8,p=16" + kSalt + kHash, "scrypt:131072:8:1" + kHex + std::string(64, 'b'),
        "pbkdf2:sha256:2000000" + kHex, "$pbkdf2-sha256$i=2000000" + kSalt + kHash,
        std::string("$2b$14$abcdefghijklmnopqrstuuqkwIVZePUPU4SyT6SOon4i9/cQnhi3q")}) {
    EXPECT_EQ(problem(taken), "") << taken;
  }
  for (const std::string& dear :
       {"$argon2id$v=19$m=131073,t=1,p=1" + kSalt + kHash, "$argon2id$v=19$m=1024,t=11,p=1" + kSalt + kHash,
        "$argon2id$v=19$m=1024,t=1,p=5" + kSalt + kHash, "$argon2id$v=19$m=4294967295,t=4294967295,p=1" + kSalt + kHash,
        "$argon2i$v=19$m=9999999999999999999,t=1,p=1" + kSalt + kHash, "$scrypt$ln=18,r=8,p=1" + kSalt + kHash,
        "$scrypt$ln=17,r=8,p=3" + kSalt + kHash, "$scrypt$ln=63,r=8,p=1" + kSalt + kHash,
        "$scrypt$ln=1,r=33,p=1" + kSalt + kHash, "$scrypt$ln=1,r=1,p=33" + kSalt + kHash,
        "scrypt:262144:8:1" + kHex + std::string(64, 'b'),
        "scrypt:4611686018427387904:8:1" + kHex + std::string(64, 'b'), "pbkdf2:sha256:2000001" + kHex,
        "pbkdf2:sha256:999999999999" + kHex, "$pbkdf2-sha256$2000001" + kSalt + kHash,
        std::string("$2b$15$abcdefghijklmnopqrstuuqkwIVZePUPU4SyT6SOon4i9/cQnhi3q"),
        std::string("$2b$31$abcdefghijklmnopqrstuuqkwIVZePUPU4SyT6SOon4i9/cQnhi3q")}) {
    EXPECT_EQ(problem(dear), "the cost of the hash is over the limit") << dear;
  }
}

TEST(ForeignHashTest, TheMostExpensiveOnesTakeSecondsAndNotMinutes) {
  const auto begin = std::chrono::steady_clock::now();
  for (const std::string& taken :
       {"$argon2id$v=19$m=131072,t=10,p=4" + kSalt + kHash, "$scrypt$ln=17,r=8,p=2" + kSalt + kHash,
        "$scrypt$ln=15,r=32,p=2" + kSalt + kHash, "$scrypt$ln=1,r=32,p=32" + kSalt + kHash,
        "pbkdf2:sha512:2000000$saltsaltsaltsalt$" + std::string(128, 'a'),
        std::string("$2b$14$abcdefghijklmnopqrstuuqkwIVZePUPU4SyT6SOon4i9/cQnhi3q")}) {
    const auto hash = ForeignHash::parse(taken);
    ASSERT_TRUE(hash) << taken << ": " << hash.error();
    hash->matches("a wrong password");
  }
  // A loose bound, for a busy machine under a sanitizer: alone they take about five seconds together.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(120));
}

TEST(ForeignHashTest, SaysWhatKeepsATextFromBeingUsed) {
  for (const std::string& unknown :
       {std::string(), std::string("password"), std::string("5f4dcc3b5aa765d61d8327deb882cf99"),
        std::string("$1$salt$hash"), std::string("$2x$04$abcdefghijklmnopqrstuuqkwIVZePUPU4SyT6SOon4i9/cQnhi3q"),
        std::string("sha256$salt$abcdef"), std::string("plain:secret"), "pbkdf2:md5:1000" + kHex,
        "$pbkdf2-sha224$i=1000" + kSalt + kHash, std::string("$argon2d$v=19$m=64,t=1,p=1$c2FsdA$aGFzaA"),
        std::string(600, 'a'), std::string("\xff\xfe")}) {
    EXPECT_EQ(problem(unknown), "the format of the hash is unknown") << unknown;
  }
  for (const std::string& broken : {"$argon2id$v=19$m=64,t=1" + kSalt + kHash,
                                    "$argon2id$v=19$t=1,m=64,p=1" + kSalt + kHash,
                                    "$argon2id$v=19$m=7,t=1,p=1" + kSalt + kHash,
                                    "$argon2id$v=19$m=64,t=0,p=1" + kSalt + kHash,
                                    "$argon2id$v=19$m=64,t=1,p=0" + kSalt + kHash,
                                    "$argon2id$v=19$m=+64,t=1,p=1" + kSalt + kHash,
                                    "$argon2id$v=19$m=64,t=1,p=1" + kSalt + "$AAAA",
                                    "$argon2id$v=19$m=64,t=1,p=1$AAAA" + kHash,
                                    "$scrypt$ln=0,r=8,p=1" + kSalt + kHash,
                                    "$scrypt$ln=4,r=0,p=1" + kSalt + kHash,
                                    "$scrypt$ln=4,r=1,p=0" + kSalt + kHash,
                                    "$scrypt$ln=16,r=1,p=1" + kSalt + kHash,
                                    "scrypt:1000:8:1" + kHex + std::string(64, 'b'),
                                    "scrypt:1024:8:1" + kHex + "aa",
                                    "scrypt:-1024:8:1" + kHex + std::string(64, 'b'),
                                    "pbkdf2:sha256:0" + kHex,
                                    "pbkdf2:sha256" + kHex,
                                    "pbkdf2:sha1:1000" + kHex,
                                    "pbkdf2:sha256:1000$$" + std::string(64, 'a'),
                                    "pbkdf2:sha256:1000$salt$" + std::string(63, 'a') + "g",
                                    "$pbkdf2-sha256$i=1000$c2Fs=" + kHash,
                                    std::string("$2b$03$abcdefghijklmnopqrstuuqkwIVZePUPU4SyT6SOon4i9/cQnhi3q"),
                                    std::string("$2b$4$aabcdefghijklmnopqrstuuqkwIVZePUPU4SyT6SOon4i9/cQnhi3q"),
                                    std::string("$2b$04$abcdefghijklmnopqrstuuqkwIVZePUPU4SyT6SOon4i9/cQnhi3")}) {
    EXPECT_EQ(problem(broken), "the hash is damaged") << broken;
  }
  EXPECT_THAT(problem("$argon2id$v=16$m=64,t=1,p=1" + kSalt + kHash), StartsWith("only version 19"));
  EXPECT_THAT(problem("$argon2id$m=64,t=1,p=1" + kSalt + kHash), testing::Not(""));
}

// The classic trap of bcrypt: what stands behind its 72nd byte has never counted.
TEST(ForeignHashTest, BcryptLooksAtSeventyTwoBytes) {
  // Of 72 times "x".
  const auto hash = ForeignHash::parse("$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i");
  ASSERT_TRUE(hash) << hash.error();
  EXPECT_TRUE(hash->matches(std::string(72, 'x')));
  EXPECT_TRUE(hash->matches(std::string(72, 'x') + "whatever"));
  EXPECT_FALSE(hash->matches(std::string(71, 'x')));
  EXPECT_FALSE(hash->matches(std::string(71, 'x') + "y"));
  EXPECT_FALSE(hash->matches(std::string(72, 'x') + std::string(1, '\0') + "whatever"));
}

TEST(ForeignHashTest, APasswordIsTriedAsItWasTypedAndAsNfc) {
  PasswordHasher hasher({8 * 1024, 1}, 1, 100);
  // Of "cafe" with a combining accent, and of the precomposed form.
  const std::string decomposed =
      "pbkdf2:sha256:10$saltsaltsaltsalt$20772fc4e734eb1d360266cf102af18b0f52a438b713c3da7e7d821040dc32a5";
  const std::string composed =
      "pbkdf2:sha256:10$saltsaltsaltsalt$003b90ee2971f376e54b5f73fb7ccc8f480639970a1ccdf7b69553b18215d3e1";
  EXPECT_TRUE(hasher.verify(decomposed, Secret("cafe\u0301"), "lane").matches);
  EXPECT_FALSE(hasher.verify(decomposed, Secret("caf\u00e9"), "lane").matches);
  EXPECT_TRUE(hasher.verify(composed, Secret("cafe\u0301"), "lane").matches);
  EXPECT_TRUE(hasher.verify(composed, Secret("caf\u00e9"), "lane").matches);
  EXPECT_FALSE(hasher.verify(composed, Secret("cafe"), "lane").matches);
}

}  // namespace
}  // namespace gatehouse::crypto
