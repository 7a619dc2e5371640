#include "crypto/token.h"

#include "base/text.h"

#include <gmock/gmock.h>
#include <limits>
#include <set>

namespace gatehouse::crypto {
namespace {

constexpr std::string_view kUrlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

base::Uuid uuid(char fill) { return base::Uuid::from_bytes(std::string(16, fill)).value(); }

EncryptionKeys keys(const std::string& text) { return EncryptionKeys::parse(base::Secret(text)); }
const std::string kOld = "old:" + base::to_base64(std::string(32, 'o'));
const std::string kNew = "new:" + base::to_base64(std::string(32, 'n'));

/// Every text that differs from `text` in one character, by any character that a token or a URL could hold.
template <class Check>
void for_each_one_character_mutant(const std::string& text, Check check) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const char other : std::string(kUrlSafe) + "=+/. %\n" + std::string(1, '\0') + "\xc3") {
      if (other == text[at]) continue;
      std::string mutant = text;
      mutant[at] = other;
      check(mutant);
    }
  }
}

TEST(OneTimeToken, NamesItsRowAndTheHashThatWasStored) {
  const NewOneTimeToken made = make_one_time_token("gir", uuid('p'), uuid('r'));
  const std::string text(made.text.reveal());
  EXPECT_THAT(text, testing::StartsWith("gir_"));
  EXPECT_EQ(text.size(), 4u + 86u);
  EXPECT_EQ(made.secret_hash.size(), 32u);
  const auto parsed = parse_one_time_token("gir", text);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->placement, uuid('p'));
  EXPECT_EQ(parsed->row, uuid('r'));
  EXPECT_EQ(parsed->secret_hash, made.secret_hash);
}

TEST(OneTimeToken, HashIsBoundToPurposePlacementAndRow) {
  const std::string text(make_one_time_token("gir", uuid('p'), uuid('r')).text.reveal());
  const std::string bytes = base::from_base64url(text.substr(4)).value();
  const std::string secret = bytes.substr(32);
  const auto hash_of = [&](std::string_view prefix, char placement, char row) {
    const std::string moved = std::string(16, placement) + std::string(16, row) + secret;
    return parse_one_time_token(prefix, std::string(prefix) + "_" + base::to_base64url(moved)).value().secret_hash;
  };
  const std::set<std::string> hashes{hash_of("gir", 'p', 'r'), hash_of("gpw", 'p', 'r'), hash_of("gir", 'q', 'r'),
                                     hash_of("gir", 'p', 's')};
  EXPECT_EQ(hashes.size(), 4u);
  EXPECT_EQ(hash_of("gir", 'p', 'r'), sha256("gir" + bytes));
}

TEST(OneTimeToken, NoChangedTokenMatchesTheStoredHash) {
  const NewOneTimeToken made = make_one_time_token("gir", uuid('p'), uuid('r'));
  for_each_one_character_mutant(std::string(made.text.reveal()), [&](const std::string& mutant) {
    const auto parsed = parse_one_time_token("gir", mutant);
    EXPECT_FALSE(parsed && constant_time_equal(parsed->secret_hash, made.secret_hash)) << mutant;
  });
}

TEST(OneTimeToken, HasOneSpelling) {
  const std::string text(make_one_time_token("gir", uuid('p'), uuid('r')).text.reveal());
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(parse_one_time_token("gir", text.substr(0, length)));
    EXPECT_FALSE(parse_one_time_token("gir", text.substr(text.size() - length)));
  }
  for (const std::string& other :
       {text + "A", text + "=", text + "==", text + "\n", " " + text, text + std::string(1, '\0'),
        "GIR" + text.substr(3), "gir-" + text.substr(4), text.substr(4)}) {
    EXPECT_FALSE(parse_one_time_token("gir", other)) << other;
  }
  // The last character carries four bits that mean nothing; only their one right value is taken.
  int accepted = 0;
  for (const char last : kUrlSafe) accepted += parse_one_time_token("gir", text.substr(0, 89) + last).has_value();
  EXPECT_EQ(accepted, 4);
  EXPECT_FALSE(parse_one_time_token("gpw", text));
  EXPECT_FALSE(parse_one_time_token("gi", text));
}

