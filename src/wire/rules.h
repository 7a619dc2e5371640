#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// What is allowed and said of one field, and what its C++ type says. For fields.h.
namespace gatehouse::wire {

/// A field of a merge patch (RFC 7396): nothing when it is absent, an empty optional when it is null, which clears.
template <class T>
using Clearable = std::optional<std::optional<T>>;

/// What is allowed and said of one field, or of what is in an optional or a list. Lengths count Unicode code points.
struct Rules {
  std::string_view name;
  std::string_view description;
  std::string_view example;
  bool has_length = false;
  std::size_t least_length = 0;
  std::size_t most_length = std::numeric_limits<std::size_t>::max();
  bool has_range = false;
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  std::span<const std::string_view> choices;
};

namespace detail {

template <class T>
struct Leaf {
  using type = T;
};
template <class T>
struct Leaf<std::optional<T>> : Leaf<T> {};
template <class T>
struct Leaf<std::vector<T>> : Leaf<T> {};
template <class T>
struct Leaf<std::map<std::string, T>> : Leaf<T> {};

template <class T>
using LeafOf = typename Leaf<T>::type;

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <class T>
inline constexpr bool kIsClearable = false;
template <class T>
inline constexpr bool kIsClearable<Clearable<T>> = true;
template <class T>
struct Present {
  using type = T;
};
template <class T>
struct Present<std::optional<T>> : Present<T> {};

/// Names are written without escaping and without asking: a bad one stops the compiler.
constexpr std::string_view checked_name(std::string_view name) {
  if (name.empty()) throw std::logic_error("a field needs a name");
  for (const char letter : name) {
    const bool ok = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
    if (!ok) throw std::logic_error("field names are snake_case");
  }
  return name;
}

}  // namespace detail

}  // namespace gatehouse::wire
