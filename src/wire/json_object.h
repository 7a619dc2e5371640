#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace gatehouse::wire {

/// A JSON object whose members nobody here knows: a leaf of a described struct. `text` is JSON without white space,
/// names sorted by their bytes, numbers as they were spelled; read and parse_json_object() make it so.
struct JsonObject {
  std::string text = "{}";
  bool operator==(const JsonObject&) const = default;
};

/// How much of an object there is.
struct JsonExtent {
  std::size_t members = 0;  // of the object itself
  std::size_t depth = 0;    // 1 for an object of plain values
};
JsonExtent extent_of(const JsonObject& object);

/// Of text that is a JSON object from elsewhere. Refuses: kMalformedRequest, kInvalidRequest (names that occur twice,
/// numbers that no double holds).
base::Result<JsonObject> read_json_object(std::string_view text);

/// The target after a merge patch (RFC 7396): null removes, an object is merged, all else takes the place.
JsonObject merge_patch(const JsonObject& target, const JsonObject& patch);

}  // namespace gatehouse::wire
