#include "app/program.h"

#include "api/routes.h"
#include "app/management.h"
#include "base/log.h"
#include "console/console.h"
#include "domain/access_tokens.h"
#include "domain/known_sessions.h"
#include "domain/request_budget.h"
#include "http/server.h"
#include "jobs/table.h"
#include "pages/pages.h"
#include "smtp/sender.h"
#include "store/migrations.h"

#include <algorithm>
#include <thread>

namespace gatehouse::app {

namespace log = base::log;
using namespace std::chrono_literals;

namespace {

domain::Settings to_settings(const Config& config) {
  domain::Settings settings;
  settings.public_url = config.public_url;
  settings.app_url = config.app_url;
  settings.audience = config.audience;
  settings.sign_up_open = config.sign_up == SignUp::open;
  settings.sign_in_alert = config.sign_in_alert;
  settings.policies = {config.policy.password_minimum, std::chrono::seconds(config.policy.session_idle_seconds),
                       std::chrono::seconds(config.policy.session_absolute_seconds), config.policy.who_may_invite};
  settings.mail_enabled = config.mail.enabled;
  settings.limits_enabled = config.limits.enabled;
  settings.operator_networks = config.operators.networks;
  settings.signing_algorithm = config.signing.algorithm;
  return settings;
}

/// About a kilobyte each.
constexpr std::size_t kMostKnownSessions = 131'072;

std::size_t cores() { return std::max(1u, std::thread::hardware_concurrency()); }

http::ServerOptions to_server_options(const Config& config) {
  http::ServerOptions options;
  options.address = config.listen.address;
  options.port = config.listen.port;
  options.threads = std::size_t(config.http.threads);
  // Fewer than connections, which sign-ins, jobs and probes need too: only the workers' queue serves networks in turn.
  options.store_workers = std::size_t(std::max(1, config.database.connections * 3 / 4));
  options.limits.connections = std::size_t(config.http.connections);
  options.limits.header_bytes = std::size_t(config.http.header_bytes);
  options.limits.header_time = std::chrono::seconds(config.http.header_timeout_seconds);
  options.limits.body_time = std::chrono::seconds(config.http.body_timeout_seconds);
  options.limits.idle_time = std::chrono::seconds(config.http.idle_timeout_seconds);
  options.trusted_proxies = config.trusted_proxies;
  options.cors_origins = config.cors_origins;
  options.hsts = config.public_url.starts_with("https://");
  // In dev mode a page of the internet must not reach us by pointing its name at this machine (DNS rebinding).
  if (config.dev) options.allowed_hosts = {"127.0.0.1", "localhost", "[::1]"};
  return options;
}

/// Under --dev nobody need name one (RFC 2606: .invalid is nobody's).
base::EmailAddress sender_address(const Config& config) {
  return config.mail.from.text.empty() ? *base::parse_email("no-reply@gatehouse.invalid") : config.mail.from;
}

base::Refusal to_refusal(std::exception_ptr trouble) {
  try {
    std::rethrow_exception(trouble);
  } catch (const crypto::HasherOverloaded&) {
    return {&base::kOverloaded, std::string(base::kOverloaded.title), {}, 1};
  } catch (const db::UniqueViolation&) {
    return {&base::kInternal, std::string(base::kInternal.title), {}, std::nullopt};
  } catch (const db::DatabaseError&) {
    return {&base::kOverloaded, std::string(base::kOverloaded.title), {}, 5};
  } catch (...) {
    return {&base::kInternal, std::string(base::kInternal.title), {}, std::nullopt};
  }
}

}  // namespace

struct Program::Impl {
  Impl(const Config& configuration, const ProgramParts& parts)
      : config(configuration),
        clock(parts.clock != nullptr ? *parts.clock : system_clock),
        keys(crypto::EncryptionKeys::parse(config.encryption_key)),
        sealer(keys),
        hasher(parts.password_cost.value_or(crypto::PasswordCost{std::uint64_t(config.password.memory_kib) * 1024,
                                                                 std::uint64_t(config.password.passes)}),
               cores(), 512),
        database(db::open_database(std::string(config.database_url.reveal()),
                                   {.connections = std::size_t(config.database.connections)})),
        settings(to_settings(config)),
        access_tokens(settings, sealer),
        requests(config.limits.requests_per_minute),
        services{*database,
                 clock,
                 hasher,
                 keys,
                 sealer,
                 access_tokens,
                 settings,
                 [this] { wake_jobs(); },
                 requests,
                 known_sessions,
                 [this] { return facts(); }},
        started_at(clock.now()) {
    database->listen([this](std::span<const base::Uuid> subjects) { known_sessions.forget(subjects); });
  }

  void wake_jobs() {
    if (jobs) jobs->wake();
  }

