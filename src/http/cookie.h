#pragma once

#include "http/message.h"

#include <optional>
#include <string_view>

namespace gatehouse::http {

/// The value of the cookie of that name (RFC 6265 section 5.4). Nothing when there is none, or more than one: another
/// site of the same host may have planted the second, and nobody can tell which that is.
std::optional<std::string_view> cookie_of(const Request& request, std::string_view name);

}  // namespace gatehouse::http
