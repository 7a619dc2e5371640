#include "wire/json.h"

#include "base/text.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <cmath>

namespace gatehouse::wire::detail {

namespace {

namespace json = boost::json;
constexpr std::size_t kMostDepth = 32;

/// Turns the events of Boost's parser into nodes. A DOM of its own would hide what came twice.
class Handler {
 public:
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);

  Handler(std::string& arena, std::vector<Node>& nodes, Problems& problems)
      : arena_(arena), nodes_(nodes), problems_(problems), text_begin_(arena.size()) {}

  bool has_nul() const { return has_nul_; }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) { return open(Node::Kind::object); }
  bool on_array_begin(json::error_code&) { return open(Node::Kind::array); }

  bool on_object_end(std::size_t, json::error_code&) {
    if (open_.size() > 1) report_duplicates(open_.back().node);
    return close();
  }

  bool on_array_end(std::size_t, json::error_code&) { return close(); }

  bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return append(part); }

  bool on_key(json::string_view part, std::size_t, json::error_code& error) {
    append(part);
    return take_text(name_, error);
  }

  bool on_string_part(json::string_view part, std::size_t, json::error_code&) { return append(part); }

  bool on_string(json::string_view part, std::size_t, json::error_code& error) {
    append(part);
    return take_text(add(Node::Kind::string).text, error);
  }

  bool on_number_part(json::string_view, json::error_code&) { return true; }

  bool on_int64(std::int64_t value, json::string_view, json::error_code&) {
    add(Node::Kind::integer).integer = value;
    return true;
  }

  bool on_uint64(std::uint64_t, json::string_view text, json::error_code&) { return add_other_number(text); }

  bool on_double(double value, json::string_view text, json::error_code&) {
    return add_other_number(std::isfinite(value) ? text : json::string_view());
  }

  bool on_bool(bool value, json::error_code&) {
    add(Node::Kind::boolean).boolean = value;
    return true;
  }

  bool on_null(json::error_code&) {
    add(Node::Kind::null);
    return true;
  }

  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  struct Open {
    std::size_t node;
    std::size_t children;
  };

  Node& add(Node::Kind kind) {
    if (!open_.empty()) ++open_.back().children;
    Node& node = nodes_.emplace_back();
    node.kind = kind;
    node.name = name_;
    node.end = std::uint32_t(nodes_.size());
    name_ = {};
    return node;
  }

  bool add_other_number(json::string_view text) {
    add(Node::Kind::other_number).text = {text.data(), text.size()};
    return true;
  }

  bool open(Node::Kind kind) {
    add(kind);
    open_.push_back({nodes_.size() - 1, 0});
    return true;
  }

  bool close() {
    nodes_[open_.back().node].end = std::uint32_t(nodes_.size());
    open_.pop_back();
    return true;
  }

  bool append(json::string_view part) {
    arena_.append(part.data(), part.size());
    return true;
  }

  bool take_text(std::string_view& out, json::error_code& error) {
    out = std::string_view(arena_).substr(text_begin_);
    text_begin_ = arena_.size();
    has_nul_ = out.find('\0') != std::string_view::npos;
    if (has_nul_) error = json::error::syntax;
    return !has_nul_;
  }

  /// Sorted, not hashed: nobody can choose names that make it slow.
  void report_duplicates(std::size_t object) {
    by_name_.clear();
    for (std::size_t i = object + 1; i < nodes_.size(); i = nodes_[i].end) by_name_.push_back(i);
    const auto name_less = [&](std::size_t a, std::size_t b) {
      const int order = nodes_[a].name.compare(nodes_[b].name);
      return order != 0 ? order < 0 : a < b;
    };
    std::sort(by_name_.begin(), by_name_.end(), name_less);
    for (std::size_t i = 1; i < by_name_.size(); ++i) {
      const Node& before = nodes_[by_name_[i - 1]];
      Node& node = nodes_[by_name_[i]];
      if (node.name != before.name) continue;
      node.ignored = true;
      if (!before.ignored) problems_.add(pointer_to(node.name), "occurs more than once");
    }
  }

  std::string pointer_to(std::string_view member) const {
    std::string out;
    for (std::size_t i = 1; i < open_.size(); ++i) {
      if (nodes_[open_[i - 1].node].kind == Node::Kind::array) {
        append_pointer_token(out, std::to_string(open_[i - 1].children - 1));
      } else {
        append_pointer_token(out, nodes_[open_[i].node].name);
      }
    }
    append_pointer_token(out, member);
    return out;
  }

  std::string& arena_;
  std::vector<Node>& nodes_;
  Problems& problems_;
  std::size_t text_begin_;
  std::string_view name_;
  std::vector<Open> open_;
  std::vector<std::size_t> by_name_;
  bool has_nul_ = false;
};

std::string explain(const json::error_code& error, std::string_view body) {
  if (!base::is_valid_utf8(body)) return "The body is not valid UTF-8.";
  if (error == json::error::incomplete) return "The body is not valid JSON: it ends too early.";
  if (error == json::error::extra_data) return "The body is not valid JSON: something follows the object.";
  if (error == json::error::too_deep)
    return "The body is nested too deeply; " + std::to_string(kMostDepth) + " levels are the most.";
  return "The body is not valid JSON.";
}

}  // namespace

base::Result<void> parse_json_object(std::string_view body, std::string& arena, std::vector<Node>& nodes,
                                     Problems& problems) {
  if (body.empty()) return base::refuse(base::kMalformedRequest, "The body is empty; a JSON object is expected.");
  json::parse_options options;
  options.max_depth = kMostDepth;
  json::basic_parser<Handler> parser(options, arena, nodes, problems);
  json::error_code error;
  const std::size_t used = parser.write_some(false, body.data(), body.size(), error);
  if (parser.handler().has_nul())
    return base::refuse(base::kMalformedRequest, "Text must not contain the character NUL.");
  if (!error && used < body.size()) error = json::error::extra_data;
  if (error) return base::refuse(base::kMalformedRequest, explain(error, body));
  if (nodes.front().kind != Node::Kind::object) {
    return base::refuse(base::kMalformedRequest, "The body must be a JSON object.");
  }
  return {};
}

}  // namespace gatehouse::wire::detail
