#pragma once

#include "wire/fields.h"

#include <array>

namespace gatehouse::wire {

struct FieldShape;

/// The description of a type as a value, for code that is no template: the schema, and rows that remember what they
/// take and give. Lives as long as the program.
struct Shape {
  enum class Kind { text, secret, email, id, boolean, integer, time, parsed_time, json, list, map, object };

  Kind kind;
  /// Of an id: "org", "an organization".
  std::string_view id_prefix = {};
  std::string_view id_noun = {};
  /// Of the values in a list or a map.
  const Shape* element = nullptr;
  /// Of an object: empty when it has no name.
  std::string_view schema_name = {};
  std::span<const FieldShape> fields = {};
};

struct FieldShape {
  Rules rules;
  bool optional;
  const Shape* shape;
  /// A Clearable of a merge patch.
  bool clearable = false;
};

namespace detail {

template <class T>
struct ShapeOf;

template <class T>
inline constexpr Shape kShape = ShapeOf<T>::make();

template <Shape::Kind kind>
struct LeafShape {
  static constexpr Shape make() { return Shape{.kind = kind}; }
};

template <>
struct ShapeOf<std::string> : LeafShape<Shape::Kind::text> {};
template <>
struct ShapeOf<base::Secret> : LeafShape<Shape::Kind::secret> {};
template <>
struct ShapeOf<base::EmailAddress> : LeafShape<Shape::Kind::email> {};
template <>
struct ShapeOf<bool> : LeafShape<Shape::Kind::boolean> {};
template <>
struct ShapeOf<std::int64_t> : LeafShape<Shape::Kind::integer> {};
template <>
struct ShapeOf<base::Time> : LeafShape<Shape::Kind::time> {};
template <>
struct ShapeOf<base::ParsedTime> : LeafShape<Shape::Kind::parsed_time> {};
template <>
struct ShapeOf<JsonObject> : LeafShape<Shape::Kind::json> {};

template <class Kind>
struct ShapeOf<base::Id<Kind>> {
  static constexpr Shape make() {
    return {.kind = Shape::Kind::id, .id_prefix = Kind::kPrefix, .id_noun = Kind::kNoun};
  }
};

template <class T>
struct ShapeOf<std::vector<T>> {
  static constexpr Shape make() { return {.kind = Shape::Kind::list, .element = &kShape<T>}; }
};

template <class T>
struct ShapeOf<std::map<std::string, T>> {
  static constexpr Shape make() { return {.kind = Shape::Kind::map, .element = &kShape<T>}; }
};

template <class Struct, class Member>
constexpr FieldShape field_shape(const Field<Struct, Member>& field) {
  if constexpr (kIsOptional<Member>) {
    return {field.rules, true, &kShape<typename Present<Member>::type>, kIsClearable<Member>};
  } else {
    return {field.rules, false, &kShape<Member>};
  }
}

template <class T>
constexpr auto make_field_shapes() {
  return std::apply(
      [](const auto&... each) {
        const std::array<FieldShape, sizeof...(each)> out{field_shape(each)...};
        for (std::size_t i = 0; i < out.size(); ++i) {
          for (std::size_t j = 0; j < i; ++j) {
            if (out[i].rules.name == out[j].rules.name) throw std::logic_error("two fields have one name");
          }
        }
        return out;
      },
      T::fields());
}

template <class T>
inline constexpr auto kFieldShapes = make_field_shapes<T>();

template <Described T>
struct ShapeOf<T> {
  static constexpr Shape make() {
    Shape out{.kind = Shape::Kind::object, .fields = kFieldShapes<T>};
    if constexpr (requires { T::kSchemaName; }) out.schema_name = T::kSchemaName;
    return out;
  }
};

}  // namespace detail

template <class T>
constexpr const Shape& shape_of() {
  return detail::kShape<T>;
}

}  // namespace gatehouse::wire
