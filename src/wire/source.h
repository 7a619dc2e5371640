#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace gatehouse::wire {

/// Where the values of a request come from. Everything viewed must outlive the call of read().
struct Source {
  enum class Body { none, json, form };
  Body body_kind = Body::none;
  std::string_view body;
  /// Decoded.
  std::span<const std::pair<std::string, std::string>> query;
  /// Decoded values of the {name} segments.
  std::span<const std::pair<std::string, std::string>> path;
  /// True for rows that read their fields from the query (GET, DELETE); otherwise every query parameter is unknown.
  bool fields_in_query = false;
  /// A merge patch (RFC 7396): null clears what can be cleared (wire::Clearable) and is refused elsewhere.
  bool is_merge_patch = false;
};

}  // namespace gatehouse::wire
