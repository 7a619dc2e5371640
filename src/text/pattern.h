#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace gatehouse::text {

/// Calls `on_words(text)` and `on_place(name)` for what a pattern is made of, in order: words, and places `{{name}}`.
/// Throws std::logic_error for a place that does not end.
template <class OnWords, class OnPlace>
void for_each_piece(std::string_view pattern, OnWords on_words, OnPlace on_place) {
  for (;;) {
    const auto open = pattern.find("{{");
    if (open != 0 && !pattern.empty()) on_words(pattern.substr(0, open));
    if (open == std::string_view::npos) return;
    const auto close = pattern.find("}}", open);
    if (close == std::string_view::npos) throw std::logic_error("a pattern has an open {{");
    on_place(pattern.substr(open + 2, close - open - 2));
    pattern.remove_prefix(close + 2);
  }
}

/// The pattern with each place replaced by what `value(name)` gives, in one pass: a value that looks like a place stays
/// as it is.
template <class Value>
std::string fill(std::string_view pattern, Value value) {
  std::string out;
  for_each_piece(
      pattern, [&](std::string_view words) { out += words; }, [&](std::string_view name) { out += value(name); });
  return out;
}

}  // namespace gatehouse::text
