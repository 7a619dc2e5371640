#pragma once

#include "wire/schema.h"

#include <boost/json/value.hpp>

namespace gatehouse::api {

/// A value that the schema of the shape allows: of Field::example() where there is one, else made up by type. Requests
/// (Side::input) have what is required and what has an example; answers have everything. Nothing in it looks like a
/// secret of ours, so that no scanner takes the document for a leak.
boost::json::value example_of(const wire::Shape& shape, wire::Side side);
boost::json::value example_of(const wire::FieldShape& field, wire::Side side);

}  // namespace gatehouse::api
