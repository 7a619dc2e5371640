#pragma once

#include "crypto/keys.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace gatehouse::domain {

/// What the memory of this node knows a credential by. Of fixed size, so that looking one up follows no pointer.
struct CredentialDigest {
  std::array<char, 33> bytes{};

  bool operator==(const CredentialDigest&) const = default;
};

/// `kind` keeps those apart that are shown in different places: no cookie is a token, nor the other way around.
inline CredentialDigest digest_of(char kind, std::string_view credential) {
  CredentialDigest digest;
  std::ranges::copy(crypto::sha256(credential), digest.bytes.begin());
  digest.bytes.back() = kind;
  return digest;
}

struct HashOfCredential {
  std::size_t operator()(const CredentialDigest& digest) const {
    std::size_t first = 0;
    std::memcpy(&first, digest.bytes.data(), sizeof first);
    return first;
  }
};

}  // namespace gatehouse::domain
