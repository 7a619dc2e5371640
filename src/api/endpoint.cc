#include "api/endpoint.h"

#include <fmt/format.h>

namespace gatehouse::api::detail {

http::InputRules input_rules(http::Method method, bool takes_form) {
  return {method == http::Method::get || method == http::Method::del, true, takes_form};
}

Row make_row(const Say& say, const wire::Shape* input, const wire::Shape* output) {
  Row row;
  row.route.method = say.method;
  row.route.path = say.path;
  row.route.produces = http::Produces::json;
  row.route.lane = say.lane;
  row.route.takes_body = say.method != http::Method::get;
  row.route.name = say.name;
  row.summary = say.summary;
  row.success = say.success;
  row.takes_form = say.takes_form;
  row.input = input;
  row.output = output;
  return row;
}

namespace {

/// draft-ietf-httpapi-ratelimit-headers: the policies, and what is left of each.
void append_rate_limits(http::Response& response, const std::vector<domain::LimitState>& limits) {
  std::string policies, states;
  for (const domain::LimitState& limit : limits) {
    const std::string_view comma = policies.empty() ? "" : ", ";
    policies += fmt::format("{}\"{}\";q={};w={}", comma, limit.name, limit.quota, limit.window_seconds);
    states += fmt::format("{}\"{}\";r={};t={}", comma, limit.name, limit.remaining, limit.reset_seconds);
  }
  if (policies.empty()) return;
  response.headers.emplace_back("RateLimit-Policy", std::move(policies));
  response.headers.emplace_back("RateLimit", std::move(states));
}

}  // namespace

http::Response finish(const http::Request& request, const domain::Origin& origin, int success,
                      const base::Result<std::string>& json) {
  http::Response response;
  if (json) {
    response.status = success;
    response.content_type = "application/json";
    response.body = *json;
  } else {
    response = http::problem(json.error(), request);
  }
  append_rate_limits(response, *origin.limits);
  return response;
}

}  // namespace gatehouse::api::detail