  domain::ProgramFacts facts() {
    const auto schema = db::migration_state(*database, store::migrations());
    domain::ProgramFacts known{started_at, schema.applied, schema.known, {}, config.shown};
    if (!jobs) return known;
    for (const jobs::JobState& job : jobs->states()) {
      known.jobs.push_back({job.name, job.last_run_at, job.is_failing});
    }
    return known;
  }

  std::vector<http::Route> public_routes() {
    auto [routes, document] = api::make_api(services);
    const auto add = [&](std::vector<http::Route> more) {
      std::move(more.begin(), more.end(), std::back_inserter(routes));
    };
    add(pages::page_routes(services));
    add(console::console_routes());
    routes.push_back(pages::reference_route(document));
    if (config.dev) add(pages::mailbox_routes(mailbox));
    return routes;
  }

  /// Under --dev letters are caught, and also sent when a mail server is named.
  jobs::Transport transport() {
    std::shared_ptr<smtp::Sender> sender;
    if (!config.mail.smtp_url.empty()) sender = std::make_shared<smtp::Sender>(smtp_settings(config));
    return [this, sender](const smtp::Message& message, std::stop_token stop) {
      if (config.dev) mailbox.add(message);
      return sender ? sender->send(message, stop) : smtp::Delivery{smtp::Outcome::sent, "kept in the dev mailbox"};
    };
  }

  void start_jobs() {
    jobs = std::make_unique<jobs::Jobs>(
        jobs::job_table(services, {config.mail.from_name, sender_address(config)}, transport()), clock);
    jobs->start();
  }

  http::ServerCallbacks callbacks() {
    http::ServerCallbacks callbacks;
    callbacks.on_exception = to_refusal;
    callbacks.render_problem = pages::problem_page;
    callbacks.observe = [this](std::string_view route, int status, double seconds) {
      metrics.observe(route, status, seconds);
    };
    return callbacks;
  }

  const Config config;
  base::SystemClock system_clock;
  const base::Clock& clock;
  crypto::EncryptionKeys keys;
  crypto::Sealer sealer;
  crypto::PasswordHasher hasher;
  std::unique_ptr<db::Database> database;
  domain::Settings settings;
  domain::AccessTokens access_tokens;
  domain::RequestBudget requests;
  domain::KnownSessions known_sessions{kMostKnownSessions};
  domain::Services services;
  const base::Time started_at;
  smtp::Mailbox mailbox;
  Metrics metrics;
  std::atomic<bool> is_draining = false;
  std::unique_ptr<jobs::Jobs> jobs;
  std::unique_ptr<http::Server> server;
  std::unique_ptr<http::Server> management;
};

Program::Program(const Config& config, const ProgramParts& parts) : impl_(std::make_unique<Impl>(config, parts)) {
  const int applied = db::migrate(*impl_->database, store::migrations());
  if (applied > 0) log::info("schema brought up to date", {{"migrations", applied}});
  store::ensure_directories(*impl_->database, impl_->clock.now());
  store::complete_rows(*impl_->database);
  impl_->access_tokens.open(*impl_->database, impl_->clock.now());
}

Program::~Program() { stop(); }

void Program::start() {
  impl_->server = std::make_unique<http::Server>(to_server_options(impl_->config), http::Router(impl_->public_routes()),
                                                 impl_->callbacks());
  if (impl_->config.management_listen) {
    http::ServerOptions options;
    options.address = impl_->config.management_listen->address;
    options.port = impl_->config.management_listen->port;
    options.threads = 1;
    options.store_workers = 2;
    options.hash_workers = 0;
    http::ServerCallbacks callbacks;
    callbacks.on_exception = to_refusal;
    impl_->management = std::make_unique<http::Server>(
        options, http::Router(management_routes(impl_->services, impl_->metrics, impl_->is_draining)), callbacks);
    impl_->management->start();
  }
  impl_->start_jobs();
  impl_->server->start();
}

void Program::stop() {
  impl_->is_draining = true;
  if (impl_->server) impl_->server->stop(25s);
  if (impl_->jobs) impl_->jobs->stop();
  if (impl_->management) impl_->management->stop(1s);
}

std::uint16_t Program::port() const { return impl_->server->port(); }

std::uint16_t Program::management_port() const { return impl_->management ? impl_->management->port() : 0; }

const domain::Services& Program::services() const { return impl_->services; }

smtp::Mailbox& Program::mailbox() { return impl_->mailbox; }

std::string setup_link(const Config& config, const base::Secret& token) {
  return config.public_url + "/setup#" + std::string(token.reveal());
}

smtp::Settings smtp_settings(const Config& config) {
  smtp::Settings settings;
  settings.url = config.mail.smtp_url;
  settings.ca_file = config.mail.ca_file;
  return settings;
}

}  // namespace gatehouse::app
