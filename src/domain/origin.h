#pragma once

#include "domain/caller.h"
#include "http/message.h"

namespace gatehouse::domain {

/// Where a request comes from: what operations may know of it. The device's description is cut to 200 bytes of
/// printable ASCII.
Origin origin_of(const http::Request& request);

}  // namespace gatehouse::domain
