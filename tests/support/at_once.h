#pragma once

#include "tests/support/http_client.h"

#include <latch>
#include <map>
#include <thread>
#include <vector>

namespace gatehouse::tests {

/// Asks `ask(0)` … `ask(count - 1)`, each in a thread of its own, all beginning together.
template <class Ask>
std::vector<Reply> ask_at_once(int count, Ask ask) {
  std::vector<Reply> replies(static_cast<std::size_t>(count));
  std::latch start(count);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < count; ++i) {
      threads.emplace_back([&, i] {
        start.arrive_and_wait();
        replies[std::size_t(i)] = ask(i);
      });
    }
  }
  return replies;
}

inline std::map<int, int> count_by_status(const std::vector<Reply>& replies) {
  std::map<int, int> counts;
  for (const Reply& reply : replies) ++counts[reply.status];
  return counts;
}

}  // namespace gatehouse::tests
