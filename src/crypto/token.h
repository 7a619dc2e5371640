#pragma once

#include "base/ids.h"
#include "base/secret.h"
#include "crypto/keys.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::crypto {

/// The secret of a mailed link: "<prefix>_" and base64url of placement key, row id and 256 random bits. `placement` is
/// the directory or the organization under which the row is stored, so that it is found by primary key. Only
/// `secret_hash` (SHA-256 of the random bits, bound to prefix, placement and row) is stored.
struct OneTimeToken {
  base::Uuid placement;
  base::Uuid row;
  std::string secret_hash;  // 32 raw bytes
};

struct NewOneTimeToken {
  base::Secret text;
  std::string secret_hash;
};

/// Makes a token for a row that the caller is about to store. `prefix` names the purpose ("gir" …), 3 letters.
NewOneTimeToken make_one_time_token(std::string_view prefix, const base::Uuid& placement, const base::Uuid& row);
/// Nothing unless the text is exactly a token of that prefix. The caller compares `secret_hash` with the stored one by
/// constant_time_equal().
std::optional<OneTimeToken> parse_one_time_token(std::string_view prefix, std::string_view text);

inline constexpr std::string_view kApiKeyPrefix = "ghk_";

/// A back end's key: "ghk_" and base64url of placement key (the organization, nil for the platform), row id, 256 random
/// bits and a CRC-32 of all before it, by which scanners for leaked secrets tell a real key from a random text.
struct ApiKey {
  base::Uuid placement;
  base::Uuid row;
  std::string secret_hash;  // 32 raw bytes
};

struct NewApiKey {
  base::Secret text;
  std::string secret_hash;
};

NewApiKey make_api_key(const base::Uuid& placement, const base::Uuid& row);
/// Nothing unless the text is exactly a key with the right checksum. The caller compares `secret_hash` with the stored
/// one by constant_time_equal().
std::optional<ApiKey> parse_api_key(std::string_view text);

/// Session, placement and generation, authenticated by HMAC-SHA256 under the `refresh` subkey. Nothing of it is stored
/// and the next generation can be computed again. "grt_" and base64url.
struct RefreshToken {
  base::Uuid directory;
  base::Uuid session;
  std::int64_t generation;
};

base::Secret make_refresh_token(const EncryptionKeys& keys, const RefreshToken& token);
/// Nothing when the text was not made by make_refresh_token() under one of the keys.
std::optional<RefreshToken> parse_refresh_token(const EncryptionKeys& keys, std::string_view text);

/// Session and placement, for the cookie of a browser, authenticated by HMAC-SHA256 under the `browser` subkey. Nothing
/// of it is stored. "gbs_" and base64url.
struct BrowserSession {
  base::Uuid directory;
  base::Uuid session;
};

base::Secret make_browser_session(const EncryptionKeys& keys, const BrowserSession& session);
/// Nothing when the text was not made by make_browser_session() under one of the keys.
std::optional<BrowserSession> parse_browser_session(const EncryptionKeys& keys, std::string_view text);

/// What a form of a page carries, so that only a page that was made for the session could have sent it: base64url of
/// HMAC-SHA256 over the session under the `csrf` subkey. It lets nobody in by itself.
std::string make_form_token(const EncryptionKeys& keys, const BrowserSession& session);
/// Whether make_form_token() made the text for that session, under one of the keys.
bool is_form_token(const EncryptionKeys& keys, const BrowserSession& session, std::string_view text);

}  // namespace gatehouse::crypto
