#include "domain/access_tokens.h"

#include "base/text.h"
#include "domain/fixture_test.h"
#include "domain/permissions.h"

#include <boost/json.hpp>

namespace gatehouse::domain {
namespace {

namespace json = boost::json;
using testing::IsEmpty;

class AccessTokensTest : public DomainTest {
 protected:
  std::string issue(base::Time now) const { return std::string(access_tokens_.issue(claims_, now).reveal()); }
  bool is_valid(std::string_view token, base::Time now = kNoon) const {
    return access_tokens_.verify(token, now).has_value();
  }
  static json::object part(const std::string& token, std::size_t which) {
    return json::parse(base::from_base64url(base::split(token, '.').at(which)).value()).as_object();
  }
  static std::string text(const json::object& object, std::string_view name) {
    return std::string(object.at(name).as_string());
  }
  /// The one key of the database, for tokens that Gatehouse would not make.
  crypto::SigningKey signing_key() {
    const auto row = run([](db::Transaction& tx) { return store::list_signing_keys(tx, kNoon); }).at(0);
    return crypto::SigningKey::from_pem(crypto::Algorithm::es256,
                                        *sealer_.open(row.private_key.data, signing_key_binding(row.kid)));
  }
  /// A token of ours with one claim changed, rightly signed; without it when there is no value.
  std::string with_claim(std::string_view name, std::optional<json::value> value) {
    json::object payload = part(issue(kNoon), 1);
    payload.erase(name);
    if (value) payload[name] = *value;
    return signing_key().sign("at+jwt", json::serialize(payload));
  }

