#pragma once

#include "base/recent_map.h"
#include "crypto/jwt.h"
#include "crypto/seal.h"
#include "db/database.h"
#include "domain/permissions.h"
#include "domain/settings.h"
#include "store/ids.h"
#include "store/signing_keys.h"

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::domain {

/// What Gatehouse itself reads back from an access token: which session, and how current it is.
struct AccessClaims {
  store::Account account;
  store::SessionId session;
  std::optional<store::OrganizationId> organization;
  std::string role_key;  // empty without an organization
  std::int64_t rights_version = 0;
  /// For whoever reads the token; Gatehouse itself never reads them back.
  Permissions permissions;
  /// Of a token that was verified.
  base::Time expires_at = {};
};

/// Signs and verifies access tokens (RFC 9068, `typ` at+jwt) with the keys in the database. Thread safe.
class AccessTokens {
 public:
  AccessTokens(const Settings& settings, const crypto::Sealer& sealer) : settings_(settings), sealer_(sealer) {}

  /// Makes the first signing key when there is none, and reads the keys.
  void open(db::Database& database, base::Time now);
  /// Reads the keys anew: after a rotation on another node, and every half a minute.
  void reload(db::Database& database, base::Time now);

  /// A token that lives kAccessTokenLife from `now`. This node knows its own tokens again without their signatures.
  base::Secret issue(const AccessClaims& claims, base::Time now) const;
  /// Nothing unless one of our keys signed it for our audience and it lives at `now`.
  std::optional<AccessClaims> verify(std::string_view token, base::Time now) const;

  /// The JWK set (RFC 7517) of every key that may have signed a live token or is about to sign.
  std::string jwks() const;

 private:
  struct Key {
    crypto::SigningKey key;
    base::Time signs_from;
  };
  struct Snapshot {
    std::vector<Key> keys;  // oldest first
    std::vector<crypto::SigningKey> verifiers;
  };
  /// A token that one of these keys has signed for us, so that it need not be verified for each request.
  struct Verified {
    std::shared_ptr<const Snapshot> keys;
    AccessClaims claims;
    std::int64_t issued_at;
  };
  /// As it stands in the token. `dir` and `rv` are ours; the rest is RFC 7519, RFC 9068 and OpenID Connect.
  struct Payload;
  static Verified to_verified(const Payload& payload, std::shared_ptr<const Snapshot> keys);
  std::shared_ptr<const Snapshot> snapshot() const;
  std::optional<Verified> verify_anew(std::string_view token, std::shared_ptr<const Snapshot> keys) const;

  /// Some 400 bytes each.
  static constexpr std::size_t kMostVerified = 65'536;

  Settings settings_;
  const crypto::Sealer& sealer_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_;
  mutable base::RecentMap<std::string, std::shared_ptr<const Verified>> verified_{kMostVerified};  // by SHA-256
};

/// What the sealed private key is bound to.
std::string signing_key_binding(const std::string& kid);

/// A new signing key, not stored yet, that is to sign from `signs_from` on.
store::SigningKeyRow make_signing_key(crypto::Algorithm algorithm, const crypto::Sealer& sealer, base::Time now,
                                      base::Time signs_from);

}  // namespace gatehouse::domain
