#pragma once

#include "base/result.h"
#include "wire/shape.h"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::wire {

/// Where the values of a request come from. Everything viewed must outlive the call of read().
struct Source {
  enum class Body { none, json, form };
  Body body_kind = Body::none;
  std::string_view body;
  /// Decoded.
  std::span<const std::pair<std::string, std::string>> query;
  /// Decoded values of the {name} segments.
  std::span<const std::pair<std::string, std::string>> path;
  /// True for rows that read their fields from the query (GET, DELETE); otherwise every query parameter is unknown.
  bool fields_in_query = false;
  /// A merge patch (RFC 7396): null clears what can be cleared (wire::Clearable) and is refused elsewhere.
  bool is_merge_patch = false;
};

/// The part of reading that is no template. For read.h only.
namespace detail {

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

class Reader {
 public:
  Reader() = default;
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  base::Result<void> load(const Source& source);
  const Node& root() const { return nodes_.front(); }
  Place root_place() const { return Place{nullptr, missing_origin_, {}, {}}; }
  void problem(const Place& place, std::string detail) { problems_.add(place.pointer(), std::move(detail)); }
  base::Result<void> finish();

  /// Sorts an object's members to their fields, null for the absent. Reports unknown, missing, and what is no object.
  void match(const Place& place, const Node& object, std::span<const FieldShape> fields, std::span<const Node*> found);
  /// Children of an array. Reports when it is none.
  std::vector<const Node*> items(const Place& place, const Node& array);
  bool is_absent(const Node& node) const;
  /// A null in a merge patch.
  bool is_clearing(const Node& node) const { return is_merge_patch_ && node.kind == Node::Kind::null; }

 private:
  void mark_root_duplicates();

  /// Decoded text of the body, which may hold passwords: never grows beyond its reserve, wiped at the end.
  std::string arena_;
  std::vector<Node> nodes_;
  Problems problems_;
  Origin missing_origin_ = Origin::body;
  bool fields_in_query_ = false;
  bool is_merge_patch_ = false;
};

void read_value(Reader& reader, const Place& place, const Node& node, const Rules& rules, std::string& out);
void read_value(Reader& reader, const Place& place, const Node& node, const Rules& rules, base::Secret& out);
void read_value(Reader& reader, const Place& place, const Node& node, const Rules& rules, base::EmailAddress& out);
void read_value(Reader& reader, const Place& place, const Node& node, const Rules& rules, bool& out);
void read_value(Reader& reader, const Place& place, const Node& node, const Rules& rules, std::int64_t& out);
void read_value(Reader& reader, const Place& place, const Node& node, const Rules& rules, base::Time& out);
void read_value(Reader& reader, const Place& place, const Node& node, const Rules& rules, base::ParsedTime& out);
void read_value(Reader& reader, const Place& place, const Node& node, const Rules& rules, JsonObject& out);
/// The text of a string or of a parameter; nothing, and a problem that begins with `expected`, for all else.
std::optional<std::string_view> read_text(Reader& reader, const Place& place, const Node& node,
                                          std::string_view expected);
void wrong_id(Reader& reader, const Place& place, std::string_view prefix, std::string_view noun);

template <class Kind>
void read_value(Reader& reader, const Place& place, const Node& node, const Rules&, base::Id<Kind>& out) {
  const auto text = read_text(reader, place, node, "expected a string");
  if (!text) return;
  if (const auto id = base::Id<Kind>::parse(*text)) {
    out = *id;
  } else {
    wrong_id(reader, place, Kind::kPrefix, Kind::kNoun);
  }
}

template <class T>
void read_value(Reader& reader, const Place& place, const Node& node, const Rules& rules, std::optional<T>& out);
template <class T>
void read_value(Reader& reader, const Place& place, const Node& node, const Rules& rules, Clearable<T>& out);
template <class T>
void read_value(Reader& reader, const Place& place, const Node& node, const Rules& rules, std::vector<T>& out);
template <Described T>
void read_value(Reader& reader, const Place& place, const Node& node, const Rules& rules, T& out);

template <class T>
void read_value(Reader& reader, const Place& place, const Node& node, const Rules& rules, std::optional<T>& out) {
  if (reader.is_clearing(node)) return reader.problem(place, "can't be cleared");
  if (!reader.is_absent(node)) read_value(reader, place, node, rules, out.emplace());
}

template <class T>
void read_value(Reader& reader, const Place& place, const Node& node, const Rules& rules, Clearable<T>& out) {
  out.emplace();
  if (!reader.is_clearing(node)) read_value(reader, place, node, rules, out->emplace());
}

template <class T>
void read_value(Reader& reader, const Place& place, const Node& node, const Rules& rules, std::vector<T>& out) {
  const auto items = reader.items(place, node);
  out.resize(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    read_value(reader, Place{&place, node.origin, {}, i}, *items[i], rules, out[i]);
  }
}

template <Described T>
void read_value(Reader& reader, const Place& place, const Node& node, const Rules&, T& out) {
  static constexpr auto kFields = T::fields();
  std::array<const Node*, std::tuple_size_v<decltype(kFields)>> found{};
  reader.match(place, node, shape_of<T>().fields, found);
  std::size_t i = 0;
  const auto read_field = [&](const auto& field) {
    if (const Node* value = found[i++]) {
      read_value(reader, Place{&place, value->origin, field.rules.name, {}}, *value, field.rules, out.*field.member);
    }
  };
  std::apply([&](const auto&... each) { (read_field(each), ...); }, kFields);
}

}  // namespace detail
}  // namespace gatehouse::wire
