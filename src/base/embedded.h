#pragma once

#include <span>
#include <string_view>

namespace gatehouse::base {

/// A file that is part of the program, see cmake/embed.cmake.
struct EmbeddedFile {
  std::string_view name;  // relative to its folder
  std::string_view content;
};

}  // namespace gatehouse::base
