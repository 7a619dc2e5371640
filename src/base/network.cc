#include "base/network.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstring>
#include <fmt/compile.h>

namespace gatehouse::base {

namespace {
constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
}

bool IpAddress::is_v4() const { return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin()); }

bool IpAddress::is_loopback() const {
  if (is_v4()) return bytes[12] == 127;
  IpAddress loopback;
  loopback.bytes[15] = 1;
  return *this == loopback;
}

std::string IpAddress::to_string() const {
  // Four times as fast as inet_ntop, and there is one in each line of the access log.
  if (is_v4()) return fmt::format(FMT_COMPILE("{}.{}.{}.{}"), bytes[12], bytes[13], bytes[14], bytes[15]);
  char text[INET6_ADDRSTRLEN];
  ::inet_ntop(AF_INET6, bytes.data(), text, sizeof text);
  return text;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string copy(text);
  IpAddress address;
  if (::inet_pton(AF_INET, copy.c_str(), address.bytes.data() + 12) == 1) {
    std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), address.bytes.begin());
    return address;
  }
  if (::inet_pton(AF_INET6, copy.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

std::string network_of(const IpAddress& address) {
  if (address.is_v4()) return address.to_string();
  IpAddress network = address;
  std::fill(network.bytes.begin() + 8, network.bytes.end(), 0);
  return network.to_string() + "/64";
}

std::optional<Network> Network::parse(std::string_view text) {
  Network network;
  const auto slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  network.base_ = *address;
  if (slash == std::string_view::npos) return network;
  const std::string_view digits = text.substr(slash + 1);
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  const unsigned width = address->is_v4() ? 32 : 128;
  if (error != std::errc() || end != digits.data() + digits.size() || bits > width) return std::nullopt;
  network.prefix_bits_ = int(bits + (128 - width));
  return network;
}

bool Network::contains(const IpAddress& address) const {
  // Version 4 addresses are mapped ones inside, but "::/0" means version 6 only.
  if (base_.is_v4() != address.is_v4()) return false;
  const std::size_t whole = std::size_t(prefix_bits_ / 8);
  if (!std::equal(base_.bytes.begin(), base_.bytes.begin() + whole, address.bytes.begin())) return false;
  const int rest = prefix_bits_ % 8;
  if (rest == 0) return true;
  const auto mask = std::uint8_t(0xff << (8 - rest));
  return (base_.bytes[whole] & mask) == (address.bytes[whole] & mask);
}

bool contains(const std::vector<Network>& networks, const IpAddress& address) {
  return std::any_of(networks.begin(), networks.end(),
                     [&](const Network& network) { return network.contains(address); });
}

}  // namespace gatehouse::base
