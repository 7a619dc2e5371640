#pragma once

#include "base/secret.h"
#include "smtp/message.h"
#include "smtp/server_url.h"

#include <stop_token>
#include <string>

namespace gatehouse::smtp {

enum class Outcome {
  sent,    // the server took responsibility for the letter
  retry,   // it may work later: 4xx, no connection, TLS or sign-in trouble, no answer after DATA
  failed,  // it won't: 5xx about this letter, or not a letter that we would ever send
};

struct Delivery {
  Outcome outcome;
  /// The server's last reply or what went wrong: one line of at most 300 bytes without control characters. Never the
  /// password.
  std::string reply;
};

struct Settings {
  base::Secret url;     // see parse_server_url()
  std::string ca_file;  // PEM file of the authorities to trust in place of the system's; empty: the system's
  int timeout_seconds = 30;
  std::string helo_name;  // empty: this machine's name
};

/// Hands letters to one SMTP server by libcurl: TLS 1.2 or later with certificate and host name verified, one
/// connection, one sender and exactly one recipient a letter. Thread safe: a Sender keeps nothing between letters.
class Sender {
 public:
  /// Throws std::invalid_argument, with a text for the operator and without secrets, for settings that can't be used.
  /// Does not connect.
  explicit Sender(Settings settings);

  /// Blocks for at most the timeout, and as long again when a server that took the letter does not say goodbye. When
  /// the connection is lost after DATA nobody knows whether the letter arrived; it is then sent again (`retry`) under
  /// the same Message-ID, so delivery is at least once.
  /// Gives up with `retry` within a second or so when it is asked to stop.
  Delivery send(const Message& message, std::stop_token stop = {}) const;

  std::string describe() const { return server_.describe(); }

 private:
  Settings settings_;
  Server server_;
};

}  // namespace gatehouse::smtp
