#pragma once

#include "base/result.h"
#include "domain/caller.h"
#include "domain/services.h"

#include <optional>
#include <string>
#include <string_view>

/// Requests that a client may send again without doing twice what they do (draft-ietf-httpapi-idempotency-key-header).
/// The key counts for one caller and one route, for 24 hours. The transaction of the change itself marks it (see
/// record() in audit.h), so that a crash between change and answer does not lead to a second change.
namespace gatehouse::domain {

/// Claims the request's Idempotency-Key. The answer of the first request when there was one; nothing when this is the
/// first, and settle() must follow. `caller` names who asks, `content` is all that the request says. Refuses:
/// kMalformedRequest, kIdempotencyMismatch, kIdempotencyInProgress, kIdempotencyAnswerLost.
base::Result<std::optional<std::string>> claim_request(const Services& services, const Origin& origin,
                                                       std::string_view caller, std::string_view route,
                                                       std::string_view content);

/// Keeps the answer, or forgets the key when the request was refused (null).
void settle_request(const Services& services, const Origin& origin, const std::string* answer);

}  // namespace gatehouse::domain
