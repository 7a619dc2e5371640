#include "console/encoding.h"

#include "base/text.h"

#include <optional>

namespace gatehouse::console {

namespace {

/// "q=0", "q=0.000".
bool is_zero_quality(std::string_view parameter) {
  return parameter.starts_with("q=0") && parameter.find_first_not_of(".0", 2) == std::string_view::npos;
}

}  // namespace

bool accepts_encoding(const http::Headers& headers, std::string_view coding) {
  std::optional<bool> by_name, by_any;
  for (const auto& [name, value] : headers) {
    if (name != "accept-encoding") continue;
    for (const std::string_view part : base::split(value, ',')) {
      const std::size_t end = std::min(part.find(';'), part.size());
      const std::string word = base::to_lower_ascii(base::trim(part.substr(0, end)));
      const std::string parameter = base::to_lower_ascii(base::trim(part.substr(std::min(end + 1, part.size()))));
      const bool is_taken = !is_zero_quality(parameter);
      if (word == coding) by_name = is_taken;
      if (word == "*") by_any = is_taken;
    }
  }
  return by_name.value_or(by_any.value_or(false));
}

}  // namespace gatehouse::console
