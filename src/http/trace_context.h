#pragma once

#include "http/message.h"

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::http {

/// The trace id of a `traceparent` (W3C Trace Context, section 3.2): 32 lower-case hex digits. Nothing when the text is
/// not one: those are ignored, not refused. Of a version that is not known yet only the known beginning is read.
std::optional<std::string> trace_id_of(std::string_view traceparent);

/// The same of a request's fields. Nothing as well when there are two, since nobody can tell which one is meant.
std::optional<std::string> trace_id_of(const Headers& headers);

}  // namespace gatehouse::http
