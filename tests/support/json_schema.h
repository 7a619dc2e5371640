#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

namespace gatehouse::tests {

/// Whether objects may have members that their schema does not list and does not exclude.
enum class Unlisted { allowed, refused };

/// What is wrong with `value` by `schema`, each with the pointer of the place; empty when nothing is. Knows the part of
/// JSON Schema 2020-12 that our documents use. `document` holds what "#/…" references lead to. Throws std::logic_error
/// for a keyword, format or pattern that it does not know: what is not checked must not look checked.
std::vector<std::string> schema_problems(const boost::json::value& document, const boost::json::value& schema,
                                         const boost::json::value& value, Unlisted unlisted);

/// What a "#/…" reference leads to.
const boost::json::value& resolve_reference(const boost::json::value& document, const boost::json::value& reference);

}  // namespace gatehouse::tests
