#include "api/routes.h"

#include "api/endpoint.h"
#include "domain/known_sessions.h"
#include "domain/request_budget.h"
#include "domain/sessions.h"

namespace gatehouse::api {

using http::Method;

namespace {

/// Answers from memory whoever has asked before and whom nothing concerns that has changed since then.
Row session_check(const domain::Services& services, const Say& say) {
  Row row = signed_in<domain::show_session>(services, say);
  row.route.answer_from_memory = [&services, row](const http::Request& request) -> std::optional<http::Response> {
    if (!request.query.empty()) return std::nullopt;
    const auto proof = domain::api_proof_of(request, services.settings);
    const auto known_by = proof ? domain::Admission::known_by(*proof) : std::nullopt;
    if (!known_by) return std::nullopt;
    const auto known = services.known_sessions.find(*known_by, services.clock.now());
    if (!known) return std::nullopt;
    const domain::Origin origin = domain::origin_of(request);
    const auto counted = domain::count_request(services, origin, known->session.uuid);
    if (!counted) return detail::finish(request, origin, row, tl::unexpected(counted.error()));
    detail::Answer answer{known->content};
    answer.etag = known->etag;
    return detail::finish(request, origin, row, answer);
  };
  return row;
}

}  // namespace

std::vector<Row> session_routes(const domain::Services& services) {
  return {
      open_to_all<domain::refresh>(
          services, {Method::post, "/v1/token/refresh", "refresh_token", "Trade a refresh token for new tokens"}),
      signed_in<domain::sign_out>(services, {Method::post, "/v1/sign-out", "sign_out", "End this session"}),
      session_check(services,
                    {Method::get, "/v1/session", "show_session", "Who am I, in which organization, with what rights"}),
  };
}

}  // namespace gatehouse::api
