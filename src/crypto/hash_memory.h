#pragma once

#include <cstddef>

namespace gatehouse::crypto {

/// Memory for the hashes that one thread makes one after the other. libsodium maps its memory anew for each hash and
/// has no setting for it; a third of the time of a hash goes to the kernel, which clears those pages and takes them
/// back. While this lives, a private anonymous mapping of 2 MiB to `bytes` that any library makes on the thread is this
/// memory instead, one at a time, so the thread is to do nothing but hash: unlike a new mapping it is not cleared,
/// which Argon2 does not need. Its pages are huge ones where the system has them. Call give_back() when no hash
/// follows. Not thread safe; at most one at a time on a thread.
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
