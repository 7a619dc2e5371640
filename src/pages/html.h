#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace gatehouse::pages {

class Html;

namespace detail {

struct Slot;
Html fill(std::string_view pattern, std::initializer_list<Slot> slots);

}  // namespace detail

/// Markup that may be sent. It comes only from html(): from literals in the program, and from values that html() has
/// escaped.
class Html {
 public:
  Html() = default;

  std::string_view text() const { return text_; }
  Html& operator+=(const Html& more) {
    text_ += more.text_;
    return *this;
  }

 private:
  friend Html detail::fill(std::string_view pattern, std::initializer_list<detail::Slot> slots);
  std::string text_;
};

namespace detail {

/// What stands in the place of a {}. A Secret does not convert to it.
struct Slot {
  Slot(const Html& markup) : text(markup.text()), is_markup(true) {}
  Slot(std::string_view value) : text(value), is_markup(false) {}

  std::string_view text;
  bool is_markup;
};

/// Stops the compiler (by a throw that it can't evaluate) unless each value has its {}, and no value but markup stands
/// in a tag outside of double quotes, where escaping would not hold it.
consteval void check_pattern(std::string_view pattern, std::span<const bool> is_markup) {
  std::size_t places = 0;
  bool is_in_tag = false;
  bool is_quoted = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char letter = pattern[i];
    if (letter == '<' && !is_quoted) is_in_tag = true;
    if (letter == '>' && !is_quoted) is_in_tag = false;
    if (letter == '"' && is_in_tag) is_quoted = !is_quoted;
    if (letter == '}') throw std::logic_error("a brace without its partner");
    if (letter != '{') continue;
    if (i + 1 == pattern.size() || pattern[i + 1] != '}') throw std::logic_error("write {}");
    if (places == is_markup.size()) throw std::logic_error("more {} than values");
    if (is_in_tag && !is_quoted && !is_markup[places]) throw std::logic_error("quote the value of an attribute");
    ++places;
    ++i;
  }
  if (places != is_markup.size()) throw std::logic_error("more values than {}");
}

template <class... Values>
struct Pattern {
  /// Literals only.
  consteval Pattern(const char* literal) : text(literal) {
    const bool is_markup[] = {std::same_as<Values, Html>..., false};
    check_pattern(text, {is_markup, sizeof...(Values)});
  }
  std::string_view text;
};

}  // namespace detail

/// A literal in which each {} is replaced by a value: markup as it is, text escaped for an element or a double-quoted
/// attribute. A URL in an attribute must have been checked for its scheme by the caller.
template <class... Values>
Html html(detail::Pattern<std::type_identity_t<Values>...> pattern, const Values&... values) {
  return detail::fill(pattern.text, {detail::Slot(values)...});
}

}  // namespace gatehouse::pages
