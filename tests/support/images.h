#pragma once

#include <cstdint>
#include <string>

/// Pictures as far as somebody looks who does not decode them: their beginnings, and nothing to see behind them.
namespace gatehouse::tests {

inline std::string bytes_of(std::uint32_t number, int count, bool is_big_endian) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += char(number >> (8 * (is_big_endian ? count - 1 - i : i)));
  return bytes;
}

inline std::string png_of(std::uint32_t width, std::uint32_t height) {
  return std::string("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", 16) + bytes_of(width, 4, true) + bytes_of(height, 4, true) +
         std::string("\x08\x06\0\0\0", 5);
}

inline std::string gif_of(std::uint32_t width, std::uint32_t height) {
  return "GIF89a" + bytes_of(width, 2, false) + bytes_of(height, 2, false) + std::string(14, '\0');
}

/// With a segment of metadata before its frame.
inline std::string jpeg_of(std::uint32_t width, std::uint32_t height) {
  return std::string("\xff\xd8\xff\xe0\x00\x06JFIF\xff\xff\xc2\x00\x11\x08", 16) + bytes_of(height, 2, true) +
         bytes_of(width, 2, true) + std::string(10, '\x01');
}

/// The extended kind.
inline std::string webp_of(std::uint32_t width, std::uint32_t height) {
  return std::string("RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0", 24) + bytes_of(width - 1, 3, false) +
         bytes_of(height - 1, 3, false);
}

}  // namespace gatehouse::tests