  AccessClaims claims_{{store::kSharedDirectory, store::UserId::make(kNoon)},
                       store::SessionId::make(kNoon),
                       store::OrganizationId::make(kNoon),
                       std::string(kAdminRole),
                       7,
                       permissions_of(kAdminRole, "", {})};
};

// The node that issued it knows it without its signature, another one by that, and both read the same.
TEST_F(AccessTokensTest, WhatWasIssuedIsReadBack) {
  AccessTokens another(settings(), sealer_);
  another.open(*database_, kNoon);
  const std::string token = issue(kNoon);
  for (const AccessTokens* node : {&access_tokens_, &another}) {
    for (const base::Time time : {kNoon, kNoon + 299s}) {
      const auto claims = node->verify(token, time);
      ASSERT_TRUE(claims);
      EXPECT_EQ(claims->account, claims_.account);
      EXPECT_EQ(claims->session, claims_.session);
      EXPECT_EQ(claims->organization, claims_.organization);
      EXPECT_EQ(claims->role_key, "admin");
      EXPECT_EQ(claims->rights_version, 7);
      EXPECT_EQ(claims->expires_at, base::Time(std::chrono::seconds(base::to_unix_seconds(kNoon) + 300)));
      EXPECT_THAT(claims->permissions, IsEmpty());
    }
    EXPECT_FALSE(node->verify(token, kNoon + 300s));
    EXPECT_FALSE(node->verify(token + "A", kNoon));
  }
}

TEST_F(AccessTokensTest, CarriesTheClaimsThatServicesVerify) {
  const std::string token = issue(kNoon);
  const json::object header = part(token, 0), payload = part(token, 1);
  EXPECT_EQ(text(header, "typ"), "at+jwt");
  EXPECT_EQ(text(header, "alg"), "ES256");
  EXPECT_EQ(text(header, "kid"), signing_key().kid());
  EXPECT_EQ(text(payload, "iss"), "https://id.example.com");
  EXPECT_EQ(text(payload, "aud"), "https://app.example.com");
  EXPECT_EQ(text(payload, "sub"), claims_.account.user.to_string());
  EXPECT_EQ(text(payload, "sid"), claims_.session.to_string());
  EXPECT_EQ(text(payload, "org"), claims_.organization->to_string());
  EXPECT_EQ(text(payload, "role"), "admin");
  EXPECT_EQ(payload.at("permissions").as_array().size(), claims_.permissions.size());
  EXPECT_EQ(payload.at("iat").as_int64(), base::to_unix_seconds(kNoon));
  EXPECT_EQ(payload.at("exp").as_int64(), base::to_unix_seconds(kNoon) + 300);
  EXPECT_NE(text(payload, "jti"), text(part(issue(kNoon), 1), "jti"));
  EXPECT_LE(token.size(), 4096U);
}

TEST_F(AccessTokensTest, WithoutAnOrganizationThereIsNoRoleAndNoPermission) {
  claims_.organization = std::nullopt;
  claims_.role_key.clear();
  claims_.permissions.clear();
  const std::string token = issue(kNoon);
  const auto claims = access_tokens_.verify(token, kNoon);
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->organization, std::nullopt);
  EXPECT_EQ(claims->role_key, "");
  EXPECT_THAT(part(token, 1).at("permissions").as_array(), IsEmpty());
}

TEST_F(AccessTokensTest, LivesForFiveMinutes) {
  const std::string token = issue(kNoon);
  EXPECT_TRUE(is_valid(token, kNoon + 300s - base::Duration(1)));
  EXPECT_FALSE(is_valid(token, kNoon + 300s));
  EXPECT_FALSE(is_valid(token, kNoon + 24h));
}

TEST_F(AccessTokensTest, OneThatWasVerifiedIsRefusedOnceItsKeyIsGone) {
  const std::string token = issue(kNoon);
  EXPECT_TRUE(is_valid(token));
  access_tokens_.reload(*database_, kNoon);
  EXPECT_TRUE(is_valid(token));
  run([](db::Transaction& tx) {
    tx.run_script("DELETE FROM signing_keys");
    return 0;
  });
  access_tokens_.open(*database_, kNoon);
  EXPECT_FALSE(is_valid(token));
  EXPECT_TRUE(is_valid(issue(kNoon)));
}

TEST_F(AccessTokensTest, OneFromTheFutureIsRefusedBeyondAMinuteOfSkew) {
  EXPECT_TRUE(is_valid(issue(kNoon + 60s)));
  EXPECT_FALSE(is_valid(issue(kNoon + 61s)));
}

TEST_F(AccessTokensTest, AnotherAudienceOrIssuerIsRefused) {
  for (const bool other_audience : {true, false}) {
    Settings other = settings();
    (other_audience ? other.audience : other.public_url) += ".evil.example";
    AccessTokens elsewhere(other, sealer_);
    elsewhere.open(*database_, kNoon);
    const base::Secret token = elsewhere.issue(claims_, kNoon);
    EXPECT_TRUE(elsewhere.verify(token.reveal(), kNoon));
    EXPECT_FALSE(is_valid(token.reveal())) << "the keys are the same, the claims are not";
  }
}

TEST_F(AccessTokensTest, ClaimsThatWeWouldNotMakeAreRefusedThoughRightlySigned) {
  ASSERT_TRUE(is_valid(with_claim("jti", json::value("x")))) << "the control: this key's tokens are taken";
  const auto seconds = base::to_unix_seconds(kNoon);
  EXPECT_FALSE(is_valid(with_claim("iss", json::value("https://id.example.com/"))));
  EXPECT_FALSE(is_valid(with_claim("aud", json::value("https://id.example.com"))));
  EXPECT_FALSE(is_valid(with_claim("aud", json::array{"https://app.example.com"})));
  EXPECT_FALSE(is_valid(with_claim("exp", json::value(seconds))));
  EXPECT_FALSE(is_valid(with_claim("exp", json::value("never"))));
  EXPECT_FALSE(is_valid(with_claim("iat", json::value(seconds + 61))));
  EXPECT_FALSE(is_valid(with_claim("sub", json::value("usr_1"))));
  EXPECT_FALSE(is_valid(with_claim("sub", json::value(claims_.session.to_string()))));
  EXPECT_FALSE(is_valid(with_claim("scope", json::value("everything"))));
  for (const std::string_view name : {"iss", "aud", "sub", "exp", "iat", "sid", "dir", "rv"}) {
    EXPECT_FALSE(is_valid(with_claim(name, std::nullopt))) << name;
  }
}

TEST_F(AccessTokensTest, AnotherTypIsRefused) {
  const std::string payload = base::from_base64url(base::split(issue(kNoon), '.').at(1)).value();
  ASSERT_TRUE(is_valid(signing_key().sign("at+jwt", payload)));
  for (const std::string_view typ : {"JWT", "jwt", "AT+JWT", "application/at+jwt", "logout+jwt", ""}) {
    EXPECT_FALSE(is_valid(signing_key().sign(typ, payload))) << typ;
  }
}

TEST_F(AccessTokensTest, AKeyThatIsNotOursIsRefused) {
  const std::string payload = base::from_base64url(base::split(issue(kNoon), '.').at(1)).value();
  EXPECT_FALSE(is_valid(crypto::SigningKey::generate(crypto::Algorithm::es256).sign("at+jwt", payload)));
}

TEST_F(AccessTokensTest, EverySingleCharacterMutantIsRefused) {
  const std::string token = issue(kNoon);
  ASSERT_TRUE(is_valid(token));
  for (std::size_t i = 0; i < token.size(); ++i) {
    for (const char other : std::string_view("AQgw_-.=+/ \0", 12)) {
      if (token[i] == other) continue;
      std::string mutant = token;
      mutant[i] = other;
      EXPECT_FALSE(is_valid(mutant)) << i << " " << int(other);
    }
    EXPECT_FALSE(is_valid(token.substr(0, i))) << i;
    EXPECT_FALSE(is_valid(token.substr(0, i) + token.substr(i + 1))) << i;
  }
  EXPECT_FALSE(is_valid(token + "A"));
  EXPECT_FALSE(is_valid(token + "."));
}

TEST_F(AccessTokensTest, ASecondNodeOpensTheSameKey) {
  AccessTokens other_node(settings(), sealer_);
  other_node.open(*database_, kNoon);
  EXPECT_EQ(other_node.jwks(), access_tokens_.jwks());
  EXPECT_TRUE(other_node.verify(issue(kNoon), kNoon));
}

TEST_F(AccessTokensTest, TheKeySetHoldsThePublicHalfOnly) {
  const json::object set = json::parse(access_tokens_.jwks()).as_object();
  ASSERT_EQ(set.at("keys").as_array().size(), 1U);
  const json::object& key = set.at("keys").as_array()[0].as_object();
  EXPECT_EQ(text(key, "kid"), signing_key().kid());
  EXPECT_EQ(text(key, "use"), "sig");
  EXPECT_FALSE(key.contains("d"));
}

TEST_F(AccessTokensTest, TheEncryptionKeyIsNeededToOpenThem) {
  const auto wrong = keys(std::string(crypto::EncryptionKeys::generate().reveal()));
  const crypto::Sealer sealer(wrong);
  AccessTokens elsewhere(settings(), sealer);
  EXPECT_THROW(elsewhere.open(*database_, kNoon), std::runtime_error);
}

}  // namespace
}  // namespace gatehouse::domain
