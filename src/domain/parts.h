#pragma once

#include <functional>

namespace gatehouse::domain {

/// An answer that may be as long as the service is large: one JSON object in parts that are objects with different
/// names, so that no more of it is in memory than is on its way. `next` makes the next part, and is not called again
/// after the last. By one thread at a time, as long as the services live; throws db::DatabaseError.
template <class Object>
struct InParts {
  using Part = Object;
  struct Made {
    Object part;
    bool is_last = true;
  };
  std::function<Made()> next;
};

}  // namespace gatehouse::domain
