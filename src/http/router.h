#pragma once

#include "http/route.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse::http {

/// What the table says about a method and a path.
struct Resolution {
  /// The row that answers; null when there is none. Lives as long as the Router.
  const Route* route = nullptr;
  std::vector<std::pair<std::string, std::string>> path_parameters;
  /// True when some row has this path: without a route, that is 405 rather than 404.
  bool is_path_known = false;
  /// The value of an Allow field for the path, sorted: HEAD stands beside GET, OPTIONS is always there.
  std::string allow;
  /// A page and a JSON row share method and path, so the answer depends on Accept.
  bool varies_by_accept = false;
};

/// The route table as a tree of path segments. Literal segments win over {parameters}; comparison is exact, and a
/// trailing slash is another path. A {parameter} takes one segment that is not empty. Immutable and thread safe.
class Router {
 public:
  /// Throws std::logic_error when two rows answer the same method, path and produced type, or when a row is not well
  /// formed (no handler, path without a leading slash, HEAD or OPTIONS, which the server answers itself).
  explicit Router(std::vector<Route> routes);
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;
  ~Router();

  /// HEAD resolves to GET's row; OPTIONS never to a row. `wants_page` (see prefers_page()) decides between a page and a
  /// JSON row of one method and path; where there is only one of them, it answers whatever Accept says.
  Resolution resolve(Method method, const std::vector<std::string>& path, bool wants_page) const;

  const std::vector<Route>& routes() const { return *routes_; }
  /// The Allow value of `OPTIONS *`: every method that some row has.
  const std::string& allow_all() const { return allow_all_; }

 private:
  struct Node;
  const Node* find(const Node& node, const std::vector<std::string>& path, std::size_t depth,
                   std::vector<std::string_view>& values) const;
  void insert(const Route& route);

  std::unique_ptr<const std::vector<Route>> routes_;
  std::unique_ptr<Node> root_;
  std::string allow_all_;
};

}  // namespace gatehouse::http
