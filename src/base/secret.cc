#include "base/secret.h"

#include <string.h>

namespace gatehouse::base {

void Secret::wipe() {
  explicit_bzero(text_.data(), text_.size());
  text_.clear();
}

}  // namespace gatehouse::base
