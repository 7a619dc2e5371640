#pragma once

#include "app/config.h"
#include "base/clock.h"
#include "crypto/password.h"
#include "domain/services.h"
#include "smtp/mailbox.h"
#include "smtp/sender.h"

#include <memory>
#include <optional>

namespace gatehouse::app {

/// What tests may put in the place of the real thing.
struct ProgramParts {
  /// Must outlive the program; the system's clock when null.
  const base::Clock* clock = nullptr;
  std::optional<crypto::PasswordCost> password_cost;
};

/// The whole service: database, keys, operations, routes, jobs and listeners, built and joined in one place. Used by
/// `serve`, by the command line's tools (which never start it) and by tests.
class Program {
 public:
  /// Opens and migrates the database and reads the keys. Throws std::exception with a text for the operator.
  explicit Program(const Config& config, const ProgramParts& parts = {});
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Listens and starts the jobs. Throws std::system_error when an address can't be had.
  void start();
  /// Takes no more requests, finishes what has begun, stops the jobs. May be called more than once.
  void stop();

  /// Once started.
  std::uint16_t port() const;
  /// 0 when there is no management listener.
  std::uint16_t management_port() const;

  const domain::Services& services() const;
  /// The letters that were caught; filled under --dev only.
  smtp::Mailbox& mailbox();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The page that makes the first operator. The token stands in the fragment, which no server log and no Referer sees.
std::string setup_link(const Config& config, const base::Secret& token);

/// How to reach the configured mail server.
smtp::Settings smtp_settings(const Config& config);

}  // namespace gatehouse::app
