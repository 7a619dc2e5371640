#include "http/cors.h"

#include <algorithm>

namespace gatehouse::http {

namespace {

bool is_listed(const Request& request, const std::vector<std::string>& origins) {
  const auto origin = request.header("origin");
  return origin && std::find(origins.begin(), origins.end(), *origin) != origins.end();
}

}  // namespace

void add_cors(Response& response, const Request& request, const std::vector<std::string>& origins) {
  if (origins.empty()) return;
  response.headers.emplace_back("Vary", "Origin");
  if (!is_listed(request, origins)) return;
  response.headers.emplace_back("Access-Control-Allow-Origin", *request.header("origin"));
  response.headers.emplace_back("Access-Control-Expose-Headers",
                                "X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, Link, ETag, "
                                "Idempotency-Replayed, WWW-Authenticate");
}

bool is_preflight(const Request& request, const std::vector<std::string>& origins) {
  return request.method == Method::options && request.header("access-control-request-method") &&
         is_listed(request, origins);
}

void add_preflight(Response& response, const std::string& allow) {
  response.headers.emplace_back("Access-Control-Allow-Methods", allow);
  response.headers.emplace_back("Access-Control-Allow-Headers",
                                "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-Id, "
                                "traceparent, tracestate");
  response.headers.emplace_back("Access-Control-Max-Age", "600");
}

}  // namespace gatehouse::http
