#pragma once

#include "base/ids.h"
#include "base/network.h"
#include "db/value.h"
#include "http/message.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::domain {

/// How far a limit is used up, for the RateLimit headers.
struct LimitState {
  std::string_view name;
  std::int64_t quota;
  std::int64_t window_seconds;
  std::int64_t remaining;
  std::int64_t reset_seconds;
};

/// A request that its client may send again: what idempotency.h knows of it.
struct IdempotentRequest {
  std::string key;  // as the client wrote it
  /// What the claimed row is stored under; nothing before.
  std::optional<db::Bytes> row;
};

/// Where a request comes from.
struct Origin {
  base::IpAddress address;
  /// The address may be that of a proxy, see http::Request::is_client_uncertain.
  bool is_address_uncertain = false;
  std::string user_agent;
  std::string request_id;
  /// The If-Match field (RFC 9110 section 13.1.1), see preconditions.h.
  std::optional<std::string> if_match;
  /// The limits that the operation has touched.
  std::shared_ptr<std::vector<LimitState>> limits = std::make_shared<std::vector<LimitState>>();
  /// Null without an Idempotency-Key.
  std::shared_ptr<IdempotentRequest> idempotency;
};

/// Who did something, for the audit log.
struct Actor {
  std::string_view kind;  // "user", "operator", "api_key", "anonymous", "command_line", "system"
  std::optional<base::Uuid> id;
};

/// Where a request comes from: what operations may know of it. The device's description is cut to 200 bytes of
/// printable ASCII.
Origin origin_of(const http::Request& request);

}  // namespace gatehouse::domain
