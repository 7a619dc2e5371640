#pragma once

#include "api/openapi_components.h"
#include "api/row.h"

#include <boost/json/object.hpp>
#include <vector>

namespace gatehouse::api {

/// The Operation Object of a row, without its tags. All of it follows from the row and its shapes; `rows` are all rows.
boost::json::object describe_operation(const Row& row, const std::vector<Row>& rows, Components& components);

}  // namespace gatehouse::api
