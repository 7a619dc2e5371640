#include "base/text.h"
#include "crypto/password.h"

#include <algorithm>
#include <array>
#include <set>
#include <zxcvbn.h>

namespace gatehouse::crypto {

namespace {

/// zxcvbn's work grows with the square of the length and more: 100 equal digits took 6 ms, 64 take 2 ms. What is
/// behind that can only be called too weak, never too strong.
constexpr std::size_t kLongestBytes = 64;
constexpr std::size_t kShortestPart = 3;
constexpr std::size_t kMostWords = 32;
/// Bits of log2(10^3), log2(10^6), log2(10^8), log2(10^10): the steps of zxcvbn's score.
constexpr std::array<double, 4> kSteps{9.9658, 19.9316, 26.5754, 33.2193};

std::string normalized(std::string_view text) {
  return base::is_valid_utf8(text) ? base::to_nfc(text) : std::string(text);
}

std::string_view cut(std::string_view text) {
  if (text.size() <= kLongestBytes) return text;
  std::size_t end = kLongestBytes;
  while (end > 0 && (std::uint8_t(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

bool is_word_byte(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || std::uint8_t(byte) >= 0x80;
}

/// Each word as it is, without what is between its parts, and its parts; in lower case, so that none comes twice
/// (zxcvbn compares without case). The earlier a word, the sooner it is guessed.
std::vector<std::string> words_of(const std::vector<std::string>& context) {
  std::vector<std::string> words;
  std::set<std::string, std::less<>> seen;
  const auto add = [&](std::string_view word) {
    const bool usable = word.size() >= kShortestPart && word.size() <= kLongestBytes && words.size() < kMostWords;
    if (usable && seen.emplace(word).second) words.emplace_back(word);
  };
  for (const std::string& text : context) {
    std::string spaced = base::to_lower_ascii(normalized(text));
    add(spaced);
    std::string joined = spaced;
    std::erase_if(joined, [](char byte) { return !is_word_byte(byte); });
    add(joined);
    std::replace_if(
        spaced.begin(), spaced.end(), [](char byte) { return !is_word_byte(byte); }, ' ');
    for (const std::string_view part : base::split(spaced, ' ')) add(part);
  }
  return words;
}

}  // namespace

int password_strength(const base::Secret& password, const std::vector<std::string>& context) {
  const base::Secret typed(normalized(password.reveal()));
  const base::Secret judged{std::string(cut(typed.reveal()))};
  const std::vector<std::string> words = words_of(context);
  std::vector<const char*> dictionary;
  for (const std::string& word : words) dictionary.push_back(word.c_str());
  dictionary.push_back(nullptr);
  // The view is all of the Secret's string, so a NUL ends it. zxcvbn keeps no state between calls.
  const double bits = ZxcvbnMatch(judged.reveal().data(), dictionary.data(), nullptr);
  return int(std::count_if(kSteps.begin(), kSteps.end(), [&](double step) { return bits >= step; }));
}

}  // namespace gatehouse::crypto
