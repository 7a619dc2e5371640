#include "domain/key_rotation.h"

#include "base/text.h"
#include "domain/access_tokens.h"
#include "domain/fixture_test.h"
#include "domain/idempotency.h"
#include "domain/outbox.h"
#include "domain/passwords.h"
#include "mail/letters.h"

#include <boost/json.hpp>

namespace gatehouse::domain {
namespace {

namespace json = boost::json;
using testing::ElementsAre;

class KeyRotationTest : public DomainTest {
 protected:
  std::string issue() const { return std::string(access_tokens_.issue(claims_, clock_.now()).reveal()); }
  bool is_valid(const std::string& token) const { return access_tokens_.verify(token, clock_.now()).has_value(); }
  static std::string kid_of(const std::string& token) {
    const auto header = base::from_base64url(token.substr(0, token.find('.'))).value();
    return std::string(json::parse(header).as_object().at("kid").as_string());
  }
  /// The kids that services see.
  std::vector<std::string> published() const {
    const json::object set = json::parse(access_tokens_.jwks()).as_object();
    std::vector<std::string> kids;
    for (const auto& key : set.at("keys").as_array()) kids.emplace_back(key.as_object().at("kid").as_string());
    return kids;
  }
  void advance(base::Duration by) {
    clock_.advance(by);
    access_tokens_.reload(*database_, clock_.now());
  }

  AccessClaims claims_{
      {store::kSharedDirectory, store::UserId::make(kNoon)}, store::SessionId::make(kNoon), std::nullopt, {}, 0};
};

TEST_F(KeyRotationTest, ANewKeyIsPublishedBeforeItSigns) {
  const std::string old_kid = kid_of(issue());
  ASSERT_THAT(published(), ElementsAre(old_kid));
  const std::string new_kid = rotate_signing_key(services_);
  advance(0s);
  EXPECT_THAT(published(), ElementsAre(old_kid, new_kid));
  EXPECT_EQ(kid_of(issue()), old_kid);
  advance(kKeyOverlap - base::Duration(1));
  EXPECT_EQ(kid_of(issue()), old_kid) << "a service that caches the key set may not know the new key yet";
  advance(base::Duration(1));
  EXPECT_EQ(kid_of(issue()), new_kid);
}

TEST_F(KeyRotationTest, TheNewKeySignsInTimeThoughTheNodeHasNotLookedAgain) {
  const std::string new_kid = rotate_signing_key(services_);
  access_tokens_.reload(*database_, clock_.now());
  clock_.advance(kKeyOverlap);
  EXPECT_EQ(kid_of(issue()), new_kid);
}

TEST_F(KeyRotationTest, TokensOfTheOldKeyVerifyToTheirEnd) {
  const std::string old_kid = kid_of(issue());
  const std::string new_kid = rotate_signing_key(services_);
  advance(kKeyOverlap - base::Duration(1));
  const std::string last = issue();
  ASSERT_EQ(kid_of(last), old_kid);
  advance(kAccessTokenLife - 1s);
  EXPECT_TRUE(is_valid(last));
  EXPECT_THAT(published(), ElementsAre(old_kid, new_kid));
}

TEST_F(KeyRotationTest, TheOldKeyRetiresOnceNoTokenOfItLives) {
  const auto old_row = run([](db::Transaction& tx) { return store::list_signing_keys(tx, kNoon); }).at(0);
  const auto old_key = crypto::SigningKey::from_pem(
      crypto::Algorithm::es256, *sealer_.open(old_row.private_key.data, signing_key_binding(old_row.kid)));
  const std::string new_kid = rotate_signing_key(services_);
  advance(kKeyOverlap + 2 * kAccessTokenLife);
  EXPECT_THAT(published(), ElementsAre(new_kid));
  const std::string fresh = issue();
  ASSERT_TRUE(is_valid(fresh));
  const auto parts = base::split(fresh, '.');
  EXPECT_FALSE(is_valid(old_key.sign("at+jwt", base::from_base64url(parts.at(1)).value())))
      << "a stolen old key signs nothing any more";
}

TEST_F(KeyRotationTest, RotatingTwiceInARowLeavesNoMomentWithoutAKey) {
  const std::string first = kid_of(issue());
  const std::string second = rotate_signing_key(services_);
  advance(5min);
  const std::string third = rotate_signing_key(services_);
  std::vector<std::string> signers;
  for (int minute = 0; minute < 60; ++minute) {
    advance(1min);
    const std::string token = issue();
    EXPECT_TRUE(is_valid(token)) << minute;
    if (signers.empty() || signers.back() != kid_of(token)) signers.push_back(kid_of(token));
  }
  EXPECT_THAT(signers, ElementsAre(first, second, third));
  EXPECT_THAT(published(), ElementsAre(third));
}

TEST_F(KeyRotationTest, WhatRotatesIsRecorded) {
  rotate_signing_key(services_);
  constexpr db::Statement kCount{"test rotations", "SELECT COUNT(*) FROM audit_entries WHERE action = 'keys.rotated'"};
  EXPECT_EQ(run([&](db::Transaction& tx) { return tx.query_one(kCount)->get<std::int64_t>(0); }), 1);
}

/// A deployment that goes from one encryption key to another.
class ResealTest : public KeyRotationTest {
 protected:
  ResealTest() {
    user_.password_hash = hash_password(services_, user_.account(), base::Secret("seven kettles"), "lane");
    run([&](db::Transaction& tx) {
      store::insert_user(tx, user_);
      letter_ = *enqueue(tx, services_, {user_.email, user_.account(), std::nullopt, kNoon, kNoon + 48h}, notice_);
    });
  }
  Services with(const crypto::EncryptionKeys& keys, const crypto::Sealer& sealer, AccessTokens& tokens) {
    return {*database_, clock_, hasher_, keys, sealer, tokens, settings(), [] {}, requests_, known_sessions_};
  }
  /// Whether the signing key, the password and the letter can be read with these keys alone.
  std::tuple<bool, bool, bool> readable(const crypto::EncryptionKeys& keys) {
    const crypto::Sealer sealer(keys);
    AccessTokens tokens(settings(), sealer);
    bool opens = true;
    try {
      tokens.open(*database_, kNoon);
    } catch (const std::runtime_error&) {
      opens = false;
    }
    const auto user = run([&](db::Transaction& tx) { return store::find_user(tx, user_.account()); });
    const bool matches =
        verify_password(with(keys, sealer, tokens), user, base::Secret("seven kettles"), "lane").matches;
    const auto waiting = run([](db::Transaction& tx) { return store::list_waiting_contents(tx, {}, 10); });
    const store::ClaimedLetter letter{letter_, {}, {}, {waiting.at(0).get<std::string>(1)}, 1, {}, {}};
    const auto content = open_letter(sealer, letter);
    return {opens, matches, content && content->text == mail::render(notice_).text};
  }

