#pragma once

#include "base/secret.h"

#include <string>
#include <string_view>

namespace gatehouse::smtp {

enum class Security {
  none,      // loopback only
  starttls,  // refused when the server does not offer it
  implicit,  // TLS from the first byte
};

/// Where letters are handed over, and as whom.
struct Server {
  std::string host;  // IPv6 in brackets
  int port;
  Security security;
  std::string user;  // empty: no AUTH
  base::Secret password;

  /// For people and logs, without the password: "smtp://mail.example.com:587 as postmaster".
  std::string describe() const;
};

/// Reads "smtps://user:password@host[:465]" or "smtp://user:password@host[:587]"; user and password percent-encoded.
/// With smtp, STARTTLS is required except to a loopback host, and there too with "?starttls=required". Throws
/// std::invalid_argument with a text for the operator that never repeats the URL.
Server parse_server_url(std::string_view url);

}  // namespace gatehouse::smtp
