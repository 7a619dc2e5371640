#pragma once

#include "base/result.h"
#include "http/message.h"

namespace gatehouse::http {

/// A refusal as application/problem+json (RFC 9457) with the fields that belong to it: WWW-Authenticate beside 401
/// (RFC 6750 section 3), Retry-After when the refusal says when to come again.
Response problem(const base::Refusal& refusal, const Request& request);

}  // namespace gatehouse::http
