#include "crypto/jwt.h"

#include "base/text.h"
#include "crypto/keys.h"
#include "crypto/openssl.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <openssl/pem.h>
#include <stdexcept>

namespace gatehouse::crypto {

namespace {

constexpr std::size_t kLongestTokenBytes = 8 * 1024;
constexpr unsigned kRsaBits = 2048;
constexpr std::size_t kP256Bytes = 32;
constexpr std::size_t kEd25519Bytes = 32;

std::string big_number(const openssl::Key& key, const char* name, std::size_t width) {
  BIGNUM* raw = nullptr;
  openssl::require(EVP_PKEY_get_bn_param(key.get(), name, &raw) == 1, "reading a public key");
  const openssl::BigNumber number(raw);
  std::string out(width == 0 ? std::size_t(BN_num_bytes(number.get())) : width, '\0');
  openssl::require(BN_bn2binpad(number.get(), openssl::bytes(out), int(out.size())) == int(out.size()),
                   "writing a public key");
  return base::to_base64url(out);
}

/// The members that RFC 7638 section 3.2 asks for, in its (lexicographic) order.
boost::json::object thumbprint_members(Algorithm algorithm, const openssl::Key& key) {
  switch (algorithm) {
    case Algorithm::es256:
      return {{"crv", "P-256"},
              {"kty", "EC"},
              {"x", big_number(key, OSSL_PKEY_PARAM_EC_PUB_X, kP256Bytes)},
              {"y", big_number(key, OSSL_PKEY_PARAM_EC_PUB_Y, kP256Bytes)}};
    case Algorithm::eddsa: {
      std::string raw(kEd25519Bytes, '\0');
      std::size_t length = raw.size();
      openssl::require(
          EVP_PKEY_get_raw_public_key(key.get(), openssl::bytes(raw), &length) == 1 && length == raw.size(),
          "reading a public key");
      return {{"crv", "Ed25519"}, {"kty", "OKP"}, {"x", base::to_base64url(raw)}};
    }
    case Algorithm::rs256:
      return {{"e", big_number(key, OSSL_PKEY_PARAM_RSA_E, 0)},
              {"kty", "RSA"},
              {"n", big_number(key, OSSL_PKEY_PARAM_RSA_N, 0)}};
  }
  throw std::logic_error("unknown algorithm");
}

bool suits(Algorithm algorithm, const openssl::Key& key) {
  switch (algorithm) {
    case Algorithm::es256: {
      std::array<char, 32> group{};
      std::size_t length = 0;
      return EVP_PKEY_is_a(key.get(), "EC") == 1 &&
             EVP_PKEY_get_group_name(key.get(), group.data(), group.size(), &length) == 1 &&
             std::string_view(group.data(), length) == SN_X9_62_prime256v1;
    }
    case Algorithm::eddsa: return EVP_PKEY_is_a(key.get(), "ED25519") == 1;
    case Algorithm::rs256: return EVP_PKEY_is_a(key.get(), "RSA") == 1 && EVP_PKEY_get_bits(key.get()) >= int(kRsaBits);
  }
  return false;
}

/// Ed25519 hashes by itself.
const EVP_MD* digest_of(Algorithm algorithm) {
  static const openssl::Digest kSha256(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  openssl::require(kSha256 != nullptr, "EVP_MD_fetch");
  return algorithm == Algorithm::eddsa ? nullptr : kSha256.get();
}

/// JWS has r and s as two numbers of fixed width (RFC 7518 section 3.4), OpenSSL a DER sequence.
std::string der_to_raw(const std::string& der) {
  const unsigned char* at = openssl::bytes(der);
  const openssl::EcdsaSignature parsed(d2i_ECDSA_SIG(nullptr, &at, long(der.size())));
  openssl::require(parsed != nullptr, "reading a signature");
  std::string raw(2 * kP256Bytes, '\0');
  unsigned char* const out = openssl::bytes(raw);
  const int width = int(kP256Bytes);
  openssl::require(BN_bn2binpad(ECDSA_SIG_get0_r(parsed.get()), out, width) == width &&
                       BN_bn2binpad(ECDSA_SIG_get0_s(parsed.get()), out + kP256Bytes, width) == width,
                   "writing a signature");
  return raw;
}

std::string raw_to_der(std::string_view raw) {
  const int width = int(kP256Bytes);
  openssl::BigNumber r(BN_bin2bn(openssl::bytes(raw.substr(0, kP256Bytes)), width, nullptr));
  openssl::BigNumber s(BN_bin2bn(openssl::bytes(raw.substr(kP256Bytes)), width, nullptr));
  const openssl::EcdsaSignature signature(ECDSA_SIG_new());
  openssl::require(r && s && signature && ECDSA_SIG_set0(signature.get(), r.get(), s.get()) == 1,
                   "reading a signature");
  // The signature owns them now.
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  std::string der(std::size_t(std::max(0, i2d_ECDSA_SIG(signature.get(), nullptr))), '\0');
  unsigned char* at = openssl::bytes(der);
  openssl::require(!der.empty() && i2d_ECDSA_SIG(signature.get(), &at) == int(der.size()), "writing a signature");
  return der;
}

/// The member of a JOSE header when it is a string.
std::optional<std::string_view> member(const boost::json::object& header, std::string_view name) {
  const boost::json::value* value = header.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string_view(value->get_string());
}

/// Only the spelling that sign() writes: without white space, needless escapes, or a member twice, of which two
/// readers may see different ones.
std::optional<boost::json::object> read_header(const std::string& text) {
  boost::json::error_code error;
  boost::json::value header = boost::json::parse(text, error);
  if (error || !header.is_object() || boost::json::serialize(header) != text) return std::nullopt;
  return std::move(header.get_object());
}

}  // namespace

std::string_view to_string(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::es256: return "ES256";
    case Algorithm::eddsa: return "EdDSA";
    case Algorithm::rs256: return "RS256";
  }
  throw std::logic_error("unknown algorithm");
}

std::optional<Algorithm> algorithm_from(std::string_view text) {
  for (const Algorithm algorithm : {Algorithm::es256, Algorithm::eddsa, Algorithm::rs256}) {
    if (text == to_string(algorithm)) return algorithm;
  }
  return std::nullopt;
}

struct SigningKey::Pair {
  openssl::Key key;
};

SigningKey::SigningKey(Algorithm algorithm, std::shared_ptr<const Pair> pair)
    : algorithm_(algorithm), pair_(std::move(pair)) {
  boost::json::object jwk = thumbprint_members(algorithm_, pair_->key);
  kid_ = base::to_base64url(sha256(boost::json::serialize(jwk)));
  jwk["kid"] = kid_;
  jwk["alg"] = to_string(algorithm_);
  jwk["use"] = "sig";
  jwk_ = boost::json::serialize(jwk);
}

SigningKey SigningKey::generate(Algorithm algorithm) {
  openssl::Key key;
  switch (algorithm) {
    case Algorithm::es256: key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")); break;
    case Algorithm::eddsa: key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); break;
    case Algorithm::rs256: key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t(kRsaBits))); break;
  }
  openssl::require(key != nullptr, "generating a signing key");
  return SigningKey(algorithm, std::make_shared<const Pair>(Pair{std::move(key)}));
}

