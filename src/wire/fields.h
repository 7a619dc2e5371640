#pragma once

#include "base/clock.h"
#include "base/email.h"
#include "base/ids.h"
#include "base/secret.h"
#include "wire/json_object.h"
#include "wire/rules.h"

#include <concepts>
#include <tuple>
#include <type_traits>

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
