#include "api/routes.h"

#include "domain/access_tokens.h"

namespace gatehouse::api {

using http::Lane;
using http::Method;

std::vector<Row> service_routes(const domain::Services& services) {
  Row health = detail::make_row({Method::get, "/healthz", "health", "Whether the service answers", Lane::memory, 204},
                                nullptr, nullptr);
  health.route.handle = [](const http::Request&) { return http::Response{204, {}, {}, {}}; };

  Row keys = detail::make_row(
      {Method::get, "/.well-known/jwks.json", "jwks", "The keys that verify access tokens (RFC 7517)", Lane::memory},
      nullptr, nullptr);
  keys.route.handle = [&services](const http::Request&) {
    return http::Response{
        200, "application/jwk-set+json", services.access_tokens.jwks(), {{"Cache-Control", "public, max-age=300"}}};
  };
  return {std::move(health), std::move(keys)};
}

}  // namespace gatehouse::api
