#pragma once

#include "base/clock.h"
#include "base/email.h"
#include "base/ids.h"
#include "base/secret.h"
#include "wire/json_object.h"

#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

/// One description inside a struct makes its reader (read.h), its writer (write.h) and its schema (schema.h):
///
///   struct SignUpInput {
///     base::EmailAddress email;
///     std::optional<std::string> role_name;
///     static constexpr std::string_view kSchemaName = "SignUpInput";  // without it the schema is written in place
///     static constexpr auto fields() {
///       return wire::fields(wire::field("email", &SignUpInput::email).says("Will own the organization."),
///                           wire::field("role_name", &SignUpInput::role_name).length(1, 40));
///     }
///   };
///
/// A described struct is an aggregate, and each member is default constructible: std::string, base::Secret,
/// base::EmailAddress, base::Id<Kind>, bool, std::int64_t, base::Time, base::ParsedTime (read only), JsonObject,
/// std::optional, std::vector, std::map<std::string, T> (written only) or another described struct, but not itself.
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

template <class Struct, class Member>
struct Field {
  Member Struct::*member;
  Rules rules;

  constexpr Field says(std::string_view description) const {
    Field copy = *this;
    copy.rules.description = description;
    return copy;
  }

  /// A value for the documentation, as text ("42" for an integer).
  constexpr Field example(std::string_view text) const {
    Field copy = *this;
    copy.rules.example = text;
    return copy;
  }

  /// In Unicode code points, both ends included.
  constexpr Field length(std::size_t least, std::size_t most) const
    requires std::same_as<detail::LeafOf<Member>, std::string> || std::same_as<detail::LeafOf<Member>, base::Secret>
  {
    if (least > most) throw std::logic_error("length(least, most)");
    Field copy = *this;
    copy.rules.has_length = true;
    copy.rules.least_length = least;
    copy.rules.most_length = most;
    return copy;
  }

  /// Both ends included.
  constexpr Field range(std::int64_t least, std::int64_t most) const
    requires std::same_as<detail::LeafOf<Member>, std::int64_t>
  {
    if (least > most) throw std::logic_error("range(least, most)");
    Field copy = *this;
    copy.rules.has_range = true;
    copy.rules.least = least;
    copy.rules.most = most;
    return copy;
  }

  /// `choices` must live as long as the program: name a static constexpr array.
  constexpr Field one_of(std::span<const std::string_view> choices) const
    requires std::same_as<detail::LeafOf<Member>, std::string>
  {
    Field copy = *this;
    copy.rules.choices = choices;
    return copy;
  }
};

template <class Struct, class Member>
constexpr Field<Struct, Member> field(std::string_view name, Member Struct::*member) {
  Field<Struct, Member> out{member, {}};
  out.rules.name = detail::checked_name(name);
  return out;
}

template <class... Fields>
constexpr std::tuple<Fields...> fields(Fields... each) {
  return {each...};
}

template <class T>
concept Described = std::is_class_v<T> && requires { T::fields(); };

}  // namespace gatehouse::wire
