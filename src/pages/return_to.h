#pragma once

#include "http/message.h"

#include <string>
#include <string_view>

/// Where somebody wanted to go before they had to sign in. Whoever made the link chose it, so it is a path of our own
/// or nothing: an open redirect would lend our name to any page.
namespace gatehouse::pages {

/// Where somebody lands who wanted nothing else.
inline constexpr std::string_view kLanding = "/account";

/// The path as it was given, or kLanding for all but a path of this origin with a query: one slash at the beginning, no
/// second one and no backslash behind it, printable ASCII only, and nothing encoded that would be one of these.
std::string safe_return_to(std::string_view wanted);

/// Path and query of the request, as a URL has them.
std::string target_of(const http::Request& request);

/// `path` with "?return_to=…" when there is another place to return to than kLanding.
std::string with_return_to(std::string_view path, std::string_view return_to);

}  // namespace gatehouse::pages
