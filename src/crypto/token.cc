#include "crypto/token.h"

#include "base/random.h"
#include "base/text.h"

#include <boost/crc.hpp>
#include <stdexcept>

namespace gatehouse::crypto {

namespace {

constexpr std::size_t kPrefixCharacters = 3;
constexpr std::size_t kUuidBytes = 16;
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kMacBytes = 32;

constexpr std::size_t kChecksumBytes = 4;

constexpr std::string_view kRefreshPrefix = "grt_";
constexpr std::string_view kRefreshLabel = "refresh v1";
constexpr char kRefreshVersion = 0x01;
/// version, length of the key's id, id of at most 16, directory, session, generation, MAC
constexpr std::size_t kLongestRefreshBytes = 2 + 16 + kUuidBytes + kUuidBytes + 8 + kMacBytes;
constexpr std::size_t kLongestRefreshCharacters = kRefreshPrefix.size() + (kLongestRefreshBytes * 4 + 2) / 3;

/// Of fixed-length parts only, so that no two tokens share an input.
std::string hash_secret(std::string_view prefix, const base::Uuid& placement, const base::Uuid& row,
                        std::string_view secret) {
  const base::Secret input(std::string(prefix).append(placement.view()).append(row.view()).append(secret));
  return sha256(input.reveal());
}

std::string checksum(std::string_view payload) {
  boost::crc_32_type crc;
  crc.process_bytes(kApiKeyPrefix.data(), kApiKeyPrefix.size());
  crc.process_bytes(payload.data(), payload.size());
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += char(crc.checksum() >> shift);
  return out;
}

std::string refresh_mac(const EncryptionKeys::Subkey& key, std::string_view payload) {
  return hmac_sha256(key.bytes.reveal(), std::string(kRefreshLabel).append(payload));
}

std::string big_endian(std::int64_t value) {
  std::string out;
  for (int shift = 56; shift >= 0; shift -= 8) out += char(std::uint64_t(value) >> shift);
  return out;
}

std::int64_t from_big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = (value << 8) | std::uint8_t(byte);
  return std::int64_t(value);
}

}  // namespace

NewOneTimeToken make_one_time_token(std::string_view prefix, const base::Uuid& placement, const base::Uuid& row) {
  if (prefix.size() != kPrefixCharacters) throw std::invalid_argument("a token's prefix has three letters");
  std::string random(kSecretBytes, '\0');
  base::fill_random({reinterpret_cast<std::uint8_t*>(random.data()), random.size()});
  const base::Secret secret(std::move(random));
  const base::Secret payload(std::string(placement.view()).append(row.view()).append(secret.reveal()));
  return {base::Secret(std::string(prefix) + "_" + base::to_base64url(payload.reveal())),
          hash_secret(prefix, placement, row, secret.reveal())};
}

std::optional<OneTimeToken> parse_one_time_token(std::string_view prefix, std::string_view text) {
  constexpr std::size_t kPayloadCharacters = ((kUuidBytes + kUuidBytes + kSecretBytes) * 4 + 2) / 3;
  if (text.size() != prefix.size() + 1 + kPayloadCharacters) return std::nullopt;
  if (!text.starts_with(prefix) || text[prefix.size()] != '_') return std::nullopt;
  auto decoded = base::from_base64url(text.substr(prefix.size() + 1));
  if (!decoded) return std::nullopt;
  const base::Secret payload(std::move(*decoded));
  const std::string_view bytes = payload.reveal();
  OneTimeToken token;
  token.placement = base::Uuid::from_bytes(bytes.substr(0, kUuidBytes)).value();
  token.row = base::Uuid::from_bytes(bytes.substr(kUuidBytes, kUuidBytes)).value();
  token.secret_hash = hash_secret(prefix, token.placement, token.row, bytes.substr(2 * kUuidBytes));
  return token;
}

