#include "pages/return_to.h"

#include <gtest/gtest.h>

namespace gatehouse::pages {
namespace {

TEST(ReturnTo, APathOfOursStaysAsItIs) {
  for (const char* path : {"/", "/account", "/account/sessions", "/account/sessions?after=abc",
                           "/choose-organization?return_to=%2Faccount%2Fprofile", "/a-b_c.d~e/f?g=h&i=%20j#k",
                           "/caf%C3%A9", "/a:b@c", "/sign-in"}) {
    EXPECT_EQ(safe_return_to(path), path);
  }
}

TEST(ReturnTo, EverythingElseIsTheLandingPage) {
  for (const std::string& other : {std::string(),
                                   std::string("account"),
                                   std::string("https://evil.test"),
                                   std::string("//evil.test"),
                                   std::string("/\\evil.test"),
                                   std::string("/a//b"),
                                   std::string("/a?next=//evil.test"),
                                   std::string("/a\\b"),
                                   std::string("/\t/evil.test"),
                                   std::string("/a b"),
                                   std::string("/a\r\nSet-Cookie: x=y"),
                                   std::string("/a\0b", 4),
                                   std::string("/\x7f"),
                                   std::string("/caf\xc3\xa9"),
                                   std::string("/%2fevil.test"),
                                   std::string("/%2Fevil.test"),
                                   std::string("/%5Cevil.test"),
                                   std::string("/%252fevil.test"),
                                   std::string("/%0d%0aevil"),
                                   std::string("/%00"),
                                   std::string("/%"),
                                   std::string("/%2"),
                                   std::string("/%zz"),
                                   "/" + std::string(1024, 'a')}) {
    EXPECT_EQ(safe_return_to(other), "/account") << other;
  }
}

TEST(ReturnTo, WhatPathsAreMadeOfSurvivesTheWayThroughAQuery) {
  http::Request request;
  request.path = {"account", "a b"};
  request.query = {{"after", "x/y?z"}, {"q", ""}};
  EXPECT_EQ(target_of(request), "/account/a%20b?after=x%2Fy%3Fz&q=");
  EXPECT_EQ(safe_return_to(target_of(request)), target_of(request));
  EXPECT_EQ(with_return_to("/sign-in", "/account/sessions?after=a"),
            "/sign-in?return_to=%2Faccount%2Fsessions%3Fafter%3Da");
  EXPECT_EQ(with_return_to("/sign-in", kLanding), "/sign-in");
}

}  // namespace
}  // namespace gatehouse::pages
