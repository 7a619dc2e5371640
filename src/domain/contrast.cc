#include "domain/contrast.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace gatehouse::domain {

namespace {

/// WCAG 2.2, "relative luminance". The threshold is that of sRGB (IEC 61966-2-1).
double linear(std::string_view hex) {
  int channel = 0;
  std::from_chars(hex.data(), hex.data() + hex.size(), channel, 16);
  const double share = channel / 255.0;
  return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
}

double luminance(std::string_view color) {
  return 0.2126 * linear(color.substr(1, 2)) + 0.7152 * linear(color.substr(3, 2)) +
         0.0722 * linear(color.substr(5, 2));
}

}  // namespace

std::optional<std::string> clean_color(std::string_view color) {
  std::string clean = base::to_lower_ascii(color);
  const bool is_color =
      clean.size() == 7 && clean[0] == '#' && clean.find_first_not_of("0123456789abcdef", 1) == std::string::npos;
  if (!is_color) return std::nullopt;
  return clean;
}

double contrast_of(std::string_view one, std::string_view other) {
  const double a = luminance(one), b = luminance(other);
  return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

std::string to_text(double contrast) { return fmt::format("{:.2f}", std::floor(contrast * 100) / 100); }

}  // namespace gatehouse::domain