  store::User user_{store::kSharedDirectory,
                    store::UserId::make(kNoon),
                    *base::parse_email("ann@x.example"),
                    std::nullopt,
                    {},
                    "active",
                    std::nullopt,
                    kNoon};
  const mail::TestLetter notice_{kNoon};
  store::LetterId letter_;
  const std::string new_key_ = "2:" + base::to_base64(std::string(32, 'n'));
};

TEST_F(ResealTest, AfterwardsTheNewKeyAloneReadsEverythingAndTheOldOneNothing) {
  const auto both = keys(new_key_ + "," + key_text_), new_keys = keys(new_key_);
  const crypto::Sealer sealer(both);
  AccessTokens tokens(settings(), sealer);
  ASSERT_EQ(readable(keys_), std::tuple(true, true, true));
  ASSERT_EQ(readable(new_keys), std::tuple(false, false, false));

  const Resealed done = reseal(with(both, sealer, tokens));
  EXPECT_EQ(done.signing_keys, 1);
  EXPECT_EQ(done.password_hashes, 1);
  EXPECT_EQ(done.letters, 1);
  EXPECT_EQ(readable(new_keys), std::tuple(true, true, true));
  EXPECT_EQ(readable(keys_), std::tuple(false, false, false));
  const Resealed again = reseal(with(both, sealer, tokens));
  EXPECT_EQ(again.signing_keys + again.password_hashes + again.letters, 0);
}

TEST_F(ResealTest, ARepeatedRequestIsNotDoneTwiceBecauseANewKeyCame) {
  const auto both = keys(new_key_ + "," + key_text_);
  const crypto::Sealer sealer(both);
  AccessTokens tokens(settings(), sealer);
  const auto claim = [&](const Services& services, const std::string& key) {
    Origin origin;
    origin.idempotency = std::make_shared<IdempotentRequest>(IdempotentRequest{key, std::nullopt});
    auto earlier = claim_request(services, origin, "ann", "invite", "{}");
    if (earlier && !*earlier) {
      const std::string answer = "made";
      settle_request(services, origin, &answer);
    }
    return earlier.value().value_or("new");
  };
  EXPECT_EQ(claim(services_, "before"), "new");
  EXPECT_EQ(claim(with(both, sealer, tokens), "before"), "made");
  EXPECT_EQ(claim(with(both, sealer, tokens), "behind"), "new");
  EXPECT_EQ(claim(with(both, sealer, tokens), "behind"), "made");
}

}  // namespace
}  // namespace gatehouse::domain
