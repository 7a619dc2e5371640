#include "http/cookie.h"
#include "http/same_site.h"

#include <gtest/gtest.h>

namespace gatehouse::http {
namespace {

constexpr std::string_view kUs = "https://id.example.com";

Request with(Headers headers) {
  Request request;
  request.headers = std::move(headers);
  return request;
}

std::optional<std::string> cookie(const std::string& field, std::string_view name = "s") {
  const Request request = with({{"cookie", field}});
  const auto value = cookie_of(request, name);
  return value ? std::optional(std::string(*value)) : std::nullopt;
}

TEST(Cookie, IsFoundByItsWholeName) {
  EXPECT_EQ(cookie("s=1"), "1");
  EXPECT_EQ(cookie("a=0; s=1; b=2"), "1");
  EXPECT_EQ(cookie("a=0;s=1;b=2"), "1");
  EXPECT_EQ(cookie("s=a=b"), "a=b");
  EXPECT_EQ(cookie("s="), "");
  for (const char* none : {"", "s", "ss=1", "xs=1", "S=1", "a=s=1", "; ;", "\"s\"=1", "s x=1"}) {
    EXPECT_EQ(cookie(none), std::nullopt) << none;
  }
  EXPECT_EQ(cookie_of(with({}), "s"), std::nullopt);
  EXPECT_EQ(cookie("__Host-s=1"), std::nullopt);
  EXPECT_EQ(cookie("__Host-s=1; s=2", "__Host-s"), "1");
}

TEST(Cookie, CountsNotWhenItStandsTwice) {
  EXPECT_EQ(cookie("s=1; s=2"), std::nullopt);
  EXPECT_EQ(cookie("s=1; s=1"), std::nullopt);
  EXPECT_EQ(cookie("s=1; a=0; s="), std::nullopt);
}

TEST(SameSite, ForeignPagesAreRefused) {
  for (const Headers& foreign :
       std::initializer_list<Headers>{{{"sec-fetch-site", "cross-site"}},
                                      {{"sec-fetch-site", "same-site"}},
                                      {{"sec-fetch-site", ""}},
                                      {{"sec-fetch-site", "Same-Origin"}},
                                      {{"sec-fetch-site", "cross-site"}, {"origin", "https://id.example.com"}},
                                      {{"origin", "https://evil.test"}},
                                      {{"origin", "http://id.example.com"}},
                                      {{"origin", "https://id.example.com:444"}},
                                      {{"origin", "https://id.example.com.evil.test"}},
                                      {{"origin", "https://ID.example.com"}},
                                      {{"origin", "https://id.example.com/"}},
                                      {{"origin", ""}},
                                      {{"origin", "NULL"}},
                                      {{"origin", "https://evil.test"}, {"sec-fetch-site", "same-origin"}}}) {
    const Request request = with(foreign);
    EXPECT_FALSE(check_same_site(request, kUs)) << foreign[0].first << foreign[0].second;
    EXPECT_FALSE(is_from_own_page(request, kUs)) << foreign[0].first << foreign[0].second;
  }
}

TEST(SameSite, OnlyAPositiveWordProvesAnOwnPage) {
  for (const Headers& own :
       std::initializer_list<Headers>{{{"sec-fetch-site", "same-origin"}},
                                      {{"origin", "https://id.example.com"}},
                                      {{"origin", "https://id.example.com"}, {"sec-fetch-site", "same-origin"}},
                                      {{"origin", "null"}, {"sec-fetch-site", "same-origin"}}}) {
    EXPECT_TRUE(check_same_site(with(own), kUs));
    EXPECT_TRUE(is_from_own_page(with(own), kUs));
  }
  for (const Headers& silent : std::initializer_list<Headers>{
           {}, {{"origin", "null"}}, {{"sec-fetch-site", "none"}}, {{"origin", "null"}, {"sec-fetch-site", "none"}}}) {
    EXPECT_TRUE(check_same_site(with(silent), kUs));
    EXPECT_FALSE(is_from_own_page(with(silent), kUs));
  }
}

}  // namespace
}  // namespace gatehouse::http
