#pragma once

#include "http/message.h"

#include <string_view>

namespace gatehouse::console {

/// Whether the client takes that content coding by its name or by `*`, with a quality above zero (RFC 9110 section
/// 12.5.3). False without an Accept-Encoding field.
bool accepts_encoding(const http::Headers& headers, std::string_view coding);

}  // namespace gatehouse::console
