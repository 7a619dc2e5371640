#include "domain/operator_service.h"

#include "domain/access_tokens.h"
#include "domain/key_rotation.h"
#include "store/letters.h"
#include "store/signing_keys.h"

#include <algorithm>

namespace gatehouse::domain {

namespace {

std::vector<SigningKeyView> all_signing_keys(const Services& services) {
  const base::Time now = services.clock.now();
  const auto keys = services.database.read([&](db::Transaction& tx) { return store::list_signing_keys(tx, now); });
  std::vector<SigningKeyView> views;
  for (const store::SigningKeyRow& key : keys) {
    // The newest of those whose time has come signs; they are listed by that time.
    const bool is_newer_there = std::any_of(keys.begin(), keys.end(), [&](const store::SigningKeyRow& other) {
      return other.signs_from <= now && other.signs_from > key.signs_from;
    });
    const std::string_view state = key.signs_from > now ? "published" : is_newer_there ? "verifying" : "signing";
    views.push_back({key.kid, key.algorithm, std::string(state), key.created_at, key.signs_from, key.retires_at});
  }
  return views;
}

}  // namespace

base::Result<Page<SigningKeyView>> list_signing_keys(const Services& services, const Steward&, const PageInput& input) {
  return cut_page(services, "operator/signing-keys", store::kPlatformOrganization, all_signing_keys(services), input,
                  [](const SigningKeyView& key) { return key.kid; });
}

base::Result<Page<SigningKeyView>> rotate_signing_keys(const Services& services, const Steward& steward,
                                                       const RotateSigningKeyInput& input) {
  std::optional<std::string> reason;
  if (input.reason) reason = TRY(clean_reason(*input.reason));
  rotate_signing_key(services, steward, reason);
  // Here at once; the other nodes read it when their job does.
  services.access_tokens.reload(services.database, services.clock.now());
  return Page<SigningKeyView>{all_signing_keys(services), {}};
}

base::Result<HealthView> show_health(const Services& services, const Steward&) {
  const ProgramFacts facts = services.facts();
  const auto depth = services.database.read([](db::Transaction& tx) { return store::outbox_depth(tx); });
  const base::Time now = services.clock.now();
  HealthView health{"ok",
                    GATEHOUSE_VERSION,
                    facts.started_at,
                    std::chrono::duration_cast<std::chrono::seconds>(now - facts.started_at).count(),
                    {services.database.dialect() == db::Dialect::sqlite ? "sqlite" : "postgresql", facts.schema_applied,
                     facts.schema_known},
                    {depth.queued, depth.failed},
                    {},
                    std::int64_t(services.hasher.waiting())};
  if (facts.schema_applied != facts.schema_known) health.status = "degraded";
  for (const JobFact& job : facts.jobs) {
    if (job.is_failing) health.status = "degraded";
    health.jobs.push_back({job.name, job.last_run_at, job.is_failing});
  }
  return health;
}

base::Result<Page<SettingView>> show_configuration(const Services& services, const Steward&, const PageInput& input) {
  std::vector<SettingView> all;
  for (const SettingFact& fact : services.facts().configuration) all.push_back({fact.key, fact.value, fact.origin});
  return cut_page(services, "operator/configuration", store::kPlatformOrganization, std::move(all), input,
                  [](const SettingView& setting) { return setting.key; });
}

}  // namespace gatehouse::domain
