#pragma once

#include "base/secret.h"

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::crypto {

/// What a key derived from the encryption key is for. Each purpose has its own HKDF-SHA256 subkey (RFC 5869).
enum class Purpose { seal, refresh, cursor, limit, browser, csrf };

/// The keys of GATEHOUSE_ENCRYPTION_KEY: "id:base64,id:base64" with 32 bytes each; a bare base64 value has the id "1".
/// The first one writes, all read. Immutable and thread safe.
class EncryptionKeys {
 public:
  /// Throws std::invalid_argument with a text for the operator that holds no key material.
  static EncryptionKeys parse(const base::Secret& text);
  /// A fresh random key, in the form that parse() takes.
  static base::Secret generate();

  struct Subkey {
    std::string id;
    base::Secret bytes;  // 32
  };
  /// The subkeys for a purpose, the writing one first.
  const std::vector<Subkey>& subkeys(Purpose purpose) const;

 private:
  EncryptionKeys() = default;
  std::vector<std::vector<Subkey>> by_purpose_;
};

/// HMAC-SHA256 (RFC 2104), 32 raw bytes. Thread safe.
std::string hmac_sha256(std::string_view key, std::string_view message);
/// SHA-256, 32 raw bytes. Thread safe.
std::string sha256(std::string_view message);
/// Equal in a time that depends on the lengths only.
bool constant_time_equal(std::string_view a, std::string_view b);

}  // namespace gatehouse::crypto
