#pragma once

#include <boost/json/fwd.hpp>
#include <string>

namespace gatehouse::api {

/// JSON with two spaces for each level, in the order in which members were put in: for documents that people read and
/// diff.
std::string to_indented_text(const boost::json::value& value, int level = 0);

}  // namespace gatehouse::api
