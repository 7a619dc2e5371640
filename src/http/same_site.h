#pragma once

#include "base/result.h"
#include "http/message.h"

#include <string_view>

/// What a browser says of the page that sent a request: Fetch Metadata, and the Origin field (RFC 6454). `public_url`
/// is our own origin. Programs say nothing.
namespace gatehouse::http {

/// kCrossSite when the browser says that a page of another site sent it. Our pages send no referrer, so that the Origin
/// of their own forms is "null".
base::Result<void> check_same_site(const Request& request, std::string_view public_url);

/// True when the browser says that one of our own pages sent it, and false when it says nothing. An Origin of "null"
/// says nothing by itself: frames in a sandbox have it too.
bool is_from_own_page(const Request& request, std::string_view public_url);

}  // namespace gatehouse::http