SigningKey SigningKey::from_pem(Algorithm algorithm, const base::Secret& pem) {
  const std::string_view text = pem.reveal();
  if (text.size() > 64 * 1024) throw std::invalid_argument("this is not a private key");
  const openssl::Bio bio(BIO_new_mem_buf(openssl::bytes(text), int(text.size())));
  openssl::require(bio != nullptr, "BIO_new_mem_buf");
  // Without a callback OpenSSL would ask for the password of an encrypted key on the terminal.
  const auto no_password = [](char*, int, int, void*) { return -1; };
  openssl::Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
  ERR_clear_error();
  if (key == nullptr || !suits(algorithm, key)) {
    throw std::invalid_argument("this is not an unencrypted " + std::string(to_string(algorithm)) + " private key");
  }
  return SigningKey(algorithm, std::make_shared<const Pair>(Pair{std::move(key)}));
}

base::Secret SigningKey::private_pem() const {
  const openssl::Bio bio(BIO_new(BIO_s_mem()));
  openssl::require(bio != nullptr && PEM_write_bio_PKCS8PrivateKey(bio.get(), pair_->key.get(), nullptr, nullptr, 0,
                                                                   nullptr, nullptr) == 1,
                   "writing a private key");
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &data);
  openssl::require(data != nullptr && length > 0, "writing a private key");
  return base::Secret(std::string(data, std::size_t(length)));
}