NewApiKey make_api_key(const base::Uuid& placement, const base::Uuid& row) {
  std::string random(kSecretBytes, '\0');
  base::fill_random({reinterpret_cast<std::uint8_t*>(random.data()), random.size()});
  const base::Secret secret(std::move(random));
  const base::Secret payload(std::string(placement.view()).append(row.view()).append(secret.reveal()));
  const base::Secret checked(std::string(payload.reveal()).append(checksum(payload.reveal())));
  return {base::Secret(std::string(kApiKeyPrefix) + base::to_base64url(checked.reveal())),
          hash_secret(kApiKeyPrefix, placement, row, secret.reveal())};
}

std::optional<ApiKey> parse_api_key(std::string_view text) {
  constexpr std::size_t kPayloadBytes = kUuidBytes + kUuidBytes + kSecretBytes;
  constexpr std::size_t kCharacters = ((kPayloadBytes + kChecksumBytes) * 4 + 2) / 3;
  if (text.size() != kApiKeyPrefix.size() + kCharacters || !text.starts_with(kApiKeyPrefix)) return std::nullopt;
  auto decoded = base::from_base64url(text.substr(kApiKeyPrefix.size()));
  if (!decoded) return std::nullopt;
  const base::Secret bytes(std::move(*decoded));
  const std::string_view payload = bytes.reveal().substr(0, kPayloadBytes);
  if (bytes.reveal().substr(kPayloadBytes) != checksum(payload)) return std::nullopt;
  ApiKey key;
  key.placement = base::Uuid::from_bytes(payload.substr(0, kUuidBytes)).value();
  key.row = base::Uuid::from_bytes(payload.substr(kUuidBytes, kUuidBytes)).value();
  key.secret_hash = hash_secret(kApiKeyPrefix, key.placement, key.row, payload.substr(2 * kUuidBytes));
  return key;
}

base::Secret make_refresh_token(const EncryptionKeys& keys, const RefreshToken& token) {
  const EncryptionKeys::Subkey& key = keys.subkeys(Purpose::refresh).front();
  std::string payload{kRefreshVersion, char(key.id.size())};
  payload.append(key.id).append(token.directory.view()).append(token.session.view());
  payload.append(big_endian(token.generation));
  payload.append(refresh_mac(key, payload));
  const base::Secret bytes(std::move(payload));
  return base::Secret(std::string(kRefreshPrefix) + base::to_base64url(bytes.reveal()));
}

std::optional<RefreshToken> parse_refresh_token(const EncryptionKeys& keys, std::string_view text) {
  if (text.size() > kLongestRefreshCharacters || !text.starts_with(kRefreshPrefix)) return std::nullopt;
  const auto decoded = base::from_base64url(text.substr(kRefreshPrefix.size()));
  if (!decoded) return std::nullopt;
  const std::string_view bytes = *decoded;
  if (bytes.size() < 2 || bytes[0] != kRefreshVersion) return std::nullopt;
  const std::size_t id_bytes = std::uint8_t(bytes[1]);
  const std::size_t payload_bytes = 2 + id_bytes + kUuidBytes + kUuidBytes + 8;
  if (bytes.size() != payload_bytes + kMacBytes) return std::nullopt;
  const std::string_view id = bytes.substr(2, id_bytes);
  for (const EncryptionKeys::Subkey& key : keys.subkeys(Purpose::refresh)) {
    if (key.id != id) continue;
    if (!constant_time_equal(refresh_mac(key, bytes.substr(0, payload_bytes)), bytes.substr(payload_bytes))) {
      return std::nullopt;
    }
    const std::string_view fields = bytes.substr(2 + id_bytes);
    return RefreshToken{base::Uuid::from_bytes(fields.substr(0, kUuidBytes)).value(),
                        base::Uuid::from_bytes(fields.substr(kUuidBytes, kUuidBytes)).value(),
                        from_big_endian(fields.substr(2 * kUuidBytes, 8))};
  }
  return std::nullopt;
}

}  // namespace gatehouse::crypto
