#pragma once

#include "api/row.h"

#include <string>
#include <vector>

namespace gatehouse::api {

/// The OpenAPI 3.1 document of the rows, indented, with a line end.
std::string openapi_document(const std::vector<Row>& rows);

}  // namespace gatehouse::api
