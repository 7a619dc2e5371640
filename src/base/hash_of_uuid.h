#pragma once

#include "base/ids.h"

#include <cstring>

namespace gatehouse::base {

/// For unordered containers. Not for UUIDs that a stranger chose: it takes what is random in one of version 7.
struct HashOfUuid {
  std::size_t operator()(const Uuid& id) const {
    std::size_t last = 0;
    std::memcpy(&last, id.bytes.data() + 8, sizeof last);
    return last;
  }
};

}  // namespace gatehouse::base
