#include "http/router.h"

#include "base/text.h"

#include <map>
#include <set>
#include <stdexcept>

namespace gatehouse::http {

namespace {

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

/// "/" has no segments; "/a/" has two, the last one empty.
std::vector<std::string_view> segments_of(std::string_view path) {
  if (path == "/") return {};
  return base::split(path.substr(1), '/');
}

std::string join(const std::set<std::string_view>& words) {
  std::string text;
  for (const std::string_view word : words) {
    if (!text.empty()) text += ", ";
    text += word;
  }
  return text;
}

void check(const Route& route) {
  const auto fail = [&](const char* why) {
    throw std::logic_error("route " + std::string(to_string(route.method)) + " " + route.path + ": " + why);
  };
  if (!route.handle) fail("has no handler");
  if (!route.path.starts_with('/')) fail("does not start with a slash");
  if (route.method == Method::head || route.method == Method::options || route.method == Method::other) {
    fail("names a method that the server answers itself");
  }
  const auto segments = segments_of(route.path);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (segments[i].empty() && i + 1 < segments.size()) fail("has an empty inner segment");
    if (!is_parameter(segments[i]) && segments[i].find_first_of("{}") != std::string_view::npos) {
      fail("has a brace that is no {parameter}");
    }
  }
}

void add_allowed(std::set<std::string_view>& allowed, Method method) {
  allowed.insert(to_string(method));
  allowed.insert("OPTIONS");
  if (method == Method::get) allowed.insert("HEAD");
}

}  // namespace

struct Router::Node {
  struct Rows {
    const Route* json = nullptr;
    const Route* page = nullptr;
  };
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> parameter;
  std::map<Method, Rows> rows;
  std::string allow;
};

Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;
Router::~Router() = default;

Router::Router(std::vector<Route> routes)
    : routes_(std::make_unique<const std::vector<Route>>(std::move(routes))), root_(std::make_unique<Node>()) {
  std::set<std::string_view> all{"OPTIONS"};
  for (const Route& route : *routes_) {
    check(route);
    insert(route);
    add_allowed(all, route.method);
  }
  allow_all_ = join(all);
}

void Router::insert(const Route& route) {
  Node* node = root_.get();
  for (const std::string_view segment : segments_of(route.path)) {
    auto& next = is_parameter(segment) ? node->parameter : node->literals[std::string(segment)];
    if (!next) next = std::make_unique<Node>();
    node = next.get();
  }
  Node::Rows& rows = node->rows[route.method];
  const Route*& place = route.produces == Produces::page ? rows.page : rows.json;
  if (place != nullptr) {
    throw std::logic_error("two rows for " + std::string(to_string(route.method)) + " " + place->path + " and " +
                           route.path);
  }
  place = &route;

  std::set<std::string_view> allowed;
  for (const auto& [method, unused] : node->rows) add_allowed(allowed, method);
  node->allow = join(allowed);
}

const Router::Node* Router::find(const Node& node, const std::vector<std::string>& path, std::size_t depth,
                                 std::vector<std::string_view>& values) const {
  if (depth == path.size()) return node.rows.empty() ? nullptr : &node;
  const std::string& segment = path[depth];
  if (const auto literal = node.literals.find(segment); literal != node.literals.end()) {
    if (const Node* found = find(*literal->second, path, depth + 1, values)) return found;
  }
  if (!node.parameter || segment.empty()) return nullptr;
  values.push_back(segment);
  const Node* found = find(*node.parameter, path, depth + 1, values);
  if (found == nullptr) values.pop_back();
  return found;
}

Resolution Router::resolve(Method method, const std::vector<std::string>& path, bool wants_page) const {
  Resolution resolution;
  std::vector<std::string_view> values;
  const Node* node = find(*root_, path, 0, values);
  if (node == nullptr) return resolution;
  resolution.is_path_known = true;
  resolution.allow = node->allow;
  const auto rows = node->rows.find(method == Method::head ? Method::get : method);
  if (rows == node->rows.end()) return resolution;

  const auto [json, page] = rows->second;
  resolution.varies_by_accept = json != nullptr && page != nullptr;
  resolution.route = resolution.varies_by_accept ? (wants_page ? page : json) : (json != nullptr ? json : page);
  std::size_t next = 0;
  for (const std::string_view segment : segments_of(resolution.route->path)) {
    if (!is_parameter(segment)) continue;
    resolution.path_parameters.emplace_back(segment.substr(1, segment.size() - 2), values[next++]);
  }
  return resolution;
}

}  // namespace gatehouse::http
