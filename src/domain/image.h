#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gatehouse::domain {

/// What the first bytes of a picture say.
struct ImageHeader {
  std::string_view media_type;  // "image/png", "image/jpeg", "image/webp" or "image/gif"
  std::string_view extension;   // "png"
  std::int64_t width = 0, height = 0;
};

/// By its magic bytes and the header that holds its size; the picture itself is not decoded, so that no decoder can be
/// attacked with it. Nothing for what is none of the four, or ends before its size is known. Linear in the bytes.
std::optional<ImageHeader> read_image_header(std::string_view bytes);

}  // namespace gatehouse::domain
