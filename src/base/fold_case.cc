#include "base/fold_case.h"

#include <cstdint>
#include <cstdlib>
#include <new>
#include <unicase.h>
#include <uninorm.h>

namespace gatehouse::base {

std::string fold_case(std::string_view text) {
  if (text.empty()) return {};
  std::size_t length = 0;
  std::uint8_t* const memory = u8_casefold(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), nullptr,
                                           UNINORM_NFC, nullptr, &length);
  if (memory == nullptr) throw std::bad_alloc();
  std::string folded(reinterpret_cast<const char*>(memory), length);
  std::free(memory);
  return folded;
}

}  // namespace gatehouse::base
