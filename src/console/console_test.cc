#include "console/console.h"

#include "base/embedded.h"
#include "console/encoding.h"
#include "http/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::console {

std::span<const base::EmbeddedFile> embedded_files();

namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Key;
using testing::Not;
using testing::Pair;

http::Response get(std::vector<std::string> path, http::Headers headers = {}) {
  static const http::Router router(console_routes());
  http::Request request;
  request.path = std::move(path);
  request.headers = std::move(headers);
  request.request_id = "req_test";
  const auto resolved = router.resolve(request.method, request.path, true);
  if (resolved.route == nullptr) return {.status = 404};
  return resolved.route->handle(request);
}

/// The name of an asset with that ending.
std::string asset(std::string_view ending) {
  for (const base::EmbeddedFile& file : embedded_files()) {
    if (file.name.ends_with(ending)) return std::string(file.name);
  }
  ADD_FAILURE() << "no asset ends in " << ending;
  return {};
}

std::string value_of(const http::Response& response, std::string_view name) {
  for (const auto& [field, value] : response.headers) {
    if (field == name) return value;
  }
  return {};
}

TEST(ConsoleTest, EveryAddressOfTheConsoleIsTheShellUnderAStrictPolicy) {
  for (const std::vector<std::string>& path : {std::vector<std::string>{"console"},
                                               {"console", ""},
                                               {"console", "members"},
                                               {"console", "members", "mem_1"},
                                               {"console", "operator", "users", "usr_1"}}) {
    const auto shell = get(path);
    EXPECT_EQ(shell.status, 200);
    EXPECT_THAT(shell.body, AllOf(HasSubstr("<!doctype html>"), Not(HasSubstr("<script>")), Not(HasSubstr("style="))));
    EXPECT_THAT(value_of(shell, "Content-Security-Policy"),
                AllOf(HasSubstr("script-src 'self';"), HasSubstr("require-trusted-types-for 'script'"),
                      HasSubstr("trusted-types 'none'"), Not(HasSubstr("unsafe"))));
    EXPECT_EQ(value_of(shell, "Cache-Control"), "no-cache");
  }
}

TEST(ConsoleTest, AssetsAreKeptForAYearAndKnownByTheirContent) {
  const std::string name = asset(".js");
  const auto whole = get({"console", "assets", name});
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(value_of(whole, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(value_of(whole, "Vary"), "Accept-Encoding");
  EXPECT_THAT(whole.headers, Not(Contains(Key("Content-Encoding"))));
  const auto same = get({"console", "assets", name}, {{"if-none-match", value_of(whole, "ETag")}});
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.body, "");
  EXPECT_EQ(get({"console", "assets", name}, {{"if-none-match", "\"another\""}}).status, 200);
}

TEST(ConsoleTest, WhatIsSentCompressedHasATagOfItsOwn) {
  const std::string name = asset(".js");
  const auto whole = get({"console", "assets", name});
  const auto zipped = get({"console", "assets", name}, {{"accept-encoding", "gzip, deflate"}});
  const auto smaller = get({"console", "assets", name}, {{"accept-encoding", "gzip, deflate, br, zstd"}});
  EXPECT_THAT(zipped.headers, Contains(Pair("Content-Encoding", "gzip")));
  EXPECT_THAT(smaller.headers, Contains(Pair("Content-Encoding", "br")));
  EXPECT_LT(zipped.body.size(), whole.body.size());
  EXPECT_LT(smaller.body.size(), zipped.body.size());
  EXPECT_NE(value_of(zipped, "ETag"), value_of(whole, "ETag"));
  EXPECT_NE(value_of(zipped, "ETag"), value_of(smaller, "ETag"));
}

TEST(ConsoleTest, WhatIsNoAssetIsNotFoundAndNotTheShell) {
  for (const char* name : {"none.js", "index.html.js", "..", ""}) {
    EXPECT_EQ(get({"console", "assets", name}).status, 404) << name;
  }
}

TEST(ConsoleTest, ACodingIsTakenByNameOrByStarAndNotAtQualityZero) {
  const auto takes = [](std::string field, std::string_view coding) {
    return accepts_encoding({{"accept-encoding", std::move(field)}}, coding);
  };
  EXPECT_TRUE(takes("gzip", "gzip"));
  EXPECT_TRUE(takes("br;q=0.5 , GZIP;q=0.1", "gzip"));
  EXPECT_TRUE(takes("*", "br"));
  EXPECT_FALSE(takes("gzip;q=0", "gzip"));
  EXPECT_FALSE(takes("gzip; q=0.000, *", "gzip"));
  EXPECT_FALSE(takes("gzip, *;q=0", "br"));
  EXPECT_FALSE(takes("identity", "br"));
  EXPECT_FALSE(takes("", "br"));
  EXPECT_FALSE(accepts_encoding({}, "gzip"));
}

}  // namespace
}  // namespace gatehouse::console
