#pragma once

#include "http/message.h"

#include <string>
#include <vector>

namespace gatehouse::http {

/// Adds what a listed origin needs to read the answer (the Fetch standard, section 3.2). Nothing without listed
/// origins. Never with credentials: tokens travel in Authorization, which a page must set itself.
void add_cors(Response& response, const Request& request, const std::vector<std::string>& origins);

/// True when the request asks before the real one from a listed origin; `add_preflight` then says what is allowed.
bool is_preflight(const Request& request, const std::vector<std::string>& origins);
void add_preflight(Response& response, const std::string& allow);

}  // namespace gatehouse::http
