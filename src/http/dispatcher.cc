#include "http/dispatcher.h"

#include "base/ids.h"
#include "base/log.h"
#include "base/text.h"
#include "http/accept.h"
#include "http/access_log.h"
#include "http/client_address.h"
#include "http/cors.h"
#include "http/problem.h"
#include "http/target.h"
#include "http/trace_context.h"

#include <algorithm>
#include <atomic>

namespace gatehouse::http {

namespace {

base::Refusal refusal(const base::ErrorCode& code) { return {&code, std::string(code.title), {}, std::nullopt}; }

std::string make_request_id() { return "req_" + base::to_base32(base::make_uuid_v7(base::SystemClock().now())); }

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
}

/// Nothing decodes a body here: one that is compressed would be taken for what it is not.
bool is_encoded(const Request& request) {
  return std::any_of(request.headers.begin(), request.headers.end(), [](const auto& field) {
    return field.first == "content-encoding" && base::to_lower_ascii(base::trim(field.second)) != "identity";
  });
}

void warn_of_unknown_proxy(const base::IpAddress& peer) {
  static std::atomic<bool> is_said{false};
  if (is_said.exchange(true)) return;
  base::log::warning(
      "a peer sends forwarding headers but is not listed in trusted_proxies; they are ignored, and limits count all "
      "clients behind it as one",
      {{"peer", peer.to_string()}});
}

/// Its text is for the log: it may hold names and values that no client may see.
std::string describe(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an exception of unknown type";
  }
}

void add_missing_headers(Response& response, const Response& from) {
  for (const auto& [name, value] : from.headers) {
    const auto is_same = [&](const auto& field) {
      return base::to_lower_ascii(field.first) == base::to_lower_ascii(name);
    };
    if (std::none_of(response.headers.begin(), response.headers.end(), is_same))
      response.headers.emplace_back(name, value);
  }
}

}  // namespace

Dispatcher::Dispatcher(const ServerOptions& options, Router router, ServerCallbacks callbacks)
    : options_(options), router_(std::move(router)), callbacks_(std::move(callbacks)) {}

void Dispatcher::identify(Request& request, const base::IpAddress& peer) const {
  const auto given = request.header("x-request-id");
  request.request_id = given && is_request_id(*given) ? std::string(*given) : make_request_id();
  request.trace_id = trace_id_of(request.headers).value_or("");
  const ClientAddress client = client_address(peer, request.headers, options_.trusted_proxies);
  request.client = client.address;
  const auto is_forwarding = [](const auto& field) { return is_forwarding_field(field.first); };
  const auto removed = std::erase_if(request.headers, is_forwarding);
  const bool is_proxy = base::contains(options_.trusted_proxies, peer);
  request.is_client_uncertain = is_proxy ? !client.is_certain : removed > 0;
  if (removed > 0 && !is_proxy) warn_of_unknown_proxy(peer);
}

bool Dispatcher::is_host_allowed(std::string_view host) const {
  if (options_.allowed_hosts.empty()) return true;
  const auto port = host.starts_with('[') ? host.find(']') + 1 : host.find(':');
  const std::string name = base::to_lower_ascii(host.substr(0, port));
  return std::find(options_.allowed_hosts.begin(), options_.allowed_hosts.end(), name) != options_.allowed_hosts.end();
}

Plan Dispatcher::plan_refusal(const base::Refusal& reason, const base::IpAddress& peer) const {
  Plan plan;
  plan.request.method = Method::other;
  identify(plan.request, peer);
  plan.answer = refuse(reason, plan.request, nullptr);
  plan.must_close = true;
  return plan;
}

Plan Dispatcher::plan(RequestHead head, const base::IpAddress& peer) const {
  Plan plan;
  Request& request = plan.request;
  request.method = head.method;
  request.headers = std::move(head.headers);
  identify(request, peer);
  plan.must_close = true;
  if (!is_host_allowed(head.host)) {
    plan.answer = refuse(refusal(base::kMisdirected), request, nullptr);
    return plan;
  }
  auto target = parse_target(head.target, head.host, head.method == Method::options);
  if (!target) {
    plan.answer = refuse(target.error(), request, nullptr);
    return plan;
  }
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  resolve(plan, head.framing, target->is_asterisk);
  return plan;
}

