#include "crypto/foreign_password.h"

#include "base/text.h"
#include "crypto/keys.h"
#include "crypto/openssl.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <charconv>
#include <crypt.h>
#include <openssl/params.h>
#include <optional>
#include <sodium.h>

namespace gatehouse::crypto {

namespace {

constexpr std::size_t kLongestText = 512;
constexpr std::size_t kLongestSalt = 128;
/// "$2b$12$", 22 characters of salt, 31 of hash.
constexpr std::size_t kBcryptLength = 60, kBcryptHashAt = 29;
/// OpenSSL counts a little more than RFC 7914's 128 * N * r bytes.
constexpr std::uint64_t kScryptMemoryBytes = 192 * 1024 * 1024;

constexpr std::string_view kUnknown = "the format of the hash is unknown";
constexpr std::string_view kBroken = "the hash is damaged";
constexpr std::string_view kTooExpensive = "the cost of the hash is over the limit";

using Problem = tl::unexpected<std::string_view>;

bool is_one_of(char character, std::string_view set) { return set.find(character) != std::string_view::npos; }

/// More than any cost that is taken, and small enough for products.
constexpr std::uint64_t kHuge = std::uint64_t(1) << 30;

/// Decimal digits without a sign or leading zeros, at most kHuge.
std::optional<std::uint64_t> to_number(std::string_view text) {
  if (text.empty() || text.size() > 19 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::min(number, kHuge);
}

/// The number behind "m=".
std::optional<std::uint64_t> to_number(std::string_view text, std::string_view before) {
  if (!text.starts_with(before)) return std::nullopt;
  return to_number(text.substr(before.size()));
}

std::optional<std::string> decode_base64(std::string_view text) {
  std::string url(text);
  for (char& character : url) {
    if (is_one_of(character, "-_")) return std::nullopt;
    if (is_one_of(character, "+.")) character = '-';
    if (character == '/') character = '_';
  }
  return base::from_base64url(url);
}

std::optional<std::string> decode_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    std::uint8_t byte = 0;
    const auto [end, error] = std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
    if (error != std::errc() || end != text.data() + i + 2) return std::nullopt;
    out += char(byte);
  }
  return out;
}

bool is_salt(const std::optional<std::string>& salt) { return salt && !salt->empty() && salt->size() <= kLongestSalt; }

/// What a digest gives, which is how long the hashes of PBKDF2 are; 0 for one that we don't take.
std::size_t digest_bytes(std::string_view digest) {
  if (digest == "sha1") return 20;
  if (digest == "sha256") return 32;
  return digest == "sha512" ? 64 : 0;
}

/// OSSL_PARAM takes pointers to non-const, but a KDF only reads them.
OSSL_PARAM octets(const char* name, std::string_view value) {
  return OSSL_PARAM_construct_octet_string(name, const_cast<unsigned char*>(openssl::bytes(value)), value.size());
}

bool derives(const openssl::Kdf& kdf, std::vector<OSSL_PARAM> parameters, const std::string& expected) {
  const openssl::KdfContext context(EVP_KDF_CTX_new(kdf.get()));
  openssl::require(context != nullptr, "EVP_KDF_CTX_new");
  parameters.push_back(OSSL_PARAM_construct_end());
  std::string made(expected.size(), '\0');
  openssl::require(EVP_KDF_derive(context.get(), openssl::bytes(made), made.size(), parameters.data()) == 1,
                   "EVP_KDF_derive");
  return constant_time_equal(made, expected);
}

}  // namespace

/// Takes a text apart by its `$`.
class ForeignHashParser {
 public:
  using Parsed = tl::expected<ForeignHash, std::string_view>;

  explicit ForeignHashParser(std::string_view stored) : text_(stored), parts_(base::split(stored, '$')) {}

  Parsed parse() const {
    if (text_.empty() || text_.size() > kLongestText || !is_plain()) return Problem(kUnknown);
    if (text_.starts_with("$argon2id$")) return argon2(true);
    if (text_.starts_with("$argon2i$")) return argon2(false);
    if (text_.starts_with("$2a$") || text_.starts_with("$2b$") || text_.starts_with("$2y$")) return bcrypt();
    if (text_.starts_with("$scrypt$")) return scrypt();
    if (text_.starts_with("$pbkdf2$") || text_.starts_with("$pbkdf2-")) return pbkdf2();
    if (text_.starts_with("scrypt:")) return werkzeug_scrypt();
    if (text_.starts_with("pbkdf2:")) return werkzeug_pbkdf2();
    return Problem(kUnknown);
  }

