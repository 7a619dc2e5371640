#include "app/management.h"

#include "base/log.h"
#include "store/migrations.h"
#include "wire/write.h"

namespace gatehouse::app {

using http::Lane;
using http::Method;
using http::Request;
using http::Response;

namespace {

http::Route get(std::string path, std::string name, Lane lane, std::function<Response(const Request&)> handle) {
  http::Route route{Method::get, std::move(path)};
  route.lane = lane;
  route.handle = std::move(handle);
  route.name = std::move(name);
  return route;
}

struct Readiness {
  std::string status;
  std::map<std::string, std::string> checks;

  static constexpr auto fields() {
    return wire::fields(wire::field("status", &Readiness::status), wire::field("checks", &Readiness::checks));
  }
};

Response readiness(const domain::Services& services, bool is_draining) {
  Readiness report{"ready", {{"database", "ok"}, {"accepting", is_draining ? "draining" : "ok"}}};
  try {
    const auto state = db::migration_state(services.database, store::migrations());
    if (state.applied != state.known) report.checks["database"] = "schema is not current";
  } catch (const db::DatabaseError& error) {
    base::log::warning("not ready", {{"database", error.what()}});
    report.checks["database"] = "unreachable";
  }
  for (const auto& [check, result] : report.checks) {
    if (result != "ok") report.status = "not ready";
  }
  return {report.status == "ready" ? 200 : 503, "application/json", wire::write(report), {}};
}

}  // namespace

std::vector<http::Route> management_routes(const domain::Services& services, Metrics& metrics,
                                           const std::atomic<bool>& is_draining) {
  return {
      get("/livez", "health", Lane::memory,
          [](const Request&) {
            return Response{200, "text/plain", "ok\n", {}};
          }),
      get("/readyz", "ready", Lane::store, [&](const Request&) { return readiness(services, is_draining.load()); }),
      get("/metrics", "metrics", Lane::store,
          [&](const Request&) {
            return Response{200, "text/plain; version=0.0.4", metrics.text(services), {}};
          }),
      get("/version", "version", Lane::memory,
          [](const Request&) {
            return Response{200, "text/plain", GATEHOUSE_VERSION "\n", {}};
          }),
  };
}

}  // namespace gatehouse::app
