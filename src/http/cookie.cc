#include "http/cookie.h"

#include "base/text.h"

namespace gatehouse::http {

std::optional<std::string_view> cookie_of(const Request& request, std::string_view name) {
  std::optional<std::string_view> found;
  for (const std::string_view part : base::split(request.header("cookie").value_or(""), ';')) {
    const std::string_view pair = base::trim(part);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
    if (found) return std::nullopt;
    found = pair.substr(equals + 1);
  }
  return found;
}

}  // namespace gatehouse::http
