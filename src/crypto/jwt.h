#pragma once

#include "base/clock.h"
#include "base/secret.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::crypto {

enum class Algorithm { es256, eddsa, rs256 };
std::string_view to_string(Algorithm algorithm);  // "ES256", as in RFC 7518 and RFC 8037
std::optional<Algorithm> algorithm_from(std::string_view text);

/// A key pair that signs tokens. Immutable and thread safe.
class SigningKey {
 public:
  static SigningKey generate(Algorithm algorithm);
  /// From private_pem(). Throws std::invalid_argument when it is not such a key.
  static SigningKey from_pem(Algorithm algorithm, const base::Secret& pem);

  Algorithm algorithm() const { return algorithm_; }
  /// RFC 7638 thumbprint of the public key, base64url.
  const std::string& kid() const { return kid_; }
  /// PKCS#8 PEM, unencrypted: seal it before it is stored.
  base::Secret private_pem() const;
  /// The public key as JWK (RFC 7517) text with kid, alg and use "sig".
  const std::string& public_jwk() const { return jwk_; }

  /// JWS compact serialization (RFC 7515) of a JSON payload with {"alg","kid","typ"}.
  std::string sign(std::string_view typ, std::string_view payload) const;
  /// Checks a JWS signature over `signing_input` ("header.payload") with this key.
  bool verify(std::string_view signing_input, std::string_view signature) const;

 private:
  struct Pair;
  SigningKey(Algorithm algorithm, std::shared_ptr<const Pair> pair);
  Algorithm algorithm_;
  std::shared_ptr<const Pair> pair_;
  std::string kid_;
  std::string jwk_;
};

/// A verified token's payload as JSON text. Checks, in this order: length (8 KiB at most), exactly three parts, strict
/// base64url, header in the very spelling that sign() has (no white space, no member twice) with `typ` equal to `typ`,
/// no `crit`, a `kid` among `keys`, `alg` equal to that key's, then the signature. Keys named inside the token (jwk,
/// jku, x5u, x5c) are never looked at (RFC 8725). Claims are the caller's business. Nothing when anything is off.
std::optional<std::string> verify_jws(std::string_view token, std::string_view typ,
                                      const std::vector<SigningKey>& keys);

}  // namespace gatehouse::crypto
