#include "crypto/jwt.h"

#include "base/text.h"
#include "crypto/keys.h"
#include "crypto/openssl.h"

#include <boost/json.hpp>
#include <chrono>
#include <gmock/gmock.h>
#include <openssl/pem.h>

namespace gatehouse::crypto {
namespace {

using base::from_base64url;
using base::to_base64url;

constexpr std::string_view kPayload = R"({"sub":"usr_1","exp":1})";
constexpr std::string_view kTyp = "at+jwt";

const SigningKey& key_of(Algorithm algorithm) {
  static const SigningKey es256 = SigningKey::generate(Algorithm::es256);
  static const SigningKey eddsa = SigningKey::generate(Algorithm::eddsa);
  static const SigningKey rs256 = SigningKey::generate(Algorithm::rs256);
  switch (algorithm) {
    case Algorithm::es256: return es256;
    case Algorithm::eddsa: return eddsa;
    case Algorithm::rs256: return rs256;
  }
  throw std::logic_error("unknown algorithm");
}

base::Secret pem_of(std::string_view der) {
  return base::Secret("-----BEGIN PRIVATE KEY-----\n" + base::to_base64(der) + "\n-----END PRIVATE KEY-----\n");
}

/// A token with a header of one's own, rightly signed by an Ed25519 key: what is refused is refused for its header.
std::string forge(const SigningKey& key, const std::string& header) {
  const base::Secret pem = key.private_pem();
  const openssl::Bio bio(BIO_new_mem_buf(pem.reveal().data(), int(pem.reveal().size())));
  const openssl::Key pair(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  const std::string input = to_base64url(header) + "." + to_base64url(kPayload);
  const openssl::DigestContext context(EVP_MD_CTX_new());
  std::string signature(64, '\0');
  std::size_t length = signature.size();
  openssl::require(
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, pair.get()) == 1 &&
          EVP_DigestSign(context.get(), openssl::bytes(signature), &length, openssl::bytes(input), input.size()) == 1,
      "signing");
  return input + "." + to_base64url(signature);
}

class EveryAlgorithm : public testing::TestWithParam<Algorithm> {};
INSTANTIATE_TEST_SUITE_P(Jwt, EveryAlgorithm, testing::Values(Algorithm::es256, Algorithm::eddsa, Algorithm::rs256),
                         [](const auto& one) { return std::string(to_string(one.param)); });

TEST_P(EveryAlgorithm, SignsAndVerifies) {
  const SigningKey& key = key_of(GetParam());
  for (int i = 0; i < 20; ++i) {
    const std::string token = key.sign(kTyp, kPayload);
    EXPECT_EQ(verify_jws(token, kTyp, {key}), kPayload);
    EXPECT_EQ(from_base64url(token.substr(0, token.find('.'))),
              R"({"alg":")" + std::string(to_string(GetParam())) + R"(","kid":")" + key.kid() + R"(","typ":"at+jwt"})");
  }
}

TEST_P(EveryAlgorithm, SurvivesItsPem) {
  const SigningKey& key = key_of(GetParam());
  const SigningKey read = SigningKey::from_pem(GetParam(), key.private_pem());
  EXPECT_THAT(std::string(key.private_pem().reveal()), testing::StartsWith("-----BEGIN PRIVATE KEY-----\n"));
  EXPECT_EQ(read.kid(), key.kid());
  EXPECT_EQ(read.public_jwk(), key.public_jwk());
  EXPECT_EQ(verify_jws(read.sign(kTyp, kPayload), kTyp, {key}), kPayload);
}

TEST_P(EveryAlgorithm, PublishesThePublicKeyOnly) {
  const SigningKey& key = key_of(GetParam());
  boost::json::object jwk = boost::json::parse(key.public_jwk()).as_object();
  EXPECT_EQ(jwk.at("kid").as_string(), key.kid());
  EXPECT_EQ(jwk.at("alg").as_string(), to_string(GetParam()));
  EXPECT_EQ(jwk.at("use").as_string(), "sig");
  for (const char* private_member : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}) {
    EXPECT_FALSE(jwk.contains(private_member)) << private_member;
  }
  for (const char* not_in_thumbprint : {"kid", "alg", "use"}) jwk.erase(not_in_thumbprint);
  std::vector<std::string> names;
  for (const auto& one : jwk) names.emplace_back(one.key());
  std::sort(names.begin(), names.end());
  boost::json::object sorted;
  for (const std::string& name : names) sorted[name] = jwk.at(name);
  EXPECT_EQ(key.kid(), to_base64url(sha256(boost::json::serialize(sorted))));
}

TEST_P(EveryAlgorithm, EveryChangedCharacterIsRefused) {
  const SigningKey& key = key_of(GetParam());
  const std::string token = key.sign(kTyp, kPayload);
  for (std::size_t at = 0; at < token.size(); ++at) {
    // A neighbour in the alphabet (which may touch stray bits only), the other case, and what is outside of it.
    for (const char other : {char(token[at] ^ 1), char(token[at] ^ 0x20), '=', '.', ' ', '\0', '+', 'A', '_'}) {
      if (other == token[at]) continue;
      std::string mutant = token;
      mutant[at] = other;
      EXPECT_FALSE(verify_jws(mutant, kTyp, {key})) << at << " " << int(other);
    }
  }
}

TEST_P(EveryAlgorithm, EveryFlippedBitOfTheSignatureIsRefused) {
  const SigningKey& key = key_of(GetParam());
  const std::string token = key.sign(kTyp, kPayload);
  const std::string input = token.substr(0, token.rfind('.'));
  const std::string signature = from_base64url(token.substr(input.size() + 1)).value();
  ASSERT_TRUE(key.verify(input, signature));
  for (std::size_t at = 0; at < signature.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string mutant = signature;
      mutant[at] = char(mutant[at] ^ (1 << bit));
      EXPECT_FALSE(key.verify(input, mutant)) << at << "." << bit;
    }
  }
}

