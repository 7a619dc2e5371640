#pragma once

#include "domain/preconditions.h"
#include "wire/write.h"

#include <string>
#include <utility>

namespace gatehouse::domain {

/// An answer with its JSON and that one's entity tag, of an operation that keeps them.
template <class Object>
struct Written {
  explicit Written(Object made) : object(std::move(made)), content(wire::write(object)), etag(etag_of(content)) {}

  Object object;
  std::string content;
  std::string etag;
};

}  // namespace gatehouse::domain
