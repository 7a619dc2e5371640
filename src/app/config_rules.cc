#include "app/config.h"
#include "app/config_values.h"

namespace gatehouse::app {

namespace {

// What OWASP asks of Argon2id with one lane.
constexpr int kLeastMemoryKib = 19456;
constexpr int kLeastPasses = 2;

bool is_loopback(const Endpoint& endpoint) { return endpoint.address.is_loopback(); }

void check_dev(const Config& config, std::vector<ConfigProblem>& problems) {
  if (!is_loopback(config.listen)) {
    problems.push_back({"listen", "must be a loopback address under --dev, not " + config.listen.to_string()});
  }
  if (config.management_listen && !is_loopback(*config.management_listen)) {
    problems.push_back({"management_listen", "must be a loopback address under --dev"});
  }
}

void check_production(const Config& config, std::vector<ConfigProblem>& problems) {
  if (config.public_url.empty()) {
    problems.push_back({"public_url", "is needed, such as https://auth.example.com (or run with --dev)"});
  }
  if (config.encryption_key.empty()) {
    problems.push_back({"encryption_key", "is needed; make one with: gatehouse keys generate"});
  }
  if (config.mail.enabled) {
    if (config.mail.smtp_url.empty()) {
      problems.push_back(
          {"mail.smtp_url", "is needed, such as smtps://USER:PASSWORD@HOST:465 (or mail.enabled = false)"});
    }
    if (config.mail.from.text.empty()) {
      problems.push_back({"mail.from", "is needed, such as Example <no-reply@example.com> (or mail.enabled = false)"});
    }
  }
  if (config.password.memory_kib < kLeastMemoryKib) {
    problems.push_back({"password.memory_kib", "must be at least " + std::to_string(kLeastMemoryKib)});
  }
  if (config.password.passes < kLeastPasses) {
    problems.push_back({"password.passes", "must be at least " + std::to_string(kLeastPasses)});
  }
}

}  // namespace

std::vector<ConfigProblem> validate(const Config& config) {
  std::vector<ConfigProblem> problems;
  if (config.dev) {
    check_dev(config, problems);
  } else {
    check_production(config, problems);
  }
  if (config.public_url.starts_with("http://") && !is_loopback_origin(config.public_url)) {
    problems.push_back({"public_url", "must begin with https:// unless its host is loopback"});
  }
  const bool is_local = is_loopback(config.listen) && config.trusted_proxies.empty() &&
                        (config.public_url.empty() || is_loopback_origin(config.public_url));
  if (!config.limits.enabled && !is_local) {
    problems.push_back({"limits.enabled",
                        "may be false only when listen and public_url are loopback addresses and there is no proxy"});
  }
  return problems;
}

}  // namespace gatehouse::app
