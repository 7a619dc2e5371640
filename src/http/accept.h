#pragma once

#include "http/message.h"

namespace gatehouse::http {

/// True when the Accept fields name text/html with a quality above zero that is at least that of application/json (by
/// its own name, application/* or */*; RFC 9110 section 12.5.1): a browser asks. A range that can't be read is skipped.
bool prefers_page(const Headers& headers);

/// A range of the Accept-Language fields (RFC 9110 section 12.5.4): "de-at" or "*", in lower case, with its quality in
/// thousandths.
struct LanguageRange {
  std::string tag;
  int quality = 1000;
};

/// In the order in which they came; at most 100, since a browser sends a handful. One that can't be read is skipped.
std::vector<LanguageRange> accepted_languages(const Headers& headers);

}  // namespace gatehouse::http
