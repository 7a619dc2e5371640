#pragma once

#include "pages/html.h"

#include <boost/json/object.hpp>
#include <string_view>

/// Schemas of our OpenAPI document as HTML.
namespace gatehouse::pages {

/// Text in which words in backquotes are code; codes of errors are links.
Html prose(std::string_view text);

/// "string, 8 to 256 characters", "list of Role": the type with what limits it. Schemas with a name are links.
Html type_of(const boost::json::object& schema);

/// Where a schema with a name is explained.
std::string schema_anchor(std::string_view name);

/// A table of the members of an object, those of objects without a name included; a sentence for all other types.
Html fields_of(const boost::json::object& schema);

}  // namespace gatehouse::pages
