#pragma once

#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What was read before anybody knows what it is for: values, where they stand, and what is wrong with them. For
/// reader.h only.
namespace gatehouse::wire::detail {

enum class Origin : std::uint8_t { body, query, path };

/// One value of the request, in a vector in the order of the text: a node's children follow it, up to its `end`.
struct Node {
  /// `text` comes from a form, a query or a path and may mean any leaf; `string` is a JSON string. `other_number` has
  /// its spelling in `text`, or nothing when no double holds it.
  enum class Kind : std::uint8_t { null, boolean, integer, other_number, string, text, array, object };
  Kind kind = Kind::null;
  Origin origin = Origin::body;
  bool boolean = false;
  /// A second value of the same name: already reported.
  bool ignored = false;
  std::uint32_t end = 0;
  std::int64_t integer = 0;
  std::string_view name;
  std::string_view text;
};

/// Which field we are at, for messages. Lives on the stack of the reader.
struct Place {
  const Place* parent = nullptr;
  Origin origin = Origin::body;
  std::string_view name;
  std::optional<std::size_t> index;

  std::string pointer() const;
};

/// JSON pointer token: "~" and "/" escaped (RFC 6901 section 3).
void append_pointer_token(std::string& pointer, std::string_view token);

/// What is wrong with the fields. Stops to collect when there is enough to make the answer useless as an amplifier.
class Problems {
 public:
  void add(std::string pointer, std::string detail);
  bool empty() const { return list_.empty(); }
  base::Refusal take();

 private:
  std::vector<base::FieldProblem> list_;
  std::size_t bytes_ = 0;
  bool has_more_ = false;
};

}  // namespace gatehouse::wire::detail
