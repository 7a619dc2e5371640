#pragma once

#include "base/network.h"
#include "base/result.h"
#include "http/message.h"

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::http {

/// What one client may take of us. Times are whole budgets, not pauses between bytes: dripping does not renew them.
struct ServerLimits {
  std::size_t header_bytes = 16 * 1024;           // start line and fields: 431
  std::size_t target_bytes = 8 * 1024;            // 414
  std::size_t connections = 10'000;               // of the whole server; one more is closed as soon as it is accepted
  std::chrono::milliseconds header_time{10'000};  // from the first byte of a request, or from connecting
  std::chrono::milliseconds body_time{30'000};
  std::chrono::milliseconds idle_time{60'000};   // between two requests
  std::chrono::milliseconds write_time{30'000};  // for an answer, beside what its size takes at the rate below
  std::size_t write_bytes_per_second = 16 * 1024;
  std::size_t unsent_bytes = 128 * 1024 * 1024;  // of all large answers together; one more is refused with 503
};

struct ServerOptions {
  base::IpAddress address = *base::IpAddress::parse("127.0.0.1");
  std::uint16_t port = 0;   // 0: any free one, see Server::port()
  std::size_t threads = 0;  // loops; 0: one for each core
  ServerLimits limits;
  /// Peers whose X-Forwarded-For is believed.
  std::vector<base::Network> trusted_proxies;
  /// Hosts (lower case, without port, "[::1]" in brackets) that are answered, others get 421. Empty: all.
  std::vector<std::string> allowed_hosts;
  /// Origins ("https://app.example") whose pages may read answers.
  std::vector<std::string> cors_origins;
  bool hsts = false;
  std::size_t store_workers = 8;
  std::size_t store_queue = 1024;  // requests that may wait for a worker; one more is answered 503
  std::size_t hash_workers = 32;
  std::size_t hash_queue = 256;
  std::size_t hash_queue_of_one_network = 128;
};

/// Called from loops and workers at the same time. Each may be empty.
struct ServerCallbacks {
  /// What a thrown exception is to the client. Default: kInternal. The text of the exception goes to the log only.
  std::function<base::Refusal(std::exception_ptr)> on_exception;
  /// A refusal as a page, for page rows and for clients that prefer HTML. Default: problem+json for all. The header
  /// fields that belong to the refusal (WWW-Authenticate, Retry-After, Allow) are added when it leaves them out.
  std::function<Response(const base::Refusal&, const Request&)> render_problem;
  /// Every answer, when it is ready to be sent; `route` is "-" when no row answered.
  std::function<void(std::string_view route, int status, double seconds)> observe;
};

}  // namespace gatehouse::http