 private:
  /// Nothing that could end a text early or that no such hash holds.
  bool is_plain() const {
    return std::ranges::all_of(text_, [](char character) { return character > ' ' && character < 0x7f; });
  }

  Parsed argon2(bool is_id) const {
    if (parts_.size() != 6) return Problem(kBroken);
    if (parts_[2] != "v=19") return Problem("only version 19 of Argon2 is taken");
    const auto costs = base::split(parts_[3], ',');
    if (costs.size() != 3) return Problem(kBroken);
    const auto memory_kib = to_number(costs[0], "m="), passes = to_number(costs[1], "t="),
               lanes = to_number(costs[2], "p=");
    if (!memory_kib || !passes || !lanes || *passes < 1 || *lanes < 1 || *memory_kib < 8 * *lanes) {
      return Problem(kBroken);
    }
    if (*memory_kib > ForeignHash::kMostMemoryKib || *passes > ForeignHash::kMostPasses ||
        *lanes > ForeignHash::kMostLanes) {
      return Problem(kTooExpensive);
    }
    const auto salt = decode_base64(parts_[4]), hash = decode_base64(parts_[5]);
    if (!is_salt(salt) || salt->size() < 8 || !hash || hash->size() < 16 || hash->size() > 64 || is_one_of('.', text_))
      return Problem(kBroken);
    return ForeignHash(ForeignHash::Argon2{std::string(text_), is_id});
  }

  Parsed bcrypt() const {
    if (text_.size() != kBcryptLength || text_[6] != '$') return Problem(kBroken);
    const auto is_digit = [](char character) { return character >= '0' && character <= '9'; };
    if (!is_digit(text_[4]) || !is_digit(text_[5])) return Problem(kBroken);
    const std::uint64_t cost = std::uint64_t(text_[4] - '0') * 10 + std::uint64_t(text_[5] - '0');
    if (cost > ForeignHash::kMostBcryptCost) return Problem(kTooExpensive);
    const bool is_alphabet = std::ranges::all_of(text_.substr(7), [&](char character) {
      return is_digit(character) || (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
             is_one_of(character, "./");
    });
    if (cost < 4 || !is_alphabet) return Problem(kBroken);
    return ForeignHash(ForeignHash::Bcrypt{std::string(text_)});
  }

  Parsed scrypt() const {
    if (parts_.size() != 5) return Problem(kBroken);
    const auto costs = base::split(parts_[2], ',');
    if (costs.size() != 3) return Problem(kBroken);
    const auto log = to_number(costs[0], "ln=");
    if (!log || *log < 1) return Problem(kBroken);
    if (*log > 30) return Problem(kTooExpensive);
    return scrypt(std::uint64_t(1) << *log, to_number(costs[1], "r="), to_number(costs[2], "p="),
                  decode_base64(parts_[3]), decode_base64(parts_[4]));
  }

  Parsed werkzeug_scrypt() const {
    const auto method = base::split(parts_[0], ':');
    if (parts_.size() != 3 || method.size() != 4) return Problem(kBroken);
    auto hash = decode_hex(parts_[2]);
    if (!hash || hash->size() != 64) return Problem(kBroken);
    return scrypt(to_number(method[1]), to_number(method[2]), to_number(method[3]), std::string(parts_[1]),
                  std::move(hash));
  }

  static Parsed scrypt(std::optional<std::uint64_t> n, std::optional<std::uint64_t> r, std::optional<std::uint64_t> p,
                       std::optional<std::string> salt, std::optional<std::string> hash) {
    const bool is_whole = hash && (hash->size() == 32 || hash->size() == 64);
    if (!n || !r || !p || *r < 1 || *p < 1 || *n < 2 || !std::has_single_bit(*n) || !is_salt(salt) || !is_whole) {
      return Problem(kBroken);
    }
    // 128 * N * r bytes.
    if (*r > ForeignHash::kMostScryptBlocks || *p > ForeignHash::kMostScryptBlocks ||
        *n * *r > ForeignHash::kMostMemoryKib * 8 || *n * *r * *p > ForeignHash::kMostScryptWork) {
      return Problem(kTooExpensive);
    }
    // RFC 7914 section 2: N < 2^(128 * r / 8), which matters for r = 1 only.
    if (*r == 1 && *n >= 1 << 16) return Problem(kBroken);
    return ForeignHash(ForeignHash::Scrypt{*n, *r, *p, std::move(*salt), std::move(*hash)});
  }

  Parsed pbkdf2() const {
    if (parts_.size() != 5) return Problem(kBroken);
    const bool is_passlib = !parts_[2].starts_with("i=");
    std::string_view digest = parts_[1];
    digest.remove_prefix(std::string_view("pbkdf2").size());
    if (digest.empty() && is_passlib) digest = "-sha1";
    if (!digest.starts_with('-')) return Problem(kUnknown);
    return pbkdf2(digest.substr(1), to_number(parts_[2], is_passlib ? "" : "i="), decode_base64(parts_[3]),
                  decode_base64(parts_[4]));
  }

  Parsed werkzeug_pbkdf2() const {
    const auto method = base::split(parts_[0], ':');
    if (parts_.size() != 3 || method.size() != 3) return Problem(kBroken);
    return pbkdf2(method[1], to_number(method[2]), std::string(parts_[1]), decode_hex(parts_[2]));
  }

  static Parsed pbkdf2(std::string_view digest, std::optional<std::uint64_t> iterations,
                       std::optional<std::string> salt, std::optional<std::string> hash) {
    if (digest_bytes(digest) == 0) return Problem(kUnknown);
    // A shorter one would match as well, being the beginning of the same bytes: such a row was cut.
    const bool is_whole = hash && hash->size() == digest_bytes(digest);
    if (!iterations || *iterations < 1 || !is_salt(salt) || !is_whole) return Problem(kBroken);
    if (*iterations > ForeignHash::kMostIterations) return Problem(kTooExpensive);
    return ForeignHash(ForeignHash::Pbkdf2{std::string(digest), *iterations, std::move(*salt), std::move(*hash)});
  }

  std::string_view text_;
  std::vector<std::string_view> parts_;
};

struct ForeignHashMatcher {
  std::string_view password;

