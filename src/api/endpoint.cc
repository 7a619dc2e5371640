#include "api/endpoint.h"

#include "base/text.h"
#include "domain/idempotency.h"
#include "domain/preconditions.h"
#include "domain/request_budget.h"

#include <algorithm>
#include <fmt/compile.h>

namespace gatehouse::api::detail {

http::InputRules input_rules(const Row& row) {
  const http::Method method = row.route.method;
  return {method == http::Method::get || method == http::Method::del, true, row.takes_form,
          method == http::Method::patch, row.needs_input};
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
  row.creates = say.creates || say.success == 201;
  row.takes_form = say.takes_form;
  row.input = input;
  row.output = output;
  row.needs_input = input != nullptr && std::ranges::any_of(input->fields, [&](const wire::FieldShape& field) {
                      return !field.optional && !row.is_in_path(field.rules.name);
                    });
  return row;
}

namespace {

/// RFC 9110 section 13.1.2: 304 to whoever has this representation already, or any (`*`).
void add_etag(http::Response& response, const http::Request& request, const std::string& known_tag) {
  const std::string tag = known_tag.empty() ? domain::etag_of(response.body) : known_tag;
  response.headers.emplace_back("ETag", tag);
  const auto known = request.header("if-none-match");
  const bool is_read = request.method == http::Method::get || request.method == http::Method::head;
  const bool is_known = known && (base::trim(*known) == "*" || known->find(tag) != std::string_view::npos);
  if (!is_read || !is_known) return;
  response.status = 304;
  response.content_type.clear();
  response.body.clear();
}

}  // namespace

void append_rate_limits(http::Response& response, const domain::Origin& origin) {
  std::string policies, states;
  for (const domain::LimitState& limit : *origin.limits) {
    const std::string_view comma = policies.empty() ? "" : ", ";
    fmt::format_to(std::back_inserter(policies), FMT_COMPILE("{}\"{}\";q={};w={}"), comma, limit.name, limit.quota,
                   limit.window_seconds);
    fmt::format_to(std::back_inserter(states), FMT_COMPILE("{}\"{}\";r={};t={}"), comma, limit.name, limit.remaining,
                   limit.reset_seconds);
  }
  if (policies.empty()) return;
  response.headers.emplace_back("RateLimit-Policy", std::move(policies));
  response.headers.emplace_back("RateLimit", std::move(states));
}

std::string link_to_next(const http::Request& request, std::string_view cursor) {
  std::string target;
  for (const std::string& segment : request.path) target += "/" + base::escape_url(segment);
  char separator = '?';
  for (const auto& [name, value] : request.query) {
    if (name == "after") continue;
    target += separator + base::escape_url(name) + "=" + base::escape_url(value);
    separator = '&';
  }
  return "<" + target + separator + "after=" + std::string(cursor) + R"(>; rel="next")";
}

http::Response finish(const http::Request& request, const domain::Origin& origin, const Row& row,
                      const base::Result<Answer>& answer) {
  http::Response response;
  if (!answer) {
    response = http::problem(answer.error(), request);
  } else if (row.success == 204) {
    response.status = 204;
  } else {
    response.status = row.success;
    response.content_type = answer->content_type;
    response.body = answer->content;
    response.next_part = answer->next_part;
    if (!answer->file_name.empty()) {
      response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + answer->file_name + "\"");
    }
    if (row.has_etag()) add_etag(response, request, answer->etag);
    if (answer->next) response.headers.emplace_back("Link", link_to_next(request, *answer->next));
    if (answer->is_replayed) response.headers.emplace_back("Idempotency-Replayed", "true");
  }
  append_rate_limits(response, origin);
  return response;
}

base::Result<Answer> idempotently(const domain::Services& services, const domain::Origin& origin, const Row& row,
                                  std::string_view caller, const http::Request& request,
                                  const std::function<base::Result<Answer>()>& act) {
  if (!origin.idempotency || !row.creates) return act();
  std::string content = request.body;
  for (const auto& [name, value] : request.path_parameters) content.append("\0", 1).append(value);
  if (auto earlier = TRY(domain::claim_request(services, origin, caller, row.route.name, content))) {
    return Answer{std::move(*earlier), std::nullopt, true};
  }
  try {
    auto answer = act();
    domain::settle_request(services, origin, answer ? &answer->content : nullptr);
    return answer;
  } catch (...) {
    domain::settle_request(services, origin, nullptr);
    throw;
  }
}

}  // namespace gatehouse::api::detail

namespace gatehouse::api {

base::Result<domain::SignedIn> sign_in_of(const domain::Services& services, const domain::Origin& origin,
                                          const http::Request& request) {
  const domain::Proof proof = TRY(domain::api_proof_of(request, services.settings));
  auto person = TRY(domain::Admission::signed_in(services, origin, proof));
  TRY(domain::count_request(services, origin, person.session().uuid));
  return person;
}

base::Result<domain::Authenticated> credential_of(const domain::Services& services, const domain::Origin& origin,
                                                  const http::Request& request) {
  const domain::Proof proof = TRY(domain::api_proof_of(request, services.settings));
  auto who = TRY(domain::Admission::authenticated(services, origin, proof));
  const auto* person = std::get_if<domain::SignedIn>(&who);
  TRY(domain::count_request(services, origin,
                            person ? person->session().uuid : std::get<domain::KeyHolder>(who).key().id.uuid));
  return who;
}

}  // namespace gatehouse::api
