#pragma once

#include "crypto/keys.h"

#include <optional>

namespace gatehouse::crypto {

/// Encrypts what must be readable again: AES-256-GCM (NIST SP 800-38D) under the `seal` subkey. A sealed value begins
/// with a version byte and the key's id, and opens only with the same `bound_to` (name of the column and key of the
/// row), so that it can't be moved to another row. Thread safe.
class Sealer {
 public:
  explicit Sealer(const EncryptionKeys& keys) : keys_(keys) {}

  std::string seal(std::string_view plain, std::string_view bound_to) const;
  /// Nothing when the value was changed, moved, or sealed under a key that we do not have.
  std::optional<base::Secret> open(std::string_view sealed, std::string_view bound_to) const;
  /// True when the value was not sealed with the first key of the list: `keys reseal` rewrites it.
  bool is_outdated(std::string_view sealed) const;

 private:
  EncryptionKeys keys_;
};

}  // namespace gatehouse::crypto
