#pragma once

#include "base/result.h"
#include "wire/node.h"
#include "wire/shape.h"
#include "wire/source.h"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::wire {

/// The part of reading that is no template. For read.h only.
namespace detail {

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
