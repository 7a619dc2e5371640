#include "wire/json_object.h"

#include "wire/json.h"
#include "wire/reader.h"
#include "wire/write.h"

#include <algorithm>
#include <stdexcept>

namespace gatehouse::wire {
namespace detail {

namespace {

/// A value among all nodes of its text. Nothing stands for a value that is not there.
struct Value {
  const Node* all = nullptr;
  std::size_t index = 0;

  const Node& node() const { return all[index]; }
  bool is(Node::Kind kind) const { return all != nullptr && node().kind == kind; }
};

std::vector<Value> children(Value value) {
  std::vector<Value> out;
  if (!value.is(Node::Kind::object) && !value.is(Node::Kind::array)) return out;
  for (std::size_t i = value.index + 1; i < value.node().end; i = value.all[i].end) out.push_back({value.all, i});
  return out;
}

std::vector<Value> sorted_members(Value value) {
  std::vector<Value> out;
  if (!value.is(Node::Kind::object)) return out;
  for (const Value& one : children(value)) {
    if (!one.node().ignored) out.push_back(one);
  }
  std::ranges::sort(out, {}, [](const Value& one) { return one.node().name; });
  return out;
}

void append_node(std::string& out, Value value);

/// A value that was written never ends with a bracket that opens.
void append_name(std::string& out, std::string_view name) {
  if (out.back() != '{') out += ',';
  append_text(out, name);
  out += ':';
}

void append_array(std::string& out, Value value) {
  out += '[';
  for (const Value& one : children(value)) {
    if (out.back() != '[') out += ',';
    append_node(out, one);
  }
  out += ']';
}

void append_node(std::string& out, Value value) {
  const Node& node = value.node();
  switch (node.kind) {
    case Node::Kind::null: out += "null"; return;
    case Node::Kind::boolean: out += node.boolean ? "true" : "false"; return;
    case Node::Kind::integer: append_integer(out, node.integer); return;
    case Node::Kind::other_number: out += node.text; return;
    case Node::Kind::string:
    case Node::Kind::text: append_text(out, node.text); return;
    case Node::Kind::array: append_array(out, value); return;
    case Node::Kind::object: break;
  }
  out += '{';
  for (const Value& one : sorted_members(value)) {
    append_name(out, one.node().name);
    append_node(out, one);
  }
  out += '}';
}

/// RFC 7396 section 2. `patch` is an object; `target` may be anything or nothing.
void append_merged(std::string& out, Value target, Value patch) {
  const auto before = sorted_members(target), changes = sorted_members(patch);
  out += '{';
  auto old = before.begin();
  const auto keep_until = [&](auto is_before) {
    for (; old != before.end() && is_before(old->node().name); ++old) {
      append_name(out, old->node().name);
      append_node(out, *old);
    }
  };
  for (const Value& change : changes) {
    const std::string_view name = change.node().name;
    keep_until([&](std::string_view other) { return other < name; });
    const bool was_there = old != before.end() && old->node().name == name;
    const Value replaced = was_there ? *old++ : Value{};
    if (change.is(Node::Kind::null)) continue;
    append_name(out, name);
    if (change.is(Node::Kind::object)) {
      append_merged(out, replaced, change);
    } else {
      append_node(out, change);
    }
  }
  keep_until([](std::string_view) { return true; });
  out += '}';
}

std::size_t depth_of(Value value) {
  std::size_t deepest = 0;
  for (const Value& one : children(value)) deepest = std::max(deepest, depth_of(one));
  const bool is_container = value.is(Node::Kind::object) || value.is(Node::Kind::array);
  return deepest + (is_container ? 1 : 0);
}

/// Nodes that own what they view.
struct Parsed {
  std::string arena;
  std::vector<Node> nodes;

  explicit Parsed(const JsonObject& object) {
    Problems problems;
    arena.reserve(object.text.size());
    if (!parse_json_object(object.text, arena, nodes, problems)) {
      throw std::logic_error("a JSON object holds something else");
    }
  }
  Value root() const { return {nodes.data(), 0}; }
};

}  // namespace

void read_value(Reader& reader, const Place& place, const Node& node, const Rules&, JsonObject& out) {
  if (node.kind != Node::Kind::object) return reader.problem(place, "expected a JSON object");
  const Node* const all = &reader.root();
  const auto index = std::size_t(&node - all);
  for (std::size_t i = index; i < node.end; ++i) {
    // A number that was read keeps its text.
    if (all[i].kind == Node::Kind::other_number && all[i].text.empty()) {
      return reader.problem(place, "holds a number that is out of range");
    }
  }
  out.text.clear();
  append_node(out.text, {all, index});
}

}  // namespace detail

JsonExtent extent_of(const JsonObject& object) {
  const detail::Parsed parsed(object);
  return {detail::children(parsed.root()).size(), detail::depth_of(parsed.root())};
}

base::Result<JsonObject> read_json_object(std::string_view text) {
  detail::Reader reader;
  TRY(reader.load({.body_kind = Source::Body::json, .body = text}));
  JsonObject out;
  detail::read_value(reader, reader.root_place(), reader.root(), Rules{}, out);
  TRY(reader.finish());
  return out;
}

JsonObject merge_patch(const JsonObject& target, const JsonObject& patch) {
  const detail::Parsed before(target), change(patch);
  JsonObject out;
  out.text.clear();
  detail::append_merged(out.text, before.root(), change.root());
  return out;
}

}  // namespace gatehouse::wire
