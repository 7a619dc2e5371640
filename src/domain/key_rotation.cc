#include "domain/key_rotation.h"

#include "domain/access_tokens.h"
#include "domain/audit.h"
#include "domain/operators.h"
#include "domain/outbox.h"
#include "domain/passwords.h"
#include "store/letters.h"
#include "store/signing_keys.h"
#include "store/users.h"

#include <stdexcept>

namespace gatehouse::domain {

namespace {

constexpr std::int64_t kBatch = 200;

/// The value under the writing key, or nothing when it is there already.
std::optional<db::Bytes> seal_anew(const crypto::Sealer& sealer, const std::string& sealed,
                                   const std::string& bound_to) {
  if (!sealer.is_outdated(sealed)) return std::nullopt;
  const auto plain = sealer.open(sealed, bound_to);
  if (!plain) throw std::runtime_error("a sealed value can't be opened with the configured encryption keys");
  return db::Bytes{sealer.seal(plain->reveal(), bound_to)};
}

std::int64_t reseal_signing_keys(const Services& services) {
  return *services.database.write([&](db::Transaction& tx) -> base::Result<std::int64_t> {
    std::int64_t count = 0;
    for (const auto& key : store::list_signing_keys(tx, services.clock.now())) {
      const auto fresh = seal_anew(services.sealer, key.private_key.data, signing_key_binding(key.kid));
      if (!fresh) continue;
      store::set_signing_key_private(tx, key.kid, *fresh);
      ++count;
    }
    return count;
  });
}

std::int64_t reseal_password_hashes(const Services& services) {
  std::int64_t count = 0;
  store::Account after;
  for (bool more = true; more;) {
    count += *services.database.write([&](db::Transaction& tx) -> base::Result<std::int64_t> {
      std::int64_t done = 0;
      store::Account last = after;
      const db::Rows rows = store::list_password_hashes(tx, after, kBatch);
      for (const db::Row& row : rows) {
        last = {row.get<store::DirectoryId>(0), row.get<store::UserId>(1)};
        const std::string before = row.get<std::string>(2);
        const auto fresh = seal_anew(services.sealer, before, password_binding(last));
        if (!fresh) continue;
        store::replace_password_hash(tx, last, db::Bytes{before}, *fresh);
        ++done;
      }
      more = std::int64_t(rows.size()) == kBatch;
      after = last;
      return done;
    });
  }
  return count;
}

std::int64_t reseal_letters(const Services& services) {
  std::int64_t count = 0;
  store::LetterId after;
  for (bool more = true; more;) {
    count += *services.database.write([&](db::Transaction& tx) -> base::Result<std::int64_t> {
      std::int64_t done = 0;
      store::LetterId last = after;
      const db::Rows rows = store::list_waiting_contents(tx, after, kBatch);
      for (const db::Row& row : rows) {
        last = row.get<store::LetterId>(0);
        const auto fresh = seal_anew(services.sealer, row.get<std::string>(1), letter_binding(last));
        if (!fresh) continue;
        store::set_letter_content(tx, last, *fresh);
        ++done;
      }
      more = std::int64_t(rows.size()) == kBatch;
      after = last;
      return done;
    });
  }
  return count;
}

}  // namespace

std::string rotate_signing_key(const Services& services) {
  return rotate_signing_key(services, Steward::at_command_line(), std::nullopt);
}

std::string rotate_signing_key(const Services& services, const Steward& steward,
                               const std::optional<std::string>& reason) {
  const base::Time now = services.clock.now();
  const base::Time signs_from = now + kKeyOverlap;
  const auto key = make_signing_key(services.settings.signing_algorithm, services.sealer, now, signs_from);
  const auto audit = store::AuditId::make(services.clock.now());
  std::map<std::string, std::string> details;
  if (reason) details["reason"] = *reason;
  const auto done = services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    store::insert_signing_key(tx, key);
    store::retire_other_signing_keys(tx, key.kid, signs_from + 2 * kAccessTokenLife);
    record(tx, now, steward.origin(),
           {audit, store::kPlatformOrganization, action::kSigningKeyRotated, steward.actor(), key.kid, details});
    return {};
  });
  static_cast<void>(done);  // the body never refuses; trouble is thrown
  return key.kid;
}

Resealed reseal(const Services& services) {
  const Resealed resealed{reseal_signing_keys(services), reseal_password_hashes(services), reseal_letters(services)};
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  const auto done = services.database.write([&](db::Transaction& tx) -> base::Result<void> {
    record(
        tx, now, command_line_origin(),
        {audit, store::kPlatformOrganization, action::kKeysResealed, {"command_line", std::nullopt}, std::nullopt, {}});
    return {};
  });
  static_cast<void>(done);  // the body never refuses; trouble is thrown
  return resealed;
}

}  // namespace gatehouse::domain
