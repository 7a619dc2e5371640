#pragma once

#include <cstddef>

namespace gatehouse::crypto {

/// Memory for the hashes that one thread makes one after the other. libsodium maps its memory anew for each hash and
/// has no setting for it, and the kernel takes as long to clear and to take back those pages as the hash takes to
/// compute. While this lives, what libsodium maps on the thread that made it is this memory instead, if it is not more
/// than `bytes`. Its pages are huge ones where the system has them. It is not cleared between two hashes: call
/// give_back() when none follows. Not thread safe; at most one at a time on a thread.
class HashMemory {
 public:
  /// Takes nothing yet, and nothing at all when `bytes` are too few to be worth it.
  explicit HashMemory(std::size_t bytes);
  ~HashMemory();
  HashMemory(const HashMemory&) = delete;
  HashMemory& operator=(const HashMemory&) = delete;

  /// To the kernel, contents and all; the next hash takes it anew. Not while a hash is being made.
  void give_back() noexcept;
};

}  // namespace gatehouse::crypto
