#pragma once

#include "base/result.h"
#include "wire/reader.h"

namespace gatehouse::wire {

/// Reads and checks one request. All of it is looked at, so that all problems are told at once.
///
/// kMalformedRequest: the body is no JSON object (RFC 8259; nesting up to 32) or no form, or some text is not UTF-8 or
/// holds NUL. kInvalidRequest: the fields are wrong; a FieldProblem for each (the first 100) whose pointer is "/name"
/// for the body (RFC 6901), "?name" for the query, "{name}" for a segment of the path. Messages never repeat a value.
///
/// An optional is empty when it is absent, null, or (forms, whose fields are sent empty) an empty text. Forms and
/// queries write integers in decimal, booleans as true or false. base::Time is RFC 3339 since 1970; base::ParsedTime is
/// that of any year, Unix seconds (a fraction may follow) or a day of UTC. Text is taken as it is: neither trimmed nor
/// normalised. Never throws for what a client sends; work is O(n log n) in the size of it.
template <Described T>
base::Result<T> read(const Source& source) {
  detail::Reader reader;
  TRY(reader.load(source));
  T out{};
  read_value(reader, reader.root_place(), reader.root(), Rules{}, out);
  TRY(reader.finish());
  return out;
}

}  // namespace gatehouse::wire
