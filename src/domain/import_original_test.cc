#include "domain/import_original.h"

#include <gtest/gtest.h>

namespace gatehouse::domain {
namespace {

std::string read(const char* text) {
  const auto time = parse_naive_time(std::string(text));
  return time ? base::to_rfc3339(*time) : "";
}

TEST(OriginalTimeTest, IsReadAsBothDatabasesWriteIt) {
  EXPECT_EQ(read("2024-03-01 09:30:00"), "2024-03-01T09:30:00.000Z");
  EXPECT_EQ(read("2024-03-01 09:30:00.120000"), "2024-03-01T09:30:00.120Z");
  EXPECT_EQ(read("2024-03-01 09:30:00.12"), "2024-03-01T09:30:00.120Z");
  EXPECT_EQ(read("2024-03-01T09:30:00"), "2024-03-01T09:30:00.000Z");
  EXPECT_EQ(read("2024-03-01 09:30:00+00"), "2024-03-01T09:30:00.000Z");
  EXPECT_EQ(read("2024-03-01T09:30:00Z"), "2024-03-01T09:30:00.000Z");
  EXPECT_EQ(read("1709285400"), "2024-03-01T09:30:00.000Z");
  EXPECT_EQ(read("0"), "1970-01-01T00:00:00.000Z");
}

TEST(OriginalTimeTest, WhatIsNoTimeIsNone) {
  for (const char* text : {"", "yesterday", "2024-03-01", "2024-13-01 00:00:00", "-1", "99999999999999", "1709285400.5",
                           "0001-01-01 00:00:00", "99999999999999999999"}) {
    EXPECT_EQ(read(text), "") << text;
  }
  EXPECT_EQ(parse_naive_time(std::nullopt), std::nullopt);
}

}  // namespace
}  // namespace gatehouse::domain
