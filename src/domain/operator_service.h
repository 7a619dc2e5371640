#pragma once

#include "base/result.h"
#include "domain/pages.h"
#include "domain/services.h"
#include "domain/steward.h"

/// How the service itself fares.
namespace gatehouse::domain {

struct SigningKeyView {
  std::string kid;
  std::string algorithm;
  std::string state;
  base::Time created_at;
  base::Time signs_from;
  std::optional<base::Time> retires_at;

  static constexpr std::string_view kSchemaName = "SigningKey";
  static constexpr auto fields() {
    using V = SigningKeyView;
    return wire::fields(
        wire::field("kid", &V::kid), wire::field("algorithm", &V::algorithm),
        wire::field("state", &V::state)
            .says("published: known, but not used yet; signing; verifying: its last tokens are not over yet"),
        wire::field("created_at", &V::created_at), wire::field("signs_from", &V::signs_from),
        wire::field("retires_at", &V::retires_at).says("When it leaves the key set."));
  }
};

struct RotateSigningKeyInput {
  std::optional<std::string> reason;

  static constexpr auto fields() {
    return wire::fields(
        wire::field("reason", &RotateSigningKeyInput::reason).length(1, 200).says("Why, for the audit log."));
  }
};

struct DatabaseHealth {
  std::string kind;
  std::int64_t schema = 0;
  std::int64_t schema_known = 0;

  static constexpr std::string_view kSchemaName = "DatabaseHealth";
  static constexpr auto fields() {
    return wire::fields(
        wire::field("kind", &DatabaseHealth::kind).says("sqlite or postgresql"),
        wire::field("schema", &DatabaseHealth::schema).says("The last migration that was applied."),
        wire::field("schema_known", &DatabaseHealth::schema_known).says("The last migration that this program knows."));
  }
};

struct OutboxHealth {
  std::int64_t queued = 0;
  std::int64_t failed = 0;

  static constexpr std::string_view kSchemaName = "OutboxHealth";
  static constexpr auto fields() {
    return wire::fields(wire::field("queued", &OutboxHealth::queued),
                        wire::field("failed", &OutboxHealth::failed).says("In the last 30 days."));
  }
};

struct JobHealth {
  std::string name;
  std::optional<base::Time> last_run_at;
  bool is_failing = false;

  static constexpr std::string_view kSchemaName = "JobHealth";
  static constexpr auto fields() {
    return wire::fields(wire::field("name", &JobHealth::name),
                        wire::field("last_run_at", &JobHealth::last_run_at).says("When its last run ended."),
                        wire::field("is_failing", &JobHealth::is_failing));
  }
};

struct HealthView {
  std::string status;
  std::string version;
  base::Time started_at;
  std::int64_t uptime_seconds = 0;
  DatabaseHealth database;
  OutboxHealth outbox;
  std::vector<JobHealth> jobs;
  std::int64_t waiting_hashes = 0;

  static constexpr std::string_view kSchemaName = "Health";
  static constexpr auto fields() {
    using V = HealthView;
    return wire::fields(
        wire::field("status", &V::status).says("ok, or degraded: a job fails or the schema is not current"),
        wire::field("version", &V::version),
        wire::field("started_at", &V::started_at).says("Of the node that answers."),
        wire::field("uptime_seconds", &V::uptime_seconds), wire::field("database", &V::database),
        wire::field("outbox", &V::outbox), wire::field("jobs", &V::jobs).says("Of the node that answers."),
        wire::field("waiting_hashes", &V::waiting_hashes).says("Passwords that wait to be hashed on this node."));
  }
};

struct SettingView {
  std::string key;
  std::string value;
  std::string origin;

  static constexpr std::string_view kSchemaName = "Setting";
  static constexpr auto fields() {
    return wire::fields(wire::field("key", &SettingView::key),
                        wire::field("value", &SettingView::value).says("Secrets are shown as ***."),
                        wire::field("origin", &SettingView::origin).says("Where it was found."));
  }
};

/// The keys that sign or verify access tokens, oldest first.
base::Result<Page<SigningKeyView>> list_signing_keys(const Services& services, const Steward& steward,
                                                     const PageInput& input);

/// Makes a new one, see rotate_signing_key(); the answer is the whole list with it. Refuses: kInvalidRequest.
base::Result<Page<SigningKeyView>> rotate_signing_keys(const Services& services, const Steward& steward,
                                                       const RotateSigningKeyInput& input);

/// Of the node that answers, and of what all nodes share.
base::Result<HealthView> show_health(const Services& services, const Steward& steward);

/// What the node that answers was configured with.
base::Result<Page<SettingView>> show_configuration(const Services& services, const Steward& steward,
                                                   const PageInput& input);

}  // namespace gatehouse::domain