std::string SigningKey::sign(std::string_view typ, std::string_view payload) const {
  const boost::json::object header{{"alg", to_string(algorithm_)}, {"kid", kid_}, {"typ", typ}};
  std::string token = base::to_base64url(boost::json::serialize(header));
  token.append(".").append(base::to_base64url(payload));

  const openssl::DigestContext context(EVP_MD_CTX_new());
  openssl::require(context != nullptr && EVP_DigestSignInit(context.get(), nullptr, digest_of(algorithm_), nullptr,
                                                            pair_->key.get()) == 1,
                   "EVP_DigestSignInit");
  std::string signature(std::size_t(EVP_PKEY_get_size(pair_->key.get())), '\0');
  std::size_t length = signature.size();
  openssl::require(
      EVP_DigestSign(context.get(), openssl::bytes(signature), &length, openssl::bytes(token), token.size()) == 1,
      "signing");
  signature.resize(length);
  if (algorithm_ == Algorithm::es256) signature = der_to_raw(signature);
  return token.append(".").append(base::to_base64url(signature));
}

bool SigningKey::verify(std::string_view signing_input, std::string_view signature) const {
  std::string der;
  if (algorithm_ == Algorithm::es256) {
    if (signature.size() != 2 * kP256Bytes) return false;
    der = raw_to_der(signature);
    signature = der;
  }
  const openssl::DigestContext context(EVP_MD_CTX_new());
  openssl::require(context != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, digest_of(algorithm_), nullptr,
                                                              pair_->key.get()) == 1,
                   "EVP_DigestVerifyInit");
  const bool good = EVP_DigestVerify(context.get(), openssl::bytes(signature), signature.size(),
                                     openssl::bytes(signing_input), signing_input.size()) == 1;
  ERR_clear_error();
  return good;
}

std::optional<std::string> verify_jws(std::string_view token, std::string_view typ,
                                      const std::vector<SigningKey>& keys) {
  if (token.size() > kLongestTokenBytes) return std::nullopt;
  const auto parts = base::split(token, '.');
  if (parts.size() != 3) return std::nullopt;
  const auto header_text = base::from_base64url(parts[0]);
  auto payload = base::from_base64url(parts[1]);
  const auto signature = base::from_base64url(parts[2]);
  if (!header_text || !payload || !signature) return std::nullopt;
  const auto header = read_header(*header_text);
  if (!header || member(*header, "typ") != typ || header->contains("crit")) return std::nullopt;
  const auto kid = member(*header, "kid");
  const auto key = std::find_if(keys.begin(), keys.end(), [&](const SigningKey& one) { return kid == one.kid(); });
  if (key == keys.end() || member(*header, "alg") != to_string(key->algorithm())) return std::nullopt;
  const std::string_view signing_input = token.substr(0, parts[0].size() + 1 + parts[1].size());
  if (!key->verify(signing_input, *signature)) return std::nullopt;
  return payload;
}

}  // namespace gatehouse::crypto