  bool operator()(const ForeignHash::Argon2& hash) const {
    const auto verify = hash.is_id ? ::crypto_pwhash_argon2id_str_verify : ::crypto_pwhash_argon2i_str_verify;
    errno = 0;
    const bool equal = verify(hash.text.c_str(), password.data(), password.size()) == 0;
    if (!equal && errno == ENOMEM) throw std::runtime_error("Argon2 failed: not enough memory for the cost of a hash");
    return equal;
  }

  bool operator()(const ForeignHash::Bcrypt& hash) const {
    std::string text(password);
    const auto work = std::make_unique<crypt_data>();
    const char* made = ::crypt_r(text.c_str(), hash.text.c_str(), work.get());
    const std::string_view out = made != nullptr ? made : "";
    // Only the hash: the last character of a salt has spare bits, which some programs leave set.
    const bool equal =
        out.size() == kBcryptLength &&
        constant_time_equal(out.substr(kBcryptHashAt), std::string_view(hash.text).substr(kBcryptHashAt));
    ::sodium_memzero(work.get(), sizeof *work);
    ::sodium_memzero(text.data(), text.size());
    return equal;
  }

  bool operator()(const ForeignHash::Scrypt& hash) const {
    static const openssl::Kdf kScrypt(EVP_KDF_fetch(nullptr, "SCRYPT", nullptr));
    openssl::require(kScrypt != nullptr, "EVP_KDF_fetch");
    std::uint64_t n = hash.n, memory = kScryptMemoryBytes;
    auto r = std::uint32_t(hash.r), p = std::uint32_t(hash.p);
    return derives(kScrypt,
                   {octets(OSSL_KDF_PARAM_PASSWORD, password), octets(OSSL_KDF_PARAM_SALT, hash.salt),
                    OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
                    OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r),
                    OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p),
                    OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory)},
                   hash.hash);
  }

  bool operator()(const ForeignHash::Pbkdf2& hash) const {
    static const openssl::Kdf kPbkdf2(EVP_KDF_fetch(nullptr, "PBKDF2", nullptr));
    openssl::require(kPbkdf2 != nullptr, "EVP_KDF_fetch");
    std::uint64_t iterations = hash.iterations;
    std::string digest = hash.digest;
    return derives(kPbkdf2,
                   {octets(OSSL_KDF_PARAM_PASSWORD, password), octets(OSSL_KDF_PARAM_SALT, hash.salt),
                    OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_ITER, &iterations),
                    OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0)},
                   hash.hash);
  }
};

tl::expected<ForeignHash, std::string_view> ForeignHash::parse(std::string_view stored) {
  return ForeignHashParser(stored).parse();
}

bool ForeignHash::matches(std::string_view password) const {
  if (password.find('\0') != std::string_view::npos) return false;
  return std::visit(ForeignHashMatcher{password}, kind_);
}

}  // namespace gatehouse::crypto
