#include "http/trace_context.h"

#include <algorithm>

namespace gatehouse::http {

namespace {

// "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01": version, trace id, parent id, flags.
constexpr std::size_t kTraceAt = 3, kParentAt = 36, kFlagsAt = 53, kBytes = 55;

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_zero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

}  // namespace

std::optional<std::string> trace_id_of(std::string_view traceparent) {
  if (traceparent.size() < kBytes) return std::nullopt;
  for (const std::size_t dash : {kTraceAt, kParentAt, kFlagsAt}) {
    if (traceparent[dash - 1] != '-') return std::nullopt;
  }
  const std::string_view version = traceparent.substr(0, 2);
  const std::string_view trace = traceparent.substr(kTraceAt, 32);
  const std::string_view parent = traceparent.substr(kParentAt, 16);
  const std::string_view flags = traceparent.substr(kFlagsAt, 2);
  if (!is_hex(version) || !is_hex(trace) || !is_hex(parent) || !is_hex(flags)) return std::nullopt;
  if (version == "ff" || is_zero(trace) || is_zero(parent)) return std::nullopt;
  const bool may_be_longer = version != "00" && traceparent.size() > kBytes && traceparent[kBytes] == '-';
  if (traceparent.size() != kBytes && !may_be_longer) return std::nullopt;
  return std::string(trace);
}

std::optional<std::string> trace_id_of(const Headers& headers) {
  const auto is_traceparent = [](const auto& field) { return field.first == "traceparent"; };
  const auto found = std::find_if(headers.begin(), headers.end(), is_traceparent);
  if (found == headers.end() || std::find_if(found + 1, headers.end(), is_traceparent) != headers.end()) {
    return std::nullopt;
  }
  return trace_id_of(found->second);
}

}  // namespace gatehouse::http