TEST(OneTimeToken, SecretsNeverRepeat) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.emplace(make_one_time_token("gir", uuid('p'), uuid('r')).text.reveal());
  EXPECT_EQ(seen.size(), 1000u);
}

TEST(OneTimeToken, APrefixOfAnotherLengthIsAProgrammingError) {
  EXPECT_THROW(make_one_time_token("gi", uuid('p'), uuid('r')), std::invalid_argument);
  EXPECT_THROW(make_one_time_token("", uuid('p'), uuid('r')), std::invalid_argument);
}

TEST(RefreshToken, RoundTripsEveryGeneration) {
  const auto one = keys(kOld);
  for (const std::int64_t generation : {std::int64_t(0), std::int64_t(1), std::int64_t(0x0102030405060708),
                                        std::numeric_limits<std::int64_t>::max(), std::int64_t(-1)}) {
    const auto parsed = parse_refresh_token(one, make_refresh_token(one, {uuid('d'), uuid('s'), generation}).reveal());
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->directory, uuid('d'));
    EXPECT_EQ(parsed->session, uuid('s'));
    EXPECT_EQ(parsed->generation, generation);
  }
}

TEST(RefreshToken, CanBeComputedAgainForAClientThatLostTheAnswer) {
  const auto one = keys(kOld);
  EXPECT_EQ(make_refresh_token(one, {uuid('d'), uuid('s'), 7}).reveal(),
            make_refresh_token(one, {uuid('d'), uuid('s'), 7}).reveal());
  EXPECT_NE(make_refresh_token(one, {uuid('d'), uuid('s'), 7}).reveal(),
            make_refresh_token(one, {uuid('d'), uuid('s'), 8}).reveal());
}

TEST(RefreshToken, EveryOneCharacterChangeIsRefused) {
  const auto both = keys(kOld + "," + kNew);
  const std::string text(make_refresh_token(both, {uuid('d'), uuid('s'), 7}).reveal());
  ASSERT_TRUE(parse_refresh_token(both, text));
  for_each_one_character_mutant(
      text, [&](const std::string& mutant) { EXPECT_FALSE(parse_refresh_token(both, mutant)) << mutant; });
}

TEST(RefreshToken, EveryBitFlipTruncationAndExtensionIsRefused) {
  const auto one = keys(kOld);
  const std::string text(make_refresh_token(one, {uuid('d'), uuid('s'), 7}).reveal());
  const std::string bytes = base::from_base64url(text.substr(4)).value();
  const auto refused = [&](const std::string& mutant) {
    return !parse_refresh_token(one, "grt_" + base::to_base64url(mutant)).has_value();
  };
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string mutant = bytes;
      mutant[at] = char(mutant[at] ^ (1 << bit));
      EXPECT_TRUE(refused(mutant)) << at << "." << bit;
    }
  }
  for (std::size_t length = 0; length < bytes.size(); ++length) EXPECT_TRUE(refused(bytes.substr(0, length))) << length;
  EXPECT_TRUE(refused(bytes + '\0'));
  for (const std::string& other : {text + "A", text + "=", text + "\n", text.substr(4), "GRT_" + text.substr(4),
                                   std::string(), std::string("grt_"), "grt_" + std::string(1'000'000, 'A')}) {
    EXPECT_FALSE(parse_refresh_token(one, other));
  }
}

TEST(RefreshToken, OldKeysReadAndRemovedOnesDoNot) {
  const std::string text(make_refresh_token(keys(kOld), {uuid('d'), uuid('s'), 7}).reveal());
  EXPECT_TRUE(parse_refresh_token(keys(kNew + "," + kOld), text));
  EXPECT_FALSE(parse_refresh_token(keys(kNew), text));
  EXPECT_FALSE(parse_refresh_token(keys("old:" + base::to_base64(std::string(32, 'x'))), text));
}

TEST(RefreshToken, AnotherVersionUnderTheSameKeyIsRefused) {
  const auto one = keys(kOld);
  const std::string text(make_refresh_token(one, {uuid('d'), uuid('s'), 7}).reveal());
  std::string payload = base::from_base64url(text.substr(4)).value();
  payload.resize(payload.size() - 32);
  const auto with_mac = [&] {
    const std::string mac = hmac_sha256(one.subkeys(Purpose::refresh).at(0).bytes.reveal(), "refresh v1" + payload);
    return "grt_" + base::to_base64url(payload + mac);
  };
  ASSERT_EQ(with_mac(), text);
  payload[0] = 0x02;
  EXPECT_FALSE(parse_refresh_token(one, with_mac()));
}

