#include "domain/access_tokens.h"

#include "crypto/keys.h"
#include "domain/permissions.h"
#include "store/migrations.h"
#include "wire/read.h"
#include "wire/write.h"

#include <algorithm>
#include <stdexcept>

namespace gatehouse::domain {

namespace {

constexpr std::string_view kType = "at+jwt";

}  // namespace

struct AccessTokens::Payload {
  std::string iss;
  std::string aud;
  store::UserId sub;
  std::int64_t exp = 0;
  std::int64_t iat = 0;
  std::string jti;
  store::SessionId sid;
  store::DirectoryId dir;
  std::optional<store::OrganizationId> org;
  std::optional<std::string> role;
  std::vector<std::string> permissions;
  std::int64_t rv = 0;

  static constexpr auto fields() {
    return wire::fields(wire::field("iss", &Payload::iss), wire::field("aud", &Payload::aud),
                        wire::field("sub", &Payload::sub), wire::field("exp", &Payload::exp),
                        wire::field("iat", &Payload::iat), wire::field("jti", &Payload::jti),
                        wire::field("sid", &Payload::sid), wire::field("dir", &Payload::dir),
                        wire::field("org", &Payload::org), wire::field("role", &Payload::role),
                        wire::field("permissions", &Payload::permissions), wire::field("rv", &Payload::rv));
  }
};

AccessTokens::Verified AccessTokens::to_verified(const Payload& payload, std::shared_ptr<const Snapshot> keys) {
  const base::Time expires_at(std::chrono::seconds(payload.exp));
  return {std::move(keys),
          {{payload.dir, payload.sub}, payload.sid, payload.org, payload.role.value_or(""), payload.rv, {}, expires_at},
          payload.iat};
}

std::string signing_key_binding(const std::string& kid) { return "signing_keys.private_key:" + kid; }

store::SigningKeyRow make_signing_key(crypto::Algorithm algorithm, const crypto::Sealer& sealer, base::Time now,
                                      base::Time signs_from) {
  const auto key = crypto::SigningKey::generate(algorithm);
  return {key.kid(),
          std::string(crypto::to_string(algorithm)),
          db::Bytes{sealer.seal(key.private_pem().reveal(), signing_key_binding(key.kid()))},
          now,
          signs_from,
          std::nullopt};
}

void AccessTokens::open(db::Database& database, base::Time now) {
  const auto first = make_signing_key(settings_.signing_algorithm, sealer_, now, now);
  const auto done = database.write([&](db::Transaction& tx) -> base::Result<void> {
    store::lock_directory(tx, store::kPlatformDirectory);
    if (store::list_signing_keys(tx, now).empty()) store::insert_signing_key(tx, first);
    return {};
  });
  static_cast<void>(done);  // the body never refuses; trouble is thrown
  reload(database, now);
}

void AccessTokens::reload(db::Database& database, base::Time now) {
  const auto rows = database.read([&](db::Transaction& tx) { return store::list_signing_keys(tx, now); });
  auto fresh = std::make_shared<Snapshot>();
  for (const store::SigningKeyRow& row : rows) {
    const auto algorithm = crypto::algorithm_from(row.algorithm);
    const auto pem = sealer_.open(row.private_key.data, signing_key_binding(row.kid));
    if (!algorithm || !pem) {
      throw std::runtime_error("signing key " + row.kid + " can't be opened with the configured encryption key");
    }
    fresh->keys.push_back({crypto::SigningKey::from_pem(*algorithm, *pem), row.signs_from});
    fresh->verifiers.push_back(fresh->keys.back().key);
  }
  if (fresh->keys.empty()) throw std::runtime_error("there is no signing key in the database");
  const auto is_same = [](const Key& one, const Key& other) {
    return one.key.kid() == other.key.kid() && one.signs_from == other.signs_from;
  };
  std::lock_guard lock(mutex_);
  // What was verified with these keys need not be verified again.
  if (snapshot_ && std::ranges::equal(fresh->keys, snapshot_->keys, is_same)) return;
  snapshot_ = std::move(fresh);
}

std::shared_ptr<const AccessTokens::Snapshot> AccessTokens::snapshot() const {
  std::lock_guard lock(mutex_);
  return snapshot_;
}

base::Secret AccessTokens::issue(const AccessClaims& claims, base::Time now) const {
  const auto keys = snapshot();
  const Key* signer = &keys->keys.front();
  for (const Key& key : keys->keys) {
    if (key.signs_from <= now) signer = &key;
  }
  Payload payload;
  payload.iss = settings_.public_url;
  payload.aud = settings_.audience;
  payload.sub = claims.account.user;
  payload.iat = base::to_unix_seconds(now);
  payload.exp = payload.iat + kAccessTokenLife.count();
  payload.jti = base::to_base32(base::make_uuid_v7(now));
  payload.sid = claims.session;
  payload.dir = claims.account.directory;
  payload.org = claims.organization;
  if (claims.organization) payload.role = claims.role_key;
  payload.permissions.assign(claims.permissions.begin(), claims.permissions.end());
  payload.rv = claims.rights_version;
  std::string token = signer->key.sign(kType, wire::write(payload));
  verified_.put(crypto::sha256(token), std::make_shared<const Verified>(to_verified(payload, keys)));
  return base::Secret(std::move(token));
}

std::optional<AccessClaims> AccessTokens::verify(std::string_view token, base::Time now) const {
  const auto keys = snapshot();
  const std::string digest = crypto::sha256(token);
  auto verified = verified_.find(digest).value_or(nullptr);
  if (!verified || verified->keys != keys) {
    auto fresh = verify_anew(token, keys);
    if (!fresh) return std::nullopt;
    verified = std::make_shared<const Verified>(std::move(*fresh));
    verified_.put(digest, verified);
  }
  if (verified->claims.expires_at <= now || verified->issued_at > base::to_unix_seconds(now) + 60) return std::nullopt;
  return verified->claims;
}

/// All but the times, which every request is held against.
std::optional<AccessTokens::Verified> AccessTokens::verify_anew(std::string_view token,
                                                                std::shared_ptr<const Snapshot> keys) const {
  const auto text = crypto::verify_jws(token, kType, keys->verifiers);
  if (!text) return std::nullopt;
  wire::Source source;
  source.body_kind = wire::Source::Body::json;
  source.body = *text;
  auto payload = wire::read<Payload>(source);
  if (!payload || payload->iss != settings_.public_url || payload->aud != settings_.audience) return std::nullopt;
  return to_verified(*payload, std::move(keys));
}

std::string AccessTokens::jwks() const {
  std::string text = R"({"keys":[)";
  bool first = true;
  for (const Key& key : snapshot()->keys) {
    if (!first) text += ',';
    first = false;
    text += key.key.public_jwk();
  }
  return text + "]}";
}

}  // namespace gatehouse::domain
