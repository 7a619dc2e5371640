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

/// A text that only the holder of the encryption key can have made: prefix, and base64url of version, length of the
/// key's id, id of at most 16, fields of a fixed length, MAC.
struct SignedText {
  std::string_view prefix;
  std::string_view label;
  Purpose purpose;
  std::size_t field_bytes;

  std::size_t most_characters() const {
    const std::size_t bytes = 2 + 16 + field_bytes + kMacBytes;
    return prefix.size() + (bytes * 4 + 2) / 3;
  }
};

constexpr char kSignedVersion = 0x01;
/// directory, session, generation
constexpr SignedText kRefresh{"grt_", "refresh v1", Purpose::refresh, kUuidBytes + kUuidBytes + 8};
/// directory, session
constexpr SignedText kBrowser{"gbs_", "browser v1", Purpose::browser, kUuidBytes + kUuidBytes};
constexpr std::string_view kFormLabel = "form v1";

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

std::string mac_of(const SignedText& kind, const EncryptionKeys::Subkey& key, std::string_view payload) {
  return hmac_sha256(key.bytes.reveal(), std::string(kind.label).append(payload));
}

base::Secret sign(const EncryptionKeys& keys, const SignedText& kind, std::string_view fields) {
  const EncryptionKeys::Subkey& key = keys.subkeys(kind.purpose).front();
  std::string payload{kSignedVersion, char(key.id.size())};
  payload.append(key.id).append(fields);
  payload.append(mac_of(kind, key, payload));
  const base::Secret bytes(std::move(payload));
  return base::Secret(std::string(kind.prefix) + base::to_base64url(bytes.reveal()));
}

/// The fields; nothing unless sign() made the text under one of the keys.
std::optional<std::string> open_signed(const EncryptionKeys& keys, const SignedText& kind, std::string_view text) {
  if (text.size() > kind.most_characters() || !text.starts_with(kind.prefix)) return std::nullopt;
  const auto decoded = base::from_base64url(text.substr(kind.prefix.size()));
  if (!decoded) return std::nullopt;
  const std::string_view bytes = *decoded;
  if (bytes.size() < 2 || bytes[0] != kSignedVersion) return std::nullopt;
  const std::size_t id_bytes = std::uint8_t(bytes[1]);
  const std::size_t payload_bytes = 2 + id_bytes + kind.field_bytes;
  if (bytes.size() != payload_bytes + kMacBytes) return std::nullopt;
  const std::string_view id = bytes.substr(2, id_bytes);
  for (const EncryptionKeys::Subkey& key : keys.subkeys(kind.purpose)) {
    if (key.id != id) continue;
    if (!constant_time_equal(mac_of(kind, key, bytes.substr(0, payload_bytes)), bytes.substr(payload_bytes))) {
      return std::nullopt;
    }
    return std::string(bytes.substr(2 + id_bytes, kind.field_bytes));
  }
  return std::nullopt;
}

base::Uuid uuid_at(std::string_view fields, std::size_t offset) {
  return base::Uuid::from_bytes(fields.substr(offset, kUuidBytes)).value();
}

std::string form_mac(const EncryptionKeys::Subkey& key, const BrowserSession& session) {
  return hmac_sha256(key.bytes.reveal(),
                     std::string(kFormLabel).append(session.directory.view()).append(session.session.view()));
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
  return sign(keys, kRefresh,
              std::string(token.directory.view()).append(token.session.view()).append(big_endian(token.generation)));
}

std::optional<RefreshToken> parse_refresh_token(const EncryptionKeys& keys, std::string_view text) {
  const auto fields = open_signed(keys, kRefresh, text);
  if (!fields) return std::nullopt;
  return RefreshToken{uuid_at(*fields, 0), uuid_at(*fields, kUuidBytes),
                      from_big_endian(std::string_view(*fields).substr(2 * kUuidBytes))};
}

base::Secret make_browser_session(const EncryptionKeys& keys, const BrowserSession& session) {
  return sign(keys, kBrowser, std::string(session.directory.view()).append(session.session.view()));
}

std::optional<BrowserSession> parse_browser_session(const EncryptionKeys& keys, std::string_view text) {
  const auto fields = open_signed(keys, kBrowser, text);
  if (!fields) return std::nullopt;
  return BrowserSession{uuid_at(*fields, 0), uuid_at(*fields, kUuidBytes)};
}

std::string make_form_token(const EncryptionKeys& keys, const BrowserSession& session) {
  return base::to_base64url(form_mac(keys.subkeys(Purpose::csrf).front(), session));
}

bool is_form_token(const EncryptionKeys& keys, const BrowserSession& session, std::string_view text) {
  if (text.size() > kMacBytes * 2) return false;
  const auto decoded = base::from_base64url(text);
  if (!decoded) return false;
  for (const EncryptionKeys::Subkey& key : keys.subkeys(Purpose::csrf)) {
    if (constant_time_equal(form_mac(key, session), *decoded)) return true;
  }
  return false;
}

}  // namespace gatehouse::crypto
