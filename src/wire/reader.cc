#include "wire/reader.h"

#include "base/text.h"
#include "wire/json.h"

#include <algorithm>
#include <string.h>

namespace gatehouse::wire::detail {

namespace {

constexpr std::size_t kMostProblems = 100;
constexpr std::size_t kMostProblemBytes = 32 * 1024;

base::Result<void> check_text(std::string_view text, std::string_view where) {
  if (!base::is_valid_utf8(text)) {
    return base::refuse(base::kMalformedRequest, std::string(where) + " is not valid UTF-8.");
  }
  if (text.find('\0') != std::string_view::npos) {
    return base::refuse(base::kMalformedRequest, "Text must not contain the character NUL.");
  }
  return {};
}

base::Result<void> check_parameters(std::span<const std::pair<std::string, std::string>> parameters,
                                    std::string_view where) {
  for (const auto& [name, value] : parameters) {
    TRY(check_text(name, where));
    TRY(check_text(value, where));
  }
  return {};
}

base::Result<std::string_view> decode_form_text(std::string_view raw, std::string& arena) {
  auto text = base::unescape_url(raw, true);
  if (!text) return base::refuse(base::kMalformedRequest, "The form has a broken percent-escape.");
  const base::Secret decoded(std::move(*text));
  TRY(check_text(decoded.reveal(), "The form"));
  const std::size_t begin = arena.size();
  arena += decoded.reveal();
  return std::string_view(arena).substr(begin);
}

void add_text(std::vector<Node>& nodes, Origin origin, std::string_view name, std::string_view value) {
  Node& node = nodes.emplace_back();
  node.kind = Node::Kind::text;
  node.origin = origin;
  node.name = name;
  node.text = value;
  node.end = std::uint32_t(nodes.size());
}

base::Result<void> parse_form(std::string_view body, std::string& arena, std::vector<Node>& nodes) {
  std::size_t begin = 0;
  while (begin < body.size()) {
    const std::size_t end = std::min(body.find('&', begin), body.size());
    const std::string_view pair = body.substr(begin, end - begin);
    begin = end + 1;
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto name = TRY(decode_form_text(pair.substr(0, equals), arena));
    const auto value =
        TRY(decode_form_text(equals < pair.size() ? pair.substr(equals + 1) : std::string_view(), arena));
    add_text(nodes, Origin::body, name, value);
  }
  return {};
}

/// Not those that the path holds already: in the body or the query they would be refused.
std::string list_allowed(std::span<const FieldShape> fields, std::span<const Node*> found) {
  std::string names;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (found[i] != nullptr && found[i]->origin == Origin::path) continue;
    if (!names.empty()) names += ", ";
    names += fields[i].rules.name;
  }
  return names.empty() ? "none is allowed" : "allowed are " + names;
}

std::string_view given_in(Origin origin) {
  switch (origin) {
    case Origin::body: return "in the body";
    case Origin::query: return "in the query";
    case Origin::path: return "in the path";
  }
  return {};
}

}  // namespace

void append_pointer_token(std::string& pointer, std::string_view token) {
  pointer += '/';
  for (const char letter : token) {
    if (letter == '~') {
      pointer += "~0";
    } else if (letter == '/') {
      pointer += "~1";
    } else {
      pointer += letter;
    }
  }
}

std::string Place::pointer() const {
  if (parent == nullptr) return {};
  if (origin == Origin::query) return "?" + std::string(name);
  if (origin == Origin::path) return "{" + std::string(name) + "}";
  std::string out = parent->pointer();
  append_pointer_token(out, index ? std::to_string(*index) : std::string(name));
  return out;
}

void Problems::add(std::string pointer, std::string detail) {
  if (list_.size() >= kMostProblems || bytes_ >= kMostProblemBytes) {
    has_more_ = true;
    return;
  }
  bytes_ += pointer.size() + detail.size();
  list_.push_back({std::move(pointer), std::move(detail)});
}

base::Refusal Problems::take() {
  std::string detail(base::kInvalidRequest.title);
  if (has_more_) detail += " There are more problems than are listed.";
  return {&base::kInvalidRequest, std::move(detail), std::move(list_), std::nullopt};
}

Reader::~Reader() { explicit_bzero(arena_.data(), arena_.size()); }