void Dispatcher::resolve(Plan& plan, const Framing& framing, bool is_asterisk) const {
  Request& request = plan.request;
  plan.must_close = framing.has_body();
  if (is_asterisk) {
    plan.answer = answer_options(request, router_.allow_all());
    return;
  }
  auto resolution = router_.resolve(request.method, request.path, prefers_page(request.headers));
  plan.varies_by_accept = resolution.varies_by_accept;
  if (!resolution.is_path_known) {
    plan.answer = refuse(refusal(base::kRouteNotFound), request, nullptr);
  } else if (request.method == Method::options) {
    plan.answer = answer_options(request, resolution.allow);
  } else if (resolution.route == nullptr) {
    plan.answer = refuse(refusal(base::kMethodNotAllowed), request, nullptr);
    add_missing_headers(plan.answer, Response{.headers = {{"Allow", resolution.allow}}});
  } else if (framing.has_body() &&
             (!resolution.route->takes_body || framing.content_length > resolution.route->body_limit)) {
    plan.answer = refuse(refusal(base::kPayloadTooLarge), request, resolution.route);
  } else if (framing.has_body() && is_encoded(request)) {
    base::Refusal reason = refusal(base::kUnsupportedMediaType);
    reason.detail = "Send the body as it is: none is taken with a Content-Encoding.";
    plan.answer = refuse(reason, request, resolution.route);
    add_missing_headers(plan.answer, Response{.headers = {{"Accept-Encoding", "identity"}}});
  } else {
    request.path_parameters = std::move(resolution.path_parameters);
    plan.route = resolution.route;
    plan.must_close = false;
  }
}

Response Dispatcher::answer_options(const Request& request, const std::string& allow) const {
  Response response{.status = 204, .headers = {{"Allow", allow}}};
  if (is_preflight(request, options_.cors_origins)) add_preflight(response, allow);
  return response;
}

base::Refusal Dispatcher::to_refusal(std::exception_ptr thrown, const Route& route, const Request& request) const {
  base::log::error("a request failed",
                   {{"route", route.name}, {"method", to_string(request.method)}, {"error", describe(thrown)}});
  if (!callbacks_.on_exception) return refusal(base::kInternal);
  try {
    return callbacks_.on_exception(thrown);
  } catch (...) {
    base::log::error("the handler of failed requests failed", {{"error", describe(std::current_exception())}});
    return refusal(base::kInternal);
  }
}

Response Dispatcher::run(const Route& route, const Request& request) const {
  const base::log::RequestScope scope(request.request_id);
  try {
    return route.handle(request);
  } catch (...) {
    return refuse(to_refusal(std::current_exception(), route, request), request, &route);
  }
}

std::optional<Response> Dispatcher::run_from_memory(const Route& route, const Request& request) const {
  if (!route.answer_from_memory) return std::nullopt;
  const base::log::RequestScope scope(request.request_id);
  try {
    return route.answer_from_memory(request);
  } catch (...) {
    return refuse(to_refusal(std::current_exception(), route, request), request, &route);
  }
}

std::optional<std::string> Dispatcher::run_part(const Plan& plan, const std::function<std::string()>& next_part) const {
  const base::log::RequestScope scope(plan.request.request_id);
  try {
    return next_part();
  } catch (...) {
    base::log::error("an answer ends before it is whole",
                     {{"route", plan.route->name}, {"error", describe(std::current_exception())}});
    return std::nullopt;
  }
}

Response Dispatcher::refuse(const base::Refusal& reason, const Request& request, const Route* route) const {
  Response json = problem(reason, request);
  const bool wants_page = (route != nullptr && route->produces == Produces::page) || prefers_page(request.headers);
  if (!wants_page || !callbacks_.render_problem) return json;
  try {
    Response page = callbacks_.render_problem(reason, request);
    add_missing_headers(page, json);
    return page;
  } catch (...) {
    base::log::error("the page of a refusal failed", {{"error", describe(std::current_exception())}});
    return json;
  }
}

void Dispatcher::finish(Response& response, const Plan& plan) const {
  if (plan.varies_by_accept) response.headers.emplace_back("Vary", "Accept");
  add_cors(response, plan.request, options_.cors_origins);
}

void Dispatcher::report(const Plan& plan, int status, double seconds) const {
  const std::string_view name = plan.route != nullptr ? std::string_view(plan.route->name) : "-";
  if (callbacks_.observe) callbacks_.observe(name, status, seconds);
  const bool is_health = plan.route != nullptr && plan.route->lane == Lane::memory && plan.route->name == "health";
  if (!is_health) log_access(plan.request, name, status, seconds);
}

}  // namespace gatehouse::http
