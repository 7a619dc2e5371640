#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

namespace gatehouse::base {

namespace {

const std::uint8_t* units(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }

struct Free {
  void operator()(std::uint8_t* memory) const { std::free(memory); }
};

std::string adopt(std::uint8_t* memory, std::size_t length) {
  if (memory == nullptr) throw std::runtime_error("libunistring: out of memory or invalid text");
  const std::unique_ptr<std::uint8_t, Free> owner(memory);
  return {reinterpret_cast<const char*>(memory), length};
}

std::string fold_case(std::string_view text, uninorm_t form) {
  if (text.empty()) return {};
  std::size_t length = 0;
  std::uint8_t* memory = u8_casefold(units(text), text.size(), nullptr, form, nullptr, &length);
  return adopt(memory, length);
}

template <class Visit>
void each_code_point(std::string_view text, Visit visit) {
  const std::uint8_t* at = units(text);
  std::size_t left = text.size();
  while (left > 0) {
    ucs4_t point;
    const int length = u8_mbtouc(&point, at, left);
    visit(point, std::string_view(reinterpret_cast<const char*>(at), std::size_t(length)));
    at += length;
    left -= std::size_t(length);
  }
}

bool is_hidden(ucs4_t point) {
  constexpr ucs4_t kBrailleBlank = 0x2800;
  if (uc_is_property_variation_selector(point)) return false;
  return point == kBrailleBlank || uc_is_property_default_ignorable_code_point(point) ||
         uc_is_general_category_withtable(
             point, UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cf | UC_CATEGORY_MASK_Zl | UC_CATEGORY_MASK_Zp);
}

/// Letters of other scripts that look like a lower-case Latin one.
char latin_twin(ucs4_t point) {
  switch (point) {
    case 0x0430:
    case 0x03b1: return 'a';
    case 0x0432:
    case 0x03b2: return 'b';
    case 0x0441:
    case 0x03f2: return 'c';
    case 0x0501: return 'd';
    case 0x0435:
    case 0x03b5: return 'e';
    case 0x04bb: return 'h';
    case 0x0456:
    case 0x03b9:
    case 0x0131:
    case '1':
    case '|':
    case '!': return 'i';
    case 0x0458: return 'j';
    case 0x043a:
    case 0x03ba: return 'k';
    case 0x043c: return 'm';
    case 0x03b7:
    case 0x043f: return 'n';
    case 0x043e:
    case 0x03bf:
    case '0': return 'o';
    case 0x0440:
    case 0x03c1: return 'p';
    case 0x0433: return 'r';
    case 0x0455:
    case '$': return 's';
    case 0x0442:
    case 0x03c4: return 't';
    case 0x03bd: return 'v';
    case 0x051d:
    case 0x03c9: return 'w';
    case 0x0445:
    case 0x03c7: return 'x';
    case 0x0443:
    case 0x03b3: return 'y';
    case '3': return 'e';
    case '4':
    case '@': return 'a';
    default: return 0;
  }
}

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode64(std::string_view bytes, std::string_view alphabet) {
  std::string out;
  out.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char byte : bytes) {
    buffer = (buffer << 8) | std::uint8_t(byte);
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      out += alphabet[(buffer >> bits) & 63];
    }
  }
  if (bits > 0) out += alphabet[(buffer << (6 - bits)) & 63];
  return out;
}

constexpr std::array<std::int8_t, 256> reverse(std::string_view alphabet) {
  std::array<std::int8_t, 256> table{};
  for (auto& value : table) value = -1;
  for (std::size_t i = 0; i < alphabet.size(); ++i) table[std::uint8_t(alphabet[i])] = std::int8_t(i);
  return table;
}

std::optional<std::string> decode64(std::string_view text, const std::array<std::int8_t, 256>& table) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char character : text) {
    const int value = table[std::uint8_t(character)];
    if (value < 0) return std::nullopt;
    buffer = (buffer << 6) | std::uint32_t(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out += char(std::uint8_t(buffer >> bits));
    }
  }
  if ((buffer & ((1u << bits) - 1)) != 0) return std::nullopt;
  return out;
}

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

}  // namespace

