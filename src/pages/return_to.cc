#include "pages/return_to.h"

#include "base/text.h"

#include <algorithm>

namespace gatehouse::pages {

namespace {

constexpr std::size_t kMostBytes = 1024;

bool is_printable(char letter) { return letter > ' ' && letter <= '~'; }

/// What some proxy or router might decode before it looks at the path: slashes, backslashes, control characters.
bool hides_something(std::string_view path) {
  for (auto at = path.find('%'); at != std::string_view::npos; at = path.find('%', at + 1)) {
    const auto decoded = base::unescape_url(path.substr(at, 3), false);
    if (!decoded || decoded->size() != 1) return true;
    if (*decoded == "/" || *decoded == "\\" || *decoded == "%" || std::uint8_t(decoded->front()) < 0x20) return true;
  }
  return false;
}

bool is_safe(std::string_view wanted) {
  if (wanted.empty() || wanted.size() > kMostBytes || wanted.front() != '/') return false;
  if (!std::ranges::all_of(wanted, is_printable)) return false;
  if (wanted.find("//") != std::string_view::npos || wanted.find('\\') != std::string_view::npos) return false;
  return !hides_something(wanted.substr(0, wanted.find_first_of("?#")));
}

}  // namespace

std::string safe_return_to(std::string_view wanted) { return std::string(is_safe(wanted) ? wanted : kLanding); }

std::string target_of(const http::Request& request) {
  std::string target;
  for (const std::string& segment : request.path) target += "/" + base::escape_url(segment);
  char separator = '?';
  for (const auto& [name, value] : request.query) {
    target += separator + base::escape_url(name) + "=" + base::escape_url(value);
    separator = '&';
  }
  return target;
}

std::string with_return_to(std::string_view path, std::string_view return_to) {
  std::string target(path);
  if (return_to != kLanding) target += "?return_to=" + base::escape_url(return_to);
  return target;
}

}  // namespace gatehouse::pages
