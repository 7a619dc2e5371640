#include "http/problem.h"

#include "wire/write.h"

namespace gatehouse::http {

Response problem(const base::Refusal& refusal, const Request& request) {
  Response response;
  response.status = refusal.code->status;
  response.content_type = "application/problem+json";
  response.body = wire::write_problem(refusal, request.request_id, request.trace_id);
  if (response.status == 401) {
    const bool is_token_dead = refusal.code == &base::kUnauthenticated && request.header("authorization").has_value();
    response.headers.emplace_back("WWW-Authenticate", is_token_dead
                                                          ? R"(Bearer realm="gatehouse", error="invalid_token")"
                                                          : R"(Bearer realm="gatehouse")");
  }
  if (refusal.retry_after_seconds) {
    response.headers.emplace_back("Retry-After", std::to_string(*refusal.retry_after_seconds));
  }
  return response;
}

}  // namespace gatehouse::http
