#pragma once

#include "http/message.h"

#include <string>
#include <string_view>

namespace gatehouse::http {

/// The path for a log line, without the query and with "***" for every segment that may be a secret: one longer than 40
/// bytes, or one that begins like a token.
std::string path_for_log(const std::vector<std::string>& path);

/// One line at level info: what was asked, what it came to, how long it took; `trace_id` when there is one.
void log_access(const Request& request, std::string_view route, int status, double seconds);

}  // namespace gatehouse::http
