#pragma once

#include <cstdint>
#include <span>

namespace gatehouse::base {

/// Fills `out` from the kernel's CSPRNG. Aborts the program when the kernel refuses: there is nothing safe to do
/// without randomness. Thread safe.
void fill_random(std::span<std::uint8_t> out);

}  // namespace gatehouse::base
