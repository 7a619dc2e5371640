#include "crypto/keys.h"

#include "base/random.h"
#include "base/text.h"
#include "crypto/hkdf.h"
#include "crypto/openssl.h"

#include <array>
#include <cstdint>
#include <openssl/params.h>
#include <set>
#include <stdexcept>

namespace gatehouse::crypto {

namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kLongestId = 16;

/// One for each Purpose, in its order. A changed text makes everything of that purpose unreadable.
constexpr std::array<std::string_view, 6> kInfo{"gatehouse seal v1",  "gatehouse refresh v1", "gatehouse cursor v1",
                                                "gatehouse limit v1", "gatehouse browser v1", "gatehouse csrf v1"};

bool is_id(std::string_view id) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return !id.empty() && id.size() <= kLongestId && id.find_first_not_of(kAllowed) == std::string_view::npos;
}

/// Items are named by their place, because a mistyped id may be a piece of a key.
[[noreturn]] void refuse_item(std::size_t index, const std::string& why) {
  throw std::invalid_argument("the encryption key list: item " + std::to_string(index + 1) + " " + why);
}

std::string random_bytes(std::size_t count) {
  std::string out(count, '\0');
  base::fill_random({openssl::bytes(out), out.size()});
  return out;
}

}  // namespace

EncryptionKeys EncryptionKeys::parse(const base::Secret& text) {
  EncryptionKeys keys;
  keys.by_purpose_.resize(kInfo.size());
  std::set<std::string, std::less<>> seen;
  const auto items = base::split(base::trim(text.reveal()), ',');
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string_view item = base::trim(items[i]);
    if (item.empty()) {
      refuse_item(i, "is empty; expected id:base64, separated by single commas");
    }
    const auto colon = item.find(':');
    const std::string_view id = colon == std::string_view::npos ? "1" : item.substr(0, colon);
    if (!is_id(id)) refuse_item(i, "has an id that is not 1 to 16 letters, digits, '-' or '_'");
    if (!seen.emplace(id).second) refuse_item(i, "has the id of an earlier item; each key needs its own");
    auto decoded = base::from_base64(colon == std::string_view::npos ? item : item.substr(colon + 1));
    const base::Secret key(decoded ? std::move(*decoded) : std::string());
    if (key.reveal().size() != kKeyBytes) refuse_item(i, "is not the base64 form of exactly 32 bytes");
    for (std::size_t purpose = 0; purpose < kInfo.size(); ++purpose) {
      keys.by_purpose_[purpose].push_back({std::string(id), hkdf_sha256(key.reveal(), {}, kInfo[purpose], kKeyBytes)});
    }
  }
  return keys;
}

base::Secret EncryptionKeys::generate() {
  // A random id, so that a key that is put before an older one in the list never has the same.
  const std::string id = "k" + base::to_hex(random_bytes(4));
  const base::Secret key(random_bytes(kKeyBytes));
  return base::Secret(id + ":" + base::to_base64(key.reveal()));
}

const std::vector<EncryptionKeys::Subkey>& EncryptionKeys::subkeys(Purpose purpose) const {
  return by_purpose_.at(std::size_t(purpose));
}

std::string hmac_sha256(std::string_view key, std::string_view message) {
  // A context that knows its digest is copied for each call: setting the digest by name costs more than the MAC.
  static const openssl::MacContext kPrepared = [] {
    const openssl::Mac hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    openssl::require(hmac != nullptr, "EVP_MAC_fetch");
    openssl::MacContext context(EVP_MAC_CTX_new(hmac.get()));
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                     OSSL_PARAM_construct_end()};
    openssl::require(context != nullptr && EVP_MAC_CTX_set_params(context.get(), parameters) == 1, "HMAC set-up");
    return context;
  }();
  const openssl::MacContext context(EVP_MAC_CTX_dup(kPrepared.get()));
  std::string out(32, '\0');
  std::size_t length = 0;
  openssl::require(context != nullptr && EVP_MAC_init(context.get(), openssl::bytes(key), key.size(), nullptr) == 1 &&
                       EVP_MAC_update(context.get(), openssl::bytes(message), message.size()) == 1 &&
                       EVP_MAC_final(context.get(), openssl::bytes(out), &length, out.size()) == 1 &&
                       length == out.size(),
                   "HMAC");
  return out;
}

std::string sha256(std::string_view message) {
  static const openssl::Digest kSha256(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  // To make one anew takes longer than the digest of a token.
  thread_local const openssl::DigestContext context(EVP_MD_CTX_new());
  std::string out(32, '\0');
  openssl::require(kSha256 != nullptr && context != nullptr &&
                       EVP_DigestInit_ex(context.get(), kSha256.get(), nullptr) == 1 &&
                       EVP_DigestUpdate(context.get(), message.data(), message.size()) == 1 &&
                       EVP_DigestFinal_ex(context.get(), openssl::bytes(out), nullptr) == 1,
                   "SHA-256");
  return out;
}

bool constant_time_equal(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace gatehouse::crypto
