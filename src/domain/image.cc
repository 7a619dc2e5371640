#include "domain/image.h"

namespace gatehouse::domain {

namespace {

using std::string_view_literals::operator""sv;

/// `count` bytes at `at`, the most significant first; nothing behind the end.
std::optional<std::int64_t> big_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  if (bytes.size() < count || at > bytes.size() - count) return std::nullopt;
  std::int64_t number = 0;
  for (std::size_t i = 0; i < count; ++i) number = number * 256 + std::uint8_t(bytes[at + i]);
  return number;
}

std::optional<std::int64_t> little_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  if (bytes.size() < count || at > bytes.size() - count) return std::nullopt;
  std::int64_t number = 0;
  for (std::size_t i = count; i > 0; --i) number = number * 256 + std::uint8_t(bytes[at + i - 1]);
  return number;
}

std::optional<ImageHeader> sized(std::string_view type, std::optional<std::int64_t> width,
                                 std::optional<std::int64_t> height) {
  if (!width || !height) return std::nullopt;
  return ImageHeader{type, type.substr(type.find('/') + 1), *width, *height};
}

/// The first chunk is IHDR (PNG, section 11.2.1).
std::optional<ImageHeader> read_png(std::string_view bytes) {
  if (bytes.substr(8, 8) != "\0\0\0\x0dIHDR"sv) return std::nullopt;
  return sized("image/png", big_endian(bytes, 16, 4), big_endian(bytes, 20, 4));
}

/// The logical screen (GIF89a, section 18).
std::optional<ImageHeader> read_gif(std::string_view bytes) {
  return sized("image/gif", little_endian(bytes, 6, 2), little_endian(bytes, 8, 2));
}

/// SOF0 to SOF15 without DHT, JPG and DAC, which stand among them (ITU-T T.81, table B.1).
bool is_frame(std::uint8_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/// Segments up to the frame, each with its length.
std::optional<ImageHeader> read_jpeg(std::string_view bytes) {
  std::size_t at = 2;
  while (at + 4 <= bytes.size() && bytes[at] == '\xff') {
    const auto marker = std::uint8_t(bytes[at + 1]);
    if (marker == 0xff) {  // a fill byte
      ++at;
      continue;
    }
    if (is_frame(marker)) return sized("image/jpeg", big_endian(bytes, at + 7, 2), big_endian(bytes, at + 5, 2));
    constexpr std::uint8_t kStartOfScan = 0xda;
    const auto length = big_endian(bytes, at + 2, 2);
    if (marker < 0xc0 || marker == kStartOfScan || !length || *length < 2) return std::nullopt;
    at += 2 + std::size_t(*length);
  }
  return std::nullopt;
}

/// Three kinds: lossy (RFC 6386 section 9.1), lossless (RFC 9649 section 3.4), extended (section 2.7).
std::optional<ImageHeader> read_webp(std::string_view bytes) {
  constexpr std::string_view kType = "image/webp";
  const std::string_view chunk = bytes.substr(12, 4);
  if (chunk == "VP8 " && bytes.substr(23, 3) == "\x9d\x01\x2a"sv) {
    const auto width = little_endian(bytes, 26, 2), height = little_endian(bytes, 28, 2);
    // Above the 14 bits stands how to scale it.
    if (width && height) return sized(kType, *width & 0x3fff, *height & 0x3fff);
  }
  if (chunk == "VP8L" && bytes.substr(20, 1) == "\x2f"sv) {
    if (const auto bits = little_endian(bytes, 21, 4)) {
      return sized(kType, (*bits & 0x3fff) + 1, ((*bits >> 14) & 0x3fff) + 1);
    }
  }
  if (chunk == "VP8X") {
    const auto width = little_endian(bytes, 24, 3), height = little_endian(bytes, 27, 3);
    if (width && height) return sized(kType, *width + 1, *height + 1);
  }
  return std::nullopt;
}

}  // namespace

std::optional<ImageHeader> read_image_header(std::string_view bytes) {
  // No picture is as short; so that substr() is never asked for what begins behind the end.
  if (bytes.size() < 24) return std::nullopt;
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv)) return read_png(bytes);
  if (bytes.starts_with("\xff\xd8"sv)) return read_jpeg(bytes);
  if (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a")) return read_gif(bytes);
  if (bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP") return read_webp(bytes);
  return std::nullopt;
}

}  // namespace gatehouse::domain
