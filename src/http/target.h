#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::http {

/// A request target, decoded once.
struct Target {
  /// `OPTIONS *` (RFC 9112 section 3.2.4); the path is empty then.
  bool is_asterisk = false;
  /// "/" has no segments; a trailing slash leaves an empty last one.
  std::vector<std::string> path;
  std::vector<std::pair<std::string, std::string>> query;
};

/// Reads origin-form, absolute-form (whose authority must be `host`, the value of the Host field, in any case) and,
/// when `is_options`, "*". Refuses with kMalformedRequest all that two programs might read differently: a fragment,
/// broken escapes, an encoded or plain backslash, an encoded slash, dot segments, empty inner segments, control
/// characters and invalid UTF-8. Parameters after ";" are plain text.
base::Result<Target> parse_target(std::string_view text, std::string_view host, bool is_options);

}  // namespace gatehouse::http
