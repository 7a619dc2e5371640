#include "base/recent_map.h"

#include <gtest/gtest.h>

#include <string>

namespace gatehouse::base {
namespace {

TEST(RecentMapTest, FindsWhatWasPutLast) {
  RecentMap<std::string, int> map(64);
  EXPECT_FALSE(map.find("a"));
  map.put("a", 1);
  EXPECT_EQ(map.find("a"), 1);
  map.put("a", 2);
  EXPECT_EQ(map.find("a"), 2);
}

TEST(RecentMapTest, ForgetsWhatWasNotUsedForLongest) {
  RecentMap<std::string, int> map(1'600);  // a hundred in each of its parts
  map.put("kept", 0);
  map.put("forgotten", 0);
  int found = 0;
  for (int i = 0; i < 20'000; ++i) {
    map.put(std::to_string(i), i);
    found += map.find("kept").has_value() ? 1 : 0;
  }
  EXPECT_EQ(found, 20'000);
  EXPECT_FALSE(map.find("forgotten"));
  int known = 0;
  for (int i = 0; i < 20'000; ++i) known += map.find(std::to_string(i)).has_value() ? 1 : 0;
  EXPECT_EQ(known, 1'599);
}

}  // namespace
}  // namespace gatehouse::base
