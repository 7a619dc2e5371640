#pragma once

#include "wire/shape.h"

#include <boost/json/value.hpp>

namespace gatehouse::wire {

// Rows keep a `const Shape*` (shape.h, cheap to include); only the one who makes the document includes this header.

/// What is read refuses unknown members, and its secrets are write-only; what is written may grow. Null stands for an
/// absent optional, but in a merge patch, where it clears what can be cleared and is refused elsewhere.
enum class Side { input, merge_patch, output };

/// JSON Schema 2020-12, as OpenAPI 3.1 uses it. Structs with a name are collected into `components` and referenced as
/// "#/components/schemas/NAME". Throws std::logic_error when two different schemas want one name: a struct that is both
/// read and written must not have one.
boost::json::value schema(const Shape& shape, boost::json::object& components, Side side);

/// The schema of one field, as a parameter of a path or a query has it: never null, since an absent one is not sent.
boost::json::value field_schema(const FieldShape& field, boost::json::object& components, Side side);

/// The value for which a text of Field::example() stands: 42 for "42" of an integer.
boost::json::value example_value(const Shape& leaf, std::string_view text);

/// schema() of a type.
template <class T>
boost::json::value schema(boost::json::object& components, Side side = Side::output) {
  return schema(shape_of<T>(), components, side);
}

}  // namespace gatehouse::wire
