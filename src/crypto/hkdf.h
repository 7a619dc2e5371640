#pragma once

#include "base/secret.h"

#include <cstddef>
#include <string_view>

namespace gatehouse::crypto {

/// HKDF-SHA256, extract and expand (RFC 5869). Throws std::runtime_error when OpenSSL fails. Thread safe.
base::Secret hkdf_sha256(std::string_view key, std::string_view salt, std::string_view info, std::size_t length);

}  // namespace gatehouse::crypto
