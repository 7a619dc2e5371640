#pragma once

#include "wire/node.h"

namespace gatehouse::wire::detail {

/// Reads a JSON object into `nodes`, of which the first is the object. Decoded text goes into `arena`, which must have
/// room for body.size() bytes, since the nodes view it. Reports names that occur twice in an object, but for the
/// outermost one.
base::Result<void> parse_json_object(std::string_view body, std::string& arena, std::vector<Node>& nodes,
                                     Problems& problems);

}  // namespace gatehouse::wire::detail