bool is_valid_utf8(std::string_view text) { return u8_check(units(text), text.size()) == nullptr; }

std::size_t count_code_points(std::string_view text) { return u8_mbsnlen(units(text), text.size()); }

std::string to_nfc(std::string_view text) {
  std::size_t length = 0;
  std::uint8_t* memory = u8_normalize(UNINORM_NFC, units(text), text.size(), nullptr, &length);
  return text.empty() ? (std::free(memory), std::string()) : adopt(memory, length);
}

bool has_hidden_characters(std::string_view text) {
  bool found = false;
  each_code_point(text, [&](ucs4_t point, std::string_view) { found = found || is_hidden(point); });
  return found;
}

bool has_visible_characters(std::string_view text) {
  bool found = false;
  each_code_point(text, [&](ucs4_t point, std::string_view) {
    found =
        found || !(uc_is_property_white_space(point) || uc_is_property_variation_selector(point) || is_hidden(point));
  });
  return found;
}

std::string to_folded(std::string_view text) { return fold_case(text, UNINORM_NFC); }

std::string to_skeleton(std::string_view text) {
  const std::string folded = fold_case(text, UNINORM_NFKD);
  std::string skeleton;
  each_code_point(folded, [&](ucs4_t point, std::string_view bytes) {
    if (const char twin = latin_twin(point)) {
      skeleton += twin;
    } else if (point == 'l') {
      skeleton += 'i';
    } else if (!uc_is_general_category_withtable(
                   point, UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_Z | UC_CATEGORY_MASK_C | UC_CATEGORY_MASK_P)) {
      skeleton += bytes;
    }
  });
  for (auto at = skeleton.find("rn"); at != std::string::npos; at = skeleton.find("rn")) skeleton.replace(at, 2, "m");
  return skeleton;
}

std::string to_lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& character : lower) {
    if (character >= 'A' && character <= 'Z') character = char(character - 'A' + 'a');
  }
  return lower;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\f\v";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string_view trim_white_space(std::string_view text) {
  std::size_t at = 0, first = text.size(), end = 0;
  each_code_point(text, [&](ucs4_t point, std::string_view bytes) {
    if (!uc_is_property_white_space(point)) {
      first = std::min(first, at);
      end = at + bytes.size();
    }
    at += bytes.size();
  });
  return first < end ? text.substr(first, end - first) : std::string_view();
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char byte : bytes) {
    out += kDigits[std::uint8_t(byte) >> 4];
    out += kDigits[std::uint8_t(byte) & 15];
  }
  return out;
}

std::string to_base64(std::string_view bytes) {
  std::string out = encode64(bytes, kStandard);
  while (out.size() % 4 != 0) out += '=';
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  static constexpr auto kTable = reverse(kStandard);
  if (text.size() % 4 != 0) return std::nullopt;
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  return decode64(text, kTable);
}

std::string to_base64url(std::string_view bytes) { return encode64(bytes, kUrlSafe); }

std::optional<std::string> from_base64url(std::string_view text) {
  static constexpr auto kTable = reverse(kUrlSafe);
  return decode64(text, kTable);
}

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char character : text) {
    switch (character) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += character;
    }
  }
  return out;
}

std::string escape_url(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char character : text) {
    const bool plain = (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
                       (character >= '0' && character <= '9') ||
                       std::string_view("-._~").find(character) != std::string_view::npos;
    if (plain) {
      out += character;
    } else {
      out += '%';
      out += kDigits[std::uint8_t(character) >> 4];
      out += kDigits[std::uint8_t(character) & 15];
    }
  }
  return out;
}

std::optional<std::string> unescape_url(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += char(high * 16 + low);
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::optional<std::string> closest(std::string_view word, std::span<const std::string> candidates) {
  if (word.empty()) return std::nullopt;
  const std::string* best = nullptr;
  // A third of the word may be wrong, two letters in any case, but never all of it.
  std::size_t best_distance = std::min(std::max<std::size_t>(2, word.size() / 3), word.size() - 1) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best = &candidate;
      best_distance = distance;
    }
  }
  if (best == nullptr) return std::nullopt;
  return *best;
}

}  // namespace gatehouse::base
