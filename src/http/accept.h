#pragma once

#include "http/message.h"

namespace gatehouse::http {

/// True when the Accept fields name text/html with a quality above zero that is at least that of application/json (by
/// its own name, application/* or */*; RFC 9110 section 12.5.1): a browser asks. A range that can't be read is skipped.
bool prefers_page(const Headers& headers);

}  // namespace gatehouse::http
