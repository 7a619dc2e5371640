#pragma once

#include "http/request_head.h"
#include "http/router.h"
#include "http/server_options.h"

namespace gatehouse::http {

/// What a request comes to, as far as its head tells.
struct Plan {
  Request request;
  /// The row that will answer once the body is read; null when `answer` is the answer already.
  const Route* route = nullptr;
  Response answer;
  /// Bytes may follow that nobody reads, so the connection can't be used again.
  bool must_close = false;
  bool varies_by_accept = false;
};

/// From heads to rows and from rows to answers: all of the server that needs no socket. Immutable and thread safe.
class Dispatcher {
 public:
  Dispatcher(const ServerOptions& options, Router router, ServerCallbacks callbacks);

  Plan plan(RequestHead head, const base::IpAddress& peer) const;
  /// For bytes that never became a request.
  Plan plan_refusal(const base::Refusal& refusal, const base::IpAddress& peer) const;
  /// Calls the handler. Whatever it throws becomes an answer.
  Response run(const Route& route, const Request& request) const;
  /// The same for what the row has in memory.
  std::optional<Response> run_from_memory(const Route& route, const Request& request) const;
  /// The next part of an answer; nothing when it can't be made, which is logged.
  std::optional<std::string> run_part(const Plan& plan, const std::function<std::string()>& next_part) const;
  /// `route` may be null.
  Response refuse(const base::Refusal& refusal, const Request& request, const Route* route) const;
  /// Adds Vary and the fields for other origins.
  void finish(Response& response, const Plan& plan) const;
  /// Metrics and the access log.
  void report(const Plan& plan, int status, double seconds) const;

  const Router& router() const { return router_; }

 private:
  void identify(Request& request, const base::IpAddress& peer) const;
  bool is_host_allowed(std::string_view host) const;
  Response answer_options(const Request& request, const std::string& allow) const;
  void resolve(Plan& plan, const Framing& framing, bool is_asterisk) const;
  base::Refusal to_refusal(std::exception_ptr thrown, const Route& route, const Request& request) const;

  const ServerOptions& options_;
  Router router_;
  ServerCallbacks callbacks_;
};

}  // namespace gatehouse::http