base::Result<void> Reader::load(const Source& source) {
  fields_in_query_ = source.fields_in_query;
  is_merge_patch_ = source.is_merge_patch;
  if (source.fields_in_query && source.body_kind == Source::Body::none) missing_origin_ = Origin::query;
  TRY(check_parameters(source.query, "The query"));
  TRY(check_parameters(source.path, "The path"));
  arena_.reserve(source.body.size());
  nodes_.reserve(32);
  if (source.body_kind == Source::Body::json) {
    TRY(parse_json_object(source.body, arena_, nodes_, problems_));
  } else {
    nodes_.emplace_back().kind = Node::Kind::object;
    if (source.body_kind == Source::Body::form) TRY(parse_form(source.body, arena_, nodes_));
  }
  for (const auto& [name, value] : source.query) add_text(nodes_, Origin::query, name, value);
  for (const auto& [name, value] : source.path) add_text(nodes_, Origin::path, name, value);
  nodes_.front().end = std::uint32_t(nodes_.size());
  mark_root_duplicates();
  return {};
}

base::Result<void> Reader::finish() {
  if (problems_.empty()) return {};
  return tl::unexpected(problems_.take());
}

/// Sorted, not hashed: nobody can choose names that make it slow.
void Reader::mark_root_duplicates() {
  std::vector<std::size_t> by_name;
  for (std::size_t i = 1; i < nodes_.size(); i = nodes_[i].end) {
    if (nodes_[i].origin != Origin::query || fields_in_query_) by_name.push_back(i);
  }
  std::sort(by_name.begin(), by_name.end(), [&](std::size_t a, std::size_t b) {
    const int order = nodes_[a].name.compare(nodes_[b].name);
    return order != 0 ? order < 0 : a < b;
  });
  const Place place = root_place();
  std::size_t times = 1;
  for (std::size_t i = 1; i < by_name.size(); ++i) {
    const Node& before = nodes_[by_name[i - 1]];
    Node& node = nodes_[by_name[i]];
    const bool same_name = node.name == before.name;
    times = same_name && node.origin == before.origin ? times + 1 : 1;
    if (!same_name) continue;
    node.ignored = true;
    const Place member{&place, node.origin, node.name, {}};
    if (times == 2) problem(member, "occurs more than once");
    if (times == 1) {
      problem(member,
              "is given " + std::string(given_in(before.origin)) + " as well as " + std::string(given_in(node.origin)));
    }
  }
}

bool Reader::is_absent(const Node& node) const {
  return node.kind == Node::Kind::null ||
         (node.kind == Node::Kind::text && node.origin == Origin::body && node.text.empty());
}

void Reader::match(const Place& place, const Node& object, std::span<const FieldShape> fields,
                   std::span<const Node*> found) {
  if (object.kind != Node::Kind::object) return problem(place, "expected an object");
  const std::size_t first = std::size_t(&object - nodes_.data()) + 1;
  std::vector<Place> unknown;
  for (std::size_t i = first; i < object.end; i = nodes_[i].end) {
    const Node& node = nodes_[i];
    if (node.ignored) continue;
    const Place member{&place, node.origin, node.name, {}};
    if (node.origin == Origin::query && !fields_in_query_) {
      problem(member, "unknown parameter; nothing is read from the query here");
      continue;
    }
    const auto field =
        std::find_if(fields.begin(), fields.end(), [&](const FieldShape& f) { return f.rules.name == node.name; });
    if (field != fields.end()) {
      found[std::size_t(field - fields.begin())] = &node;
      continue;
    }
    unknown.push_back(member);
  }
  if (!unknown.empty()) {
    const std::string allowed = list_allowed(fields, found);
    for (const Place& member : unknown) problem(member, "unknown field; " + allowed);
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (found[i] != nullptr || fields[i].optional) continue;
    const bool is_root = place.parent == nullptr;
    problem(Place{&place, is_root ? missing_origin_ : place.origin, fields[i].rules.name, {}}, "is required");
  }
}

std::vector<const Node*> Reader::items(const Place& place, const Node& array) {
  std::vector<const Node*> out;
  if (array.kind != Node::Kind::array) {
    problem(place, "expected an array");
    return out;
  }
  const std::size_t first = std::size_t(&array - nodes_.data()) + 1;
  for (std::size_t i = first; i < array.end; i = nodes_[i].end) out.push_back(&nodes_[i]);
  return out;
}

}  // namespace gatehouse::wire::detail