TEST_P(EveryAlgorithm, EveryTruncationAndExtensionIsRefused) {
  const SigningKey& key = key_of(GetParam());
  const std::string token = key.sign(kTyp, kPayload);
  for (std::size_t length = 0; length < token.size(); ++length) {
    EXPECT_FALSE(verify_jws(token.substr(0, length), kTyp, {key})) << length;
    EXPECT_FALSE(verify_jws(token.substr(token.size() - length), kTyp, {key})) << length;
  }
  for (const std::string& other :
       {token + "A", token + "AA", token + "=", token + ".", token + "." + token, "." + token, token + "\n",
        " " + token, token + std::string(1, '\0'), "Bearer " + token}) {
    EXPECT_FALSE(verify_jws(other, kTyp, {key})) << other;
  }
}

TEST_P(EveryAlgorithm, SignaturesOfNothingAreRefused) {
  const SigningKey& key = key_of(GetParam());
  const std::string token = key.sign(kTyp, kPayload);
  const std::string input = token.substr(0, token.rfind('.'));
  const std::size_t size = from_base64url(token.substr(input.size() + 1)).value().size();
  for (const std::string& signature :
       {std::string(), std::string(1, '\0'), std::string(size, '\0'), std::string(size, '\xff'),
        std::string(size - 1, 'x'), std::string(size + 1, 'x')}) {
    EXPECT_FALSE(key.verify(input, signature)) << base::to_hex(signature);
  }
}

TEST_P(EveryAlgorithm, PrivateKeysOfAnotherKindAreRefused) {
  for (const Algorithm other : {Algorithm::es256, Algorithm::eddsa, Algorithm::rs256}) {
    if (other == GetParam()) continue;
    EXPECT_THROW(SigningKey::from_pem(other, key_of(GetParam()).private_pem()), std::invalid_argument);
  }
}

