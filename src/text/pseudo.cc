#include "text/pseudo.h"

#include "text/pattern.h"

#include <array>

namespace gatehouse::text {

namespace {

constexpr std::string_view kPlain = "AEIOUYCNSZaeiouycnsz";
constexpr std::array<std::string_view, 20> kAccented{"Å", "É", "Î", "Ö", "Û", "Ý", "Ç", "Ñ", "Š", "Ž",
                                                     "å", "é", "î", "ö", "û", "ý", "ç", "ñ", "š", "ž"};

/// The vowels twice: so a word grows, and stays one that breaks where it did.
bool is_doubled(char letter) { return std::string_view("aeiou").find(letter) != std::string_view::npos; }

std::string accented(std::string_view words) {
  std::string out;
  bool is_code = false;
  for (const char letter : words) {
    // A command is typed as it is.
    if (letter == '`') is_code = !is_code;
    const auto at = is_code ? std::string_view::npos : kPlain.find(letter);
    if (at == std::string_view::npos) {
      out += letter;
      continue;
    }
    out += kAccented[at];
    if (is_doubled(letter)) out += kAccented[at];
  }
  return out;
}

}  // namespace

Words pseudo_words(const Words& english) {
  Words pseudo;
  for (const auto& [key, pattern] : english) {
    std::string out;
    for_each_piece(
        pattern, [&](std::string_view words) { out += accented(words); },
        [&](std::string_view name) { out += "{{" + std::string(name) + "}}"; });
    pseudo.emplace(key, std::move(out));
  }
  pseudo["language.direction"] = "rtl";
  return pseudo;
}

}  // namespace gatehouse::text
