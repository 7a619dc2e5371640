#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <variant>

namespace gatehouse::crypto {

/// A password hash that another program made. Its text is kept as it came and replaced by an Argon2id hash of our own
/// when its owner next signs in. The formats:
///   Argon2 (RFC 9106), version 19:  $argon2id$v=19$m=KIB,t=PASSES,p=LANES$SALT$HASH, the same with argon2i
///   bcrypt:                         $2a$, $2b$ or $2y$, two digits of cost, 22 characters of salt and 31 of hash
///   scrypt (RFC 7914):              $scrypt$ln=LOG2_N,r=R,p=P$SALT$HASH
///   Werkzeug:                       scrypt:N:R:P$salt$HEX, pbkdf2:DIGEST:ITERATIONS$salt$HEX; the salt as it stands
///   PBKDF2 (RFC 8018):              $pbkdf2-DIGEST$i=ITERATIONS$SALT$HASH, and passlib's $pbkdf2-DIGEST$ITERATIONS$…
/// DIGEST is sha1, sha256 or sha512 (passlib calls pbkdf2-sha1 pbkdf2). SALT and HASH are base64 without padding; `.`
/// is read as `+`, which is how passlib writes it for PBKDF2. HASH has 16 to 64 bytes with Argon2, 32 or 64 with
/// scrypt, and as many as the digest with PBKDF2.
class ForeignHash {
 public:
  /// The costs that are taken, so that no row costs minutes or gigabytes.
  static constexpr std::uint64_t kMostMemoryKib = 128 * 1024;  // Argon2 and scrypt
  static constexpr std::uint64_t kMostPasses = 10;             // Argon2
  static constexpr std::uint64_t kMostLanes = 4;               // Argon2
  static constexpr std::uint64_t kMostScryptWork = 1 << 21;    // N * r * p
  static constexpr std::uint64_t kMostScryptBlocks = 32;       // r and p, each
  static constexpr std::uint64_t kMostIterations = 2'000'000;  // PBKDF2
  static constexpr std::uint64_t kMostBcryptCost = 14;

  /// Or what keeps the text from being used: a short phrase for people that repeats nothing of it.
  static tl::expected<ForeignHash, std::string_view> parse(std::string_view stored);

  /// In constant time for passwords of one length. bcrypt looks at the first 72 bytes only, here as everywhere. A
  /// password with a NUL matches nothing: bcrypt would end there, and HMAC can't tell NULs at the end from none. Takes
  /// up to a second and 128 MiB: run it on a hasher thread. Throws std::runtime_error when there is not the memory.
  bool matches(std::string_view password) const;

 private:
  struct Argon2 {
    std::string text;
    bool is_id;
  };
  struct Bcrypt {
    std::string text;
  };
  struct Scrypt {
    std::uint64_t n, r, p;
    std::string salt, hash;
  };
  struct Pbkdf2 {
    std::string digest;
    std::uint64_t iterations;
    std::string salt, hash;
  };
  using Kind = std::variant<Argon2, Bcrypt, Scrypt, Pbkdf2>;
  friend class ForeignHashParser;
  friend struct ForeignHashMatcher;

  explicit ForeignHash(Kind kind) : kind_(std::move(kind)) {}

  Kind kind_;
};

}  // namespace gatehouse::crypto
