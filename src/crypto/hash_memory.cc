#include "crypto/hash_memory.h"

#include <cstdint>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

constexpr std::size_t kHugePage = 2 * 1024 * 1024;

struct Kept {
  /// Most that is lent; 0 on threads without memory of their own.
  std::size_t bytes = 0;
  char* mapping = nullptr;
  std::size_t mapped_bytes = 0;
  /// In the mapping, where a huge page begins.
  char* begin = nullptr;
  bool is_lent = false;
};

thread_local Kept kept;

void* map(void* address, std::size_t bytes, int protection, int flags, int file, off_t offset) noexcept {
  return reinterpret_cast<void*>(::syscall(SYS_mmap, address, bytes, protection, flags, file, offset));
}

int unmap(void* address, std::size_t bytes) noexcept { return int(::syscall(SYS_munmap, address, bytes)); }

/// Nothing when there is no memory.
char* take() noexcept {
  if (kept.begin != nullptr) return kept.begin;
  const std::size_t bytes = (kept.bytes + kHugePage - 1) / kHugePage * kHugePage;
  void* const mapping = map(nullptr, bytes + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping == MAP_FAILED) return nullptr;
  kept.mapping = static_cast<char*>(mapping);
  kept.mapped_bytes = bytes + kHugePage;
  kept.begin = kept.mapping + (kHugePage - reinterpret_cast<std::uintptr_t>(mapping) % kHugePage) % kHugePage;
  // A kernel without huge pages refuses, and small ones do as well.
  ::madvise(kept.begin, bytes, MADV_HUGEPAGE);
  return kept.begin;
}

}  // namespace

// These two stand before those of the C library for all shared libraries (ELF, "symbol interposition"): it is the only
// way to libsodium's memory. They pass on everything but the one mapping that a hash makes on a thread with HashMemory.

extern "C" __attribute__((visibility("default"))) void* mmap(void* address, std::size_t bytes, int protection,
                                                             int flags, int file, off_t offset) noexcept {
  if (kept.bytes != 0 && !kept.is_lent && bytes <= kept.bytes && bytes >= kHugePage && address == nullptr &&
      file == -1 && (flags & MAP_ANONYMOUS) != 0 && protection == (PROT_READ | PROT_WRITE)) {
    if (char* const begin = take()) {
      kept.is_lent = true;
      return begin;
    }
  }
  return map(address, bytes, protection, flags, file, offset);
}

extern "C" __attribute__((visibility("default"))) int munmap(void* address, std::size_t bytes) noexcept {
  if (kept.is_lent && address == kept.begin) {
    kept.is_lent = false;
    return 0;
  }
  return unmap(address, bytes);
}

namespace gatehouse::crypto {

HashMemory::HashMemory(std::size_t bytes) { kept.bytes = bytes; }

HashMemory::~HashMemory() {
  give_back();
  kept.bytes = 0;
}

void HashMemory::give_back() noexcept {
  if (kept.mapping != nullptr) unmap(kept.mapping, kept.mapped_bytes);
  kept = {.bytes = kept.bytes};
}

}  // namespace gatehouse::crypto
