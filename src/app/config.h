#pragma once

#include "base/email.h"
#include "base/log.h"
#include "base/network.h"
#include "base/secret.h"
#include "crypto/jwt.h"
#include "domain/program_facts.h"
#include "domain/settings.h"

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::app {

/// An address and port to listen on, written "127.0.0.1:5000" or "[::1]:5000".
struct Endpoint {
  base::IpAddress address;
  std::uint16_t port = 0;

  std::string to_string() const;
};

enum class SignUp { open, closed };
using domain::SignInAlert;

/// Everything that an operator may set, read and checked. Defaults stand in one place only, the table of settings in
/// config_settings.cc; what is here is what holds before that table was applied.
struct Config {
  /// Loopback only: dev mailbox, made-up encryption key, no need of mail settings. Set by --dev alone.
  bool dev = false;
  /// Every setting as it holds, secrets masked, for whoever asks what does.
  std::vector<domain::SettingFact> shown;
  Endpoint listen;
  std::optional<Endpoint> management_listen;
  /// Origins without a slash at the end ("https://auth.example.com"); empty when not set.
  std::string public_url;
  std::string app_url;
  /// Of access tokens; the public URL when it is not set.
  std::string audience;
  /// May hold a password.
  base::Secret database_url;
  /// In the form that crypto::EncryptionKeys::parse() takes; it has been tried.
  base::Secret encryption_key;
  std::vector<base::Network> trusted_proxies;
  std::vector<std::string> cors_origins;
  SignUp sign_up = SignUp::open;
  SignInAlert sign_in_alert = SignInAlert::always;

  struct {
    int password_minimum = 0;
    int session_idle_seconds = 0;
    int session_absolute_seconds = 0;
    domain::WhoMayInvite who_may_invite = domain::WhoMayInvite::members;
  } policy;
  struct {
    bool enabled = true;
    /// May hold a password; empty when not set.
    base::Secret smtp_url;
    /// PEM file of the authorities that may vouch for the mail server; empty: the system's.
    std::string ca_file;
    std::string from_name;
    base::EmailAddress from;
  } mail;
  struct {
    bool enabled = true;
    int requests_per_minute = 6000;
  } limits;
  struct {
    std::vector<base::Network> networks;
  } operators;
  struct {
    crypto::Algorithm algorithm = crypto::Algorithm::es256;
  } signing;
  struct {
    /// Nothing: text on a terminal, JSON elsewhere.
    std::optional<base::log::Format> format;
    base::log::Level level = base::log::Level::info;
  } log;
  struct {
    int memory_kib = 0;
    int passes = 0;
  } password;
  struct {
    /// 0: one for each core.
    int threads = 0;
    int connections = 0;
    int header_bytes = 0;
    int header_timeout_seconds = 0;
    int body_timeout_seconds = 0;
    int idle_timeout_seconds = 0;
  } http;
  struct {
    int connections = 0;
  } database;
};

/// Where settings come from, the weakest first: defaults, the TOML file, the environment, the flags.
struct ConfigSource {
  bool dev = false;
  /// The TOML file; GATEHOUSE_CONFIG names it when this is empty.
  std::string file;
  /// Variables that begin with GATEHOUSE_; others are ignored.
  std::map<std::string, std::string> environment;
  /// Setting ("mail.from", or "encryption_key_file" for a file that holds the value) and text, from flags.
  std::vector<std::pair<std::string, std::string>> flags;
  /// Where --dev keeps the encryption key that it makes.
  std::string dev_directory = "./var";
};

/// The environment of this process.
std::map<std::string, std::string> gatehouse_environment();

/// What is wrong with one setting: never holds the value of a secret one.
struct ConfigProblem {
  std::string setting;
  std::string text;
};

/// All that is wrong at once; what() has one line for each.
class ConfigError : public std::runtime_error {
 public:
  explicit ConfigError(std::vector<ConfigProblem> problems);
  const std::vector<ConfigProblem>& problems() const { return problems_; }

 private:
  std::vector<ConfigProblem> problems_;
};

/// What a command needs: `tool` wants settings that can be read, `serve` also those that make serving safe.
enum class ConfigUse { serve, tool };

/// Reads everything. Under --dev it makes dev_directory (mode 0700) and in it encryption.key (0600) when there is no
/// key yet. Throws ConfigError with all problems.
Config load_config(const ConfigSource& source, ConfigUse use);

/// What keeps a configuration that was read from being served safely; empty when nothing does.
std::vector<ConfigProblem> validate(const Config& config);

}  // namespace gatehouse::app