TEST(Jwt, AcceptsTheEs256SignatureOfRfc7515) {
  // The key of appendix A.3 in PKCS#8.
  const std::string d = from_base64url("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI").value();
  const std::string x = from_base64url("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU").value();
  const std::string y = from_base64url("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0").value();
  const std::string before_d(
      "\x30\x81\x87\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"
      "\x04\x6d\x30\x6b\x02\x01\x01\x04\x20",
      36);
  const SigningKey key =
      SigningKey::from_pem(Algorithm::es256, pem_of(before_d + d + std::string("\xa1\x44\x03\x42\x00\x04", 6) + x + y));
  EXPECT_TRUE(key.verify(
      "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
      "cnVlfQ",
      from_base64url("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
          .value()));
}

TEST(Jwt, MatchesTheEd25519KeyThumbprintAndSignatureOfRfc8037) {
  const std::string before_seed("\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16);
  const SigningKey key = SigningKey::from_pem(
      Algorithm::eddsa, pem_of(before_seed + from_base64url("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").value()));
  EXPECT_EQ(key.kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  EXPECT_THAT(key.public_jwk(), testing::HasSubstr(R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")"));
  EXPECT_TRUE(key.verify(
      "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
      from_base64url("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg")
          .value()));
}

TEST(Jwt, AlgNoneIsRefused) {
  const SigningKey& key = key_of(Algorithm::eddsa);
  for (const std::string none : {"none", "None", "NONE", "nOnE", ""}) {
    const std::string token = forge(key, R"({"alg":")" + none + R"(","kid":")" + key.kid() + R"(","typ":"at+jwt"})");
    EXPECT_FALSE(verify_jws(token, kTyp, {key}));
    EXPECT_FALSE(verify_jws(token.substr(0, token.rfind('.') + 1), kTyp, {key}));
  }
}

TEST(Jwt, PublicKeyIsNoHmacSecret) {
  for (const Algorithm algorithm : {Algorithm::es256, Algorithm::eddsa, Algorithm::rs256}) {
    const SigningKey& key = key_of(algorithm);
    const std::string input =
        to_base64url(R"({"alg":"HS256","kid":")" + key.kid() + R"(","typ":"at+jwt"})") + "." + to_base64url(kPayload);
    for (const std::string& secret : {key.public_jwk(), key.kid(), std::string()}) {
      EXPECT_FALSE(verify_jws(input + "." + to_base64url(hmac_sha256(secret, input)), kTyp, {key}));
    }
  }
}

TEST(Jwt, ATokenIsBoundToTheAlgorithmOfItsKey) {
  const SigningKey& es256 = key_of(Algorithm::es256);
  const SigningKey& eddsa = key_of(Algorithm::eddsa);
  const std::vector<SigningKey> both{es256, eddsa};
  const auto token = [&](std::string_view algorithm, const SigningKey& named) {
    return forge(eddsa, R"({"alg":")" + std::string(algorithm) + R"(","kid":")" + named.kid() + R"(","typ":"at+jwt"})");
  };
  EXPECT_TRUE(verify_jws(token("EdDSA", eddsa), kTyp, both));
  EXPECT_FALSE(verify_jws(token("ES256", eddsa), kTyp, both));
  EXPECT_FALSE(verify_jws(token("EdDSA", es256), kTyp, both));
  EXPECT_FALSE(verify_jws(token("ES256", es256), kTyp, both));
}

TEST(Jwt, TypIsExact) {
  const SigningKey& key = key_of(Algorithm::es256);
  for (const std::string_view typ : {"jwt", "JWT", "AT+JWT", "at+jwt ", "application/at+jwt", ""}) {
    EXPECT_FALSE(verify_jws(key.sign(typ, kPayload), kTyp, {key})) << typ;
  }
}

TEST(Jwt, UnknownKidIsRefusedEvenWhenTheKeyWouldFit) {
  const SigningKey& key = key_of(Algorithm::es256);
  const SigningKey other = SigningKey::generate(Algorithm::es256);
  EXPECT_FALSE(verify_jws(other.sign(kTyp, kPayload), kTyp, {key}));
  EXPECT_FALSE(verify_jws(key.sign(kTyp, kPayload), kTyp, {}));
  EXPECT_TRUE(verify_jws(other.sign(kTyp, kPayload), kTyp, {key, other}));
}

TEST(Jwt, OddHeadersAreRefused) {
  const SigningKey& key = key_of(Algorithm::eddsa);
  const std::string good = R"({"alg":"EdDSA","kid":")" + key.kid() + R"(","typ":"at+jwt"})";
  ASSERT_TRUE(verify_jws(forge(key, good), kTyp, {key}));
  const std::string start = good.substr(0, good.size() - 1);
  for (const std::string& header :
       std::vector<std::string>{start + R"(,"crit":["exp"]})",
                                start + R"(,"crit":[]})",
                                start + R"(,"b64":false,"crit":["b64"]})",
                                start + R"(,"alg":"none"})",
                                start + R"(,"alg":"EdDSA"})",
                                R"({"alg":"none",)" + good.substr(1),
                                R"({"typ":"at+jwt","kid":")" + key.kid() + R"("})",
                                R"({"alg":"EdDSA","typ":"at+jwt"})",
                                R"({"alg":["EdDSA"],"kid":")" + key.kid() + R"(","typ":"at+jwt"})",
                                R"({"alg":"EdDSA","kid":{"a":1},"typ":"at+jwt"})",
                                R"({"alg":"EdDSA","kid":null,"typ":"at+jwt"})",
                                "[" + good + "]",
                                good + good,
                                good + " ",
                                " " + good,
                                good + "x",
                                "null",
                                "{}",
                                "\"\"",
                                "",
                                "{",
                                "\xef\xbb\xbf" + good,
                                R"({"alg":"EdDSA","kid":")" + key.kid() + "\",\"typ\":\"at+jwt\xff\"}",
                                std::string(3000, '[')}) {
    EXPECT_FALSE(verify_jws(forge(key, header), kTyp, {key})) << header;
  }
}

TEST(Jwt, KeysThatTheTokenBringsAlongAreNeverUsed) {
  const SigningKey& ours = key_of(Algorithm::eddsa);
  const SigningKey theirs = SigningKey::generate(Algorithm::eddsa);
  const auto header = [&](const SigningKey& named) {
    return R"({"alg":"EdDSA","kid":")" + named.kid() + R"(","typ":"at+jwt","jwk":)" + theirs.public_jwk() +
           R"(,"jku":"https://evil.test/jwks","x5u":"https://evil.test/x"})";
  };
  EXPECT_FALSE(verify_jws(forge(theirs, header(ours)), kTyp, {ours}));
  EXPECT_FALSE(verify_jws(forge(theirs, header(theirs)), kTyp, {ours}));
  EXPECT_TRUE(verify_jws(forge(ours, header(ours)), kTyp, {ours}));
}

TEST(Jwt, MegabytesCostNothing) {
  const SigningKey& key = key_of(Algorithm::es256);
  const auto begin = std::chrono::steady_clock::now();
  for (const std::string& token :
       {std::string(10'000'000, '.'), std::string(10'000'000, 'A'), std::string(8192, '.')}) {
    EXPECT_FALSE(verify_jws(token, kTyp, {key}));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(500));
}

TEST(Jwt, LongestTokenIsEightKibibytes) {
  const SigningKey& key = key_of(Algorithm::eddsa);
  const std::size_t frame = key.sign(kTyp, "").size();
  const std::string longest = key.sign(kTyp, std::string((8192 - frame) / 4 * 3, 'x'));
  ASSERT_GT(longest.size(), 8188u);
  ASSERT_LE(longest.size(), 8192u);
  EXPECT_TRUE(verify_jws(longest, kTyp, {key}));
  EXPECT_FALSE(verify_jws(key.sign(kTyp, std::string((8192 - frame) / 4 * 3 + 3, 'x')), kTyp, {key}));
}

TEST(SigningKey, RefusesWhatIsNoPrivateKey) {
  for (const std::string& text :
       {std::string(), std::string("hello"),
        std::string("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
        std::string(key_of(Algorithm::es256).private_pem().reveal()).substr(0, 100), std::string(100'000, 'x')}) {
    EXPECT_THROW(SigningKey::from_pem(Algorithm::es256, base::Secret(text)), std::invalid_argument);
  }
}

TEST(SigningKey, RefusesAnotherCurveAndAShortRsaKey) {
  // `openssl genpkey` with P-384, and with RSA of 1024 bits.
  const std::string p384 = R"(-----BEGIN PRIVATE KEY-----
MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDANizmqkfxhaT8VC4JL
dkkssw5p2D4n+T8VjMrk4qN54leRKJuxOh3sc6jNfqw8+juhZANiAAQmBvM+IXCz
QfjIpB2zfu3nVVV1zbekOZLdATzsMyIbE8V3yTJHEynxtJMecL6cFZ2ER6OpIJBW
2z4yBxxHHLIVzNIYcr5BZK1jPhKcivuuFvsp68U2/MvQQBI5YCDnma0=
-----END PRIVATE KEY-----
)";
  const std::string rsa1024 = R"(-----BEGIN PRIVATE KEY-----
MIICeAIBADANBgkqhkiG9w0BAQEFAASCAmIwggJeAgEAAoGBAOPaz9S3ytL2Tk8v
vZUZdN+8TIt3WYZ9P+nEU5A/IlS7S8wUztRrjS7EfNYIxhElSI5wZY3HqPIyQk3g
6PwPkULh182jqfrIUtsQxh7yt4ifQ9W5o8rPttbhatXY5Txyfgm57Ni2W9szyym9
GOItBhpqjjrNvWliWcBhyNQys0MvAgMBAAECgYEAtVfNtu+8BeCv/Ifza7oB8ZtM
lGcdolMGzgdJtnD44tTaA4fAAQHEMKeC71m2QakZsPu1Z3yzcmcbrB3Hb+z33vGq
UWpUPACG8k/T1uyTCLlZt1H9EIHdZZKB0OgZQUYwnMlvBhUpUBfy1ERT4M0lEEyX
oKpXQ8nppCmy0nv0C2ECQQDzVr72LnBmhKtGxQQ1+A/VVVpRwHYcmwIaMGlLQr+V
Zi0dpSoH1xwUMT/pS9wozmXui7se5OwM4DEhK9eI3i6xAkEA77XRlXCN/t0oNk4W
ty6xL387glSvaTLVSMPWkCWYXcTErHA0q81sjH31+96gzBgwKN4PW2iomP9507aK
2e3H3wJBANuhoBpzL+BYPn9Rs8tCaogS0cKYBAMtpWgd6euUA3fFEVOAj78j2KQh
D55yafQq1rXISMxJswSsFavq9k8CuwECQQC3Kcn8k2Wc0iZw4FhRHpd7QJAbNVRX
YOVCVYo02NVFCR5y2MYWZMBF1dXI4EMj0HO0NoGrihwR1Fylnj0Y6q0nAkAm4nR3
wbDmiy9WnxNQuJDIZZbByPkczuTZ4Sd1PS7FcEervdDr6DsNCsIMWsEpgEAroCdl
9NU3mljA1n0cw09P
-----END PRIVATE KEY-----
)";
  EXPECT_THROW(SigningKey::from_pem(Algorithm::es256, base::Secret(p384)), std::invalid_argument);
  EXPECT_THROW(SigningKey::from_pem(Algorithm::rs256, base::Secret(rsa1024)), std::invalid_argument);
}

TEST(SigningKey, RefusesAnEncryptedKeyWithoutAskingForItsPassword) {
  const std::string encrypted = R"(-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAi5ntyRQjwF7wICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEPYh2EsnPkbBiVIic35knvkEgZCd
bmzk6nIU6lsaazQOdV5UjDNSdxDGAPnysc9bL7VhqBjPVmFKmuS3pRz8LOtuNqUN
Bk8uypKl8hYooSoLKxE9rs9aXfwS3kl3vc0HOjvi1RZqWv3zo5dRARxPes/End7r
CfXaTp5Dygoekv1cKYy5oqwBNYJdtzmTeesxgqWsjQ49QZDhS7DwSVf6PuyzKo4=
-----END ENCRYPTED PRIVATE KEY-----
)";
  EXPECT_THROW(SigningKey::from_pem(Algorithm::es256, base::Secret(encrypted)), std::invalid_argument);
}

TEST(Algorithm, NamesAreThoseOfTheRegistry) {
  for (const Algorithm algorithm : {Algorithm::es256, Algorithm::eddsa, Algorithm::rs256}) {
    EXPECT_EQ(algorithm_from(to_string(algorithm)), algorithm);
  }
  for (const std::string_view other : {"none", "HS256", "es256", "ES384", "EDDSA", ""})
    EXPECT_FALSE(algorithm_from(other));
}

}  // namespace
}  // namespace gatehouse::crypto
