#include "base/random.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <sys/random.h>

namespace gatehouse::base {

void fill_random(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      std::fputs("gatehouse: the kernel gives no randomness; stopping\n", stderr);
      std::abort();
    }
    out = out.subspan(std::size_t(got));
  }
}

}  // namespace gatehouse::base
