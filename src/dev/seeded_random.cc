#include "dev/seeded_random.h"

namespace gatehouse::dev {

std::uint64_t SeededRandom::next() {
  state_ += 0x9e3779b97f4a7c15;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

base::Time SeededRandom::between(base::Time first, base::Time end) {
  if (end <= first) return first;
  return first + base::Duration(std::int64_t(below(std::uint64_t((end - first).count()))));
}

base::Uuid SeededRandom::uuid(base::Time time) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
  const std::uint64_t high = std::uint64_t(ms) << 16 | 0x7000 | (next() & 0x0fff);
  const std::uint64_t low = std::uint64_t(1) << 63 | next() >> 2;
  base::Uuid uuid;
  for (std::size_t i = 0; i < 8; ++i) {
    uuid.bytes[i] = std::uint8_t(high >> (56 - 8 * i));
    uuid.bytes[8 + i] = std::uint8_t(low >> (56 - 8 * i));
  }
  return uuid;
}

}  // namespace gatehouse::dev