TEST(RefreshToken, LongestKeyIdFits) {
  const auto one = keys("sixteen-letters_:" + base::to_base64(std::string(32, 'k')));
  EXPECT_TRUE(parse_refresh_token(one, make_refresh_token(one, {uuid('d'), uuid('s'), 7}).reveal()));
}

TEST(BrowserSession, RoundTripsAndIsOneTextForOneSession) {
  const auto one = keys(kOld);
  const BrowserSession session{uuid('d'), uuid('s')};
  const std::string text(make_browser_session(one, session).reveal());
  EXPECT_TRUE(text.starts_with("gbs_"));
  const auto parsed = parse_browser_session(one, text);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->directory, uuid('d'));
  EXPECT_EQ(parsed->session, uuid('s'));
  EXPECT_EQ(make_browser_session(one, session).reveal(), text);
  EXPECT_NE(make_browser_session(one, {uuid('s'), uuid('d')}).reveal(), text);
}

TEST(BrowserSession, EveryOneCharacterChangeIsRefused) {
  const auto both = keys(kOld + "," + kNew);
  const std::string text(make_browser_session(both, {uuid('d'), uuid('s')}).reveal());
  ASSERT_TRUE(parse_browser_session(both, text));
  for_each_one_character_mutant(
      text, [&](const std::string& mutant) { EXPECT_FALSE(parse_browser_session(both, mutant)) << mutant; });
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(parse_browser_session(both, text.substr(0, length))) << length;
  }
  for (const std::string& other :
       {text + "A", text + "=", text + " ", "\"" + text + "\"", std::string("gbs_") + std::string(1'000'000, 'A')}) {
    EXPECT_FALSE(parse_browser_session(both, other));
  }
}

TEST(BrowserSession, OldKeysReadAndRemovedOnesDoNot) {
  const std::string text(make_browser_session(keys(kOld), {uuid('d'), uuid('s')}).reveal());
  EXPECT_TRUE(parse_browser_session(keys(kNew + "," + kOld), text));
  EXPECT_FALSE(parse_browser_session(keys(kNew), text));
  EXPECT_FALSE(parse_browser_session(keys("old:" + base::to_base64(std::string(32, 'x'))), text));
}

TEST(BrowserSession, ARefreshTokenIsNoneEvenWithItsPrefix) {
  const auto one = keys(kOld);
  const std::string refresh(make_refresh_token(one, {uuid('d'), uuid('s'), 7}).reveal());
  const std::string browser(make_browser_session(one, {uuid('d'), uuid('s')}).reveal());
  EXPECT_FALSE(parse_browser_session(one, refresh));
  EXPECT_FALSE(parse_browser_session(one, "gbs_" + refresh.substr(4)));
  EXPECT_FALSE(parse_refresh_token(one, "grt_" + browser.substr(4)));
}

TEST(FormToken, IsOfOneSessionAndReadsUnderOldKeys) {
  const BrowserSession session{uuid('d'), uuid('s')};
  const std::string token = make_form_token(keys(kOld), session);
  EXPECT_TRUE(is_form_token(keys(kOld), session, token));
  EXPECT_TRUE(is_form_token(keys(kNew + "," + kOld), session, token));
  EXPECT_FALSE(is_form_token(keys(kNew), session, token));
  EXPECT_FALSE(is_form_token(keys(kOld), {uuid('d'), uuid('t')}, token));
  EXPECT_FALSE(is_form_token(keys(kOld), {uuid('s'), uuid('d')}, token));
  EXPECT_FALSE(is_form_token(keys(kOld), session, ""));
  EXPECT_FALSE(is_form_token(keys(kOld), session, std::string(1'000'000, 'A')));
  EXPECT_FALSE(is_form_token(keys(kOld), session, make_browser_session(keys(kOld), session).reveal()));
  const auto one = keys(kOld);
  for_each_one_character_mutant(
      token, [&](const std::string& mutant) { EXPECT_FALSE(is_form_token(one, session, mutant)) << mutant; });
}

}  // namespace
}  // namespace gatehouse::crypto
