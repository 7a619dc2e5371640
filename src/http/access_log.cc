#include "http/access_log.h"

#include "base/log.h"

#include <cmath>

namespace gatehouse::http {

namespace {

constexpr std::size_t kMaxSegmentBytes = 40;

/// Our tokens begin with three letters, the first of them "g" ("grt_…"); a JWT begins with a JSON brace in base64.
bool may_be_secret(std::string_view segment) {
  if (segment.size() > kMaxSegmentBytes || segment.starts_with("eyJ")) return true;
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return segment.size() > 3 && segment[0] == 'g' && is_letter(segment[1]) && is_letter(segment[2]) && segment[3] == '_';
}

}  // namespace

std::string path_for_log(const std::vector<std::string>& path) {
  std::string text;
  for (const std::string& segment : path) {
    text += '/';
    text += may_be_secret(segment) ? std::string_view("***") : std::string_view(segment);
  }
  return text.empty() ? "/" : text;
}

void log_access(const Request& request, std::string_view route, int status, double seconds) {
  const base::log::RequestScope scope(request.request_id);
  using base::log::Field;
  const Field method("method", to_string(request.method)), row("route", route);
  const Field path("path", path_for_log(request.path)), code("status", status);
  const Field duration("duration_ms", std::round(seconds * 1e6) / 1e3), client("client", request.client.to_string());
  if (request.trace_id.empty()) {
    base::log::info("request", {method, row, path, code, duration, client});
  } else {
    base::log::info("request", {method, row, path, code, duration, client, {"trace_id", request.trace_id}});
  }
}

}  // namespace gatehouse::http
