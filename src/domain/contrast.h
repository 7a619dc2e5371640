#pragma once

#include <optional>
#include <string>
#include <string_view>

/// How well colors can be told apart (WCAG 2.2, success criteria 1.4.3 and 1.4.11).
namespace gatehouse::domain {

/// Text that is not large, on what is behind it.
inline constexpr double kTextContrast = 4.5;
/// A button, on the page around it.
inline constexpr double kButtonContrast = 3;

/// "#rrggbb" in lower case; nothing for what is no color of that form.
std::optional<std::string> clean_color(std::string_view color);

/// From 1 (the same) to 21 (black on white). Both as clean_color() gives them.
double contrast_of(std::string_view one, std::string_view other);

/// With two decimals, cut off: what is short of a limit never reads as if it met it.
std::string to_text(double contrast);

}  // namespace gatehouse::domain
