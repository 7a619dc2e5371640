#include "base/network.h"

#include <gmock/gmock.h>

namespace gatehouse::base {
namespace {

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

TEST(IpAddress, AVersion4AddressHasOneForm) {
  EXPECT_EQ(ip("10.0.0.1"), ip("::ffff:10.0.0.1"));
  EXPECT_EQ(ip("10.0.0.1"), ip("::FFFF:0a00:1"));
  EXPECT_EQ(ip("::ffff:10.0.0.1").to_string(), "10.0.0.1");
  EXPECT_TRUE(ip("::ffff:10.0.0.1").is_v4());
  EXPECT_FALSE(ip("::10.0.0.1").is_v4());
}

TEST(IpAddress, SpellingsOfAVersion6AddressAreOne) {
  EXPECT_EQ(ip("2001:DB8:0:0:0:0:0:1"), ip("2001:db8::1"));
  EXPECT_EQ(ip("2001:0db8::0001").to_string(), "2001:db8::1");
}

TEST(IpAddress, RefusesWhatIsNotAPlainAddress) {
  for (const std::string_view text : {"",
                                      " ",
                                      "a",
                                      "localhost",
                                      "10.0.0",
                                      "10.0.0.0.1",
                                      "10.0.0.256",
                                      "010.0.0.1",
                                      "10.0.0.01",
                                      "0x0a.0.0.1",
                                      "167772161",
                                      "10.1",
                                      "10.0.0.1:80",
                                      "10.0.0.1 ",
                                      " 10.0.0.1",
                                      "10.0.0.1\n",
                                      "[::1]",
                                      "::1]:80",
                                      "::1%lo",
                                      "fe80::1%eth0",
                                      "fe80::1%1",
                                      "1::2::3",
                                      ":::",
                                      "12345::",
                                      "::ffff:010.0.0.1",
                                      "::ffff:10.0.0.256",
                                      "unknown",
                                      "10.0.0.1,10.0.0.2",
                                      "10.0.0.1/32",
                                      "-1.0.0.1",
                                      "+1.0.0.1"}) {
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  }
  EXPECT_FALSE(IpAddress::parse(std::string_view("10.0.0.1\0", 9)));
  EXPECT_FALSE(IpAddress::parse(std::string(10'000, '1')));
}

TEST(IpAddress, KnowsLoopback) {
  for (const std::string_view text : {"127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(ip(text).is_loopback()) << text;
  for (const std::string_view text :
       {"128.0.0.1", "126.255.255.255", "0.0.0.0", "::", "::2", "::7f00:1", "::127.0.0.1"}) {
    EXPECT_FALSE(ip(text).is_loopback()) << text;
  }
}

TEST(NetworkOf, CountsAVersion6SubnetAsOneClient) {
  EXPECT_EQ(network_of(ip("2001:db8:1:2:aaaa::1")), network_of(ip("2001:db8:1:2:bbbb::2")));
  EXPECT_NE(network_of(ip("2001:db8:1:2::1")), network_of(ip("2001:db8:1:3::1")));
  EXPECT_EQ(network_of(ip("2001:db8:1:2:aaaa::1")), "2001:db8:1:2::/64");
  EXPECT_EQ(network_of(ip("10.0.0.1")), "10.0.0.1");
  EXPECT_EQ(network_of(ip("::ffff:10.0.0.1")), "10.0.0.1");
  EXPECT_NE(network_of(ip("10.0.0.1")), network_of(ip("10.0.0.2")));
}

bool in(std::string_view network, std::string_view address) {
  return Network::parse(network).value().contains(ip(address));
}

TEST(Network, ContainsItsRange) {
  EXPECT_TRUE(in("10.0.0.0/8", "10.255.255.255"));
  EXPECT_TRUE(in("10.0.0.0/8", "::ffff:10.1.2.3"));
  EXPECT_FALSE(in("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(in("192.168.4.0/22", "192.168.7.255"));
  EXPECT_FALSE(in("192.168.4.0/22", "192.168.8.0"));
  EXPECT_FALSE(in("192.168.4.0/22", "192.168.3.255"));
  EXPECT_TRUE(in("10.1.2.3", "10.1.2.3"));
  EXPECT_FALSE(in("10.1.2.3", "10.1.2.4"));
  EXPECT_TRUE(in("10.1.2.3/32", "10.1.2.3"));
  EXPECT_TRUE(in("10.1.2.3/8", "10.9.9.9"));
  EXPECT_TRUE(in("0.0.0.0/0", "203.0.113.9"));
  EXPECT_FALSE(in("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(in("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(in("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(in("::1", "::1"));
  EXPECT_TRUE(in("::/0", "2001:db8::1"));
}

TEST(Network, OfVersion6HoldsNoVersion4Address) { EXPECT_FALSE(in("::/0", "10.0.0.1")); }

TEST(Network, RefusesWhatIsNoRange) {
  for (const std::string_view text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/-0", "10.0.0.0/+8",
                                      "10.0.0.0/8 ", "10.0.0.0/ 8", "10.0.0.0/8/8", "10.0.0.0/255.0.0.0", "10.0.0.0/a",
                                      "10.0.0.0/99999999999", "2001:db8::/129", "10/8", "localhost", "*"}) {
    EXPECT_FALSE(Network::parse(text)) << text;
  }
}

TEST(Networks, ContainWhatAnyOfThemContains) {
  const std::vector<Network> networks{Network::parse("127.0.0.0/8").value(), Network::parse("::1").value()};
  EXPECT_TRUE(contains(networks, ip("127.0.0.1")));
  EXPECT_TRUE(contains(networks, ip("::1")));
  EXPECT_FALSE(contains(networks, ip("10.0.0.1")));
  EXPECT_FALSE(contains({}, ip("127.0.0.1")));
}

}  // namespace
}  // namespace gatehouse::base
