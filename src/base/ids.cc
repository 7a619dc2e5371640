#include "base/ids.h"

#include "base/random.h"

#include <algorithm>
#include <span>

namespace gatehouse::base {

namespace {
constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
}

std::optional<Uuid> Uuid::from_bytes(std::string_view raw) {
  if (raw.size() != 16) return std::nullopt;
  Uuid uuid;
  std::copy(raw.begin(), raw.end(), uuid.bytes.begin());
  return uuid;
}

namespace {

/// Of the kernel, for a hundred ids at a time: each request has one, and none is a secret.
std::span<const std::uint8_t, 10> random_for_id() {
  thread_local std::array<std::uint8_t, 1'000> bytes;
  thread_local std::size_t used = bytes.size();
  if (used == bytes.size()) {
    fill_random(bytes);
    used = 0;
  }
  used += 10;
  return std::span(bytes).subspan(used - 10).first<10>();
}

}  // namespace

Uuid make_uuid_v7(Time now) {
  Uuid uuid;
  std::ranges::copy(random_for_id(), uuid.bytes.begin() + 6);
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count();
  for (int i = 0; i < 6; ++i) uuid.bytes[i] = std::uint8_t(ms >> (8 * (5 - i)));
  uuid.bytes[6] = std::uint8_t(0x70 | (uuid.bytes[6] & 0x0f));
  uuid.bytes[8] = std::uint8_t(0x80 | (uuid.bytes[8] & 0x3f));
  return uuid;
}

std::string to_base32(const Uuid& uuid) {
  // 26 characters of five bits are 130 bits: the first character holds only the top three.
  std::string text(26, '0');
  unsigned buffer = 0;
  int bits = 0;
  std::size_t at = 26;
  for (std::size_t i = 16; i-- > 0;) {
    buffer |= unsigned(uuid.bytes[i]) << bits;
    bits += 8;
    while (bits >= 5) {
      text[--at] = kAlphabet[buffer & 31];
      buffer >>= 5;
      bits -= 5;
    }
  }
  text[--at] = kAlphabet[buffer & 31];
  return text;
}

std::optional<Uuid> from_base32(std::string_view text) {
  if (text.size() != 26 || text[0] > '7') return std::nullopt;
  Uuid uuid;
  unsigned buffer = 0;
  int bits = 0;
  std::size_t at = 16;
  for (std::size_t i = 26; i-- > 0;) {
    const auto digit = kAlphabet.find(text[i]);
    if (digit == std::string_view::npos) return std::nullopt;
    buffer |= unsigned(digit) << bits;
    bits += 5;
    while (bits >= 8 && at > 0) {
      uuid.bytes[--at] = std::uint8_t(buffer);
      buffer >>= 8;
      bits -= 8;
    }
  }
  return uuid;
}

}  // namespace gatehouse::base
