#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::base {

/// An IP address, version 4 ones in their IPv4-mapped form, so that `::ffff:10.0.0.1` and `10.0.0.1` are one.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const IpAddress&) const = default;
  bool is_v4() const;
  bool is_loopback() const;
  std::string to_string() const;
  /// Plain numeric text only: no port, no zone, no brackets, no octal, no host name.
  static std::optional<IpAddress> parse(std::string_view text);
};

/// What limits count as one client: a version 4 address, or the /64 of a version 6 one.
std::string network_of(const IpAddress& address);

/// A range of addresses such as "10.0.0.0/8"; an address alone is a range of one.
class Network {
 public:
  static std::optional<Network> parse(std::string_view text);
  bool contains(const IpAddress& address) const;

 private:
  IpAddress base_;
  int prefix_bits_ = 128;
};

bool contains(const std::vector<Network>& networks, const IpAddress& address);

}  // namespace gatehouse::base
