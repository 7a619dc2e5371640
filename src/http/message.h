#pragma once

#include "base/network.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::http {

enum class Method { get, head, post, put, patch, del, options, other };
std::string_view to_string(Method method);

/// Field names in lower case, in the order in which they came.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// One request, read and decoded once. Nothing after the listener looks at raw bytes again.
struct Request {
  Method method = Method::get;
  /// Decoded segments of the path: "/v1/a%20b" is {"v1", "a b"}. A path with an encoded slash, a dot segment, an
  /// empty inner segment, NUL or invalid UTF-8 has been refused before.
  std::vector<std::string> path;
  /// Decoded query parameters in order.
  std::vector<std::pair<std::string, std::string>> query;
  Headers headers;
  std::string body;
  /// Who asks: the peer, or what a trusted proxy says of it.
  base::IpAddress client;
  /// `client` may be a proxy and not who asks: a peer that is no trusted proxy sent forwarding headers, or one that is
  /// did not say for whom.
  bool is_client_uncertain = false;
  /// Ours, or the caller's X-Request-Id when it is 1 to 64 of [A-Za-z0-9._-].
  std::string request_id;
  /// Of a valid `traceparent`; empty without one.
  std::string trace_id;
  /// Values of the {name} segments of the matched route.
  std::vector<std::pair<std::string, std::string>> path_parameters;

  /// The first field of that (lower-case) name; nothing when there is none.
  std::optional<std::string_view> header(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type;
  std::string body;
  /// Beside Content-Type, Content-Length, Date and X-Request-Id, which the listener writes. Values must hold no control
  /// characters: the listener drops the connection rather than send one.
  std::vector<std::pair<std::string, std::string>> headers;
  /// When set: what comes behind `body`, a part at a time, until it gives an empty one. Called on a worker, each time
  /// when the client has taken the part before. What it throws ends the connection, so that the client sees that the
  /// answer is not whole.
  std::function<std::string()> next_part = {};
};

}  // namespace gatehouse::http
