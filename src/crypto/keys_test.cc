#include "crypto/keys.h"

#include "base/text.h"
#include "crypto/hkdf.h"

#include <gmock/gmock.h>

namespace gatehouse::crypto {
namespace {

using base::Secret;
using base::to_hex;

const std::string kKeyA = base::to_base64(std::string(32, 'a'));
const std::string kKeyB = base::to_base64(std::string(32, 'b'));

std::string from_hex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out += char(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return out;
}

EncryptionKeys parse(const std::string& text) { return EncryptionKeys::parse(Secret(text)); }

std::string message_of_refused(const std::string& text) {
  try {
    parse(text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Hkdf, MatchesRfc5869) {
  EXPECT_EQ(to_hex(hkdf_sha256(std::string(22, '\x0b'), from_hex("000102030405060708090a0b0c"),
                               from_hex("f0f1f2f3f4f5f6f7f8f9"), 42)
                       .reveal()),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  EXPECT_EQ(to_hex(hkdf_sha256(std::string(22, '\x0b'), "", "", 42).reveal()),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(Hmac, MatchesRfc4231) {
  EXPECT_EQ(to_hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hmac, TakesAnEmptyKeyAndAnEmptyMessage) {
  EXPECT_EQ(to_hex(hmac_sha256({}, {})), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
  EXPECT_NE(hmac_sha256("key", {}), hmac_sha256({}, {}));
}

TEST(Sha256, MatchesFips180) {
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(ConstantTimeEqual, ComparesEveryByteAndTheLength) {
  EXPECT_TRUE(constant_time_equal("", std::string_view()));
  EXPECT_TRUE(constant_time_equal("same", "same"));
  EXPECT_FALSE(constant_time_equal("same", "Same"));
  EXPECT_FALSE(constant_time_equal("same", "samE"));
  EXPECT_FALSE(constant_time_equal("same", "sam"));
  EXPECT_FALSE(constant_time_equal("", "a"));
}

TEST(EncryptionKeys, KeepTheirOrderSoThatTheFirstWrites) {
  const auto keys = parse("new:" + kKeyB + ",old:" + kKeyA);
  const auto& subkeys = keys.subkeys(Purpose::seal);
  ASSERT_EQ(subkeys.size(), 2u);
  EXPECT_EQ(subkeys[0].id, "new");
  EXPECT_EQ(subkeys[1].id, "old");
  EXPECT_EQ(subkeys[1].bytes.reveal(), hkdf_sha256(std::string(32, 'a'), {}, "gatehouse seal v1", 32).reveal());
}

TEST(EncryptionKeys, EveryPurposeHasASubkeyOfItsOwn) {
  const auto keys = parse(kKeyA);
  std::vector<std::string> seen;
  for (const Purpose purpose :
       {Purpose::seal, Purpose::refresh, Purpose::cursor, Purpose::limit, Purpose::browser, Purpose::csrf}) {
    const auto& subkey = keys.subkeys(purpose).at(0);
    EXPECT_EQ(subkey.id, "1");
    EXPECT_EQ(subkey.bytes.reveal().size(), 32u);
    EXPECT_THAT(seen, testing::Not(testing::Contains(std::string(subkey.bytes.reveal()))));
    seen.emplace_back(subkey.bytes.reveal());
  }
}

TEST(EncryptionKeys, TolerateWhatAFileOrAnEnvironmentAddsAround) {
  EXPECT_EQ(parse("  " + kKeyA + "\r\n").subkeys(Purpose::seal).size(), 1u);
  EXPECT_EQ(parse("a:" + kKeyA + ", b:" + kKeyB + "\n").subkeys(Purpose::seal).size(), 2u);
}

TEST(EncryptionKeys, RefuseWhatIsNotAListOfKeysAndNeverRepeatIt) {
  const std::string short_key = base::to_base64(std::string(31, 'a'));
  const std::string long_key = base::to_base64(std::string(33, 'a'));
  const std::string unpadded = kKeyA.substr(0, kKeyA.size() - 1);
  for (const std::string& text : {std::string(),
                                  std::string(" \n"),
                                  std::string(","),
                                  kKeyA + ",",
                                  "," + kKeyA,
                                  "a:" + kKeyA + ",,b:" + kKeyB,
                                  short_key,
                                  long_key,
                                  unpadded,
                                  "a:" + short_key,
                                  std::string("a:"),
                                  ":" + kKeyA,
                                  "a:b:" + kKeyA,
                                  "a b:" + kKeyA,
                                  "seventeen_letters:" + kKeyA,
                                  "\xc3\xa4:" + kKeyA,
                                  "a:" + kKeyA + ",a:" + kKeyB,
                                  kKeyA + ",1:" + kKeyB,
                                  kKeyA + "," + kKeyB,
                                  std::string("a:not base64, at all"),
                                  "a: " + kKeyA,
                                  "a:" + std::string(43, '-') + "="}) {
    const std::string message = message_of_refused(text);
    EXPECT_THAT(message, testing::StartsWith("the encryption key list: item ")) << text;
    EXPECT_THAT(message, testing::Not(testing::HasSubstr("YWFh"))) << text;
  }
  EXPECT_THAT(message_of_refused("a:" + kKeyA + ",a:" + kKeyB), testing::HasSubstr("item 2"));
}

TEST(EncryptionKeys, GeneratedOnesParseAndDiffer) {
  const Secret one = EncryptionKeys::generate();
  const Secret other = EncryptionKeys::generate();
  EXPECT_NE(one.reveal(), other.reveal());
  const auto keys = parse(std::string(one.reveal()) + "," + std::string(other.reveal()));
  EXPECT_NE(keys.subkeys(Purpose::seal)[0].bytes.reveal(), keys.subkeys(Purpose::seal)[1].bytes.reveal());
}

}  // namespace
}  // namespace gatehouse::crypto
