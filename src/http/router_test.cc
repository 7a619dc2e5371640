#include "http/router.h"

#include <gtest/gtest.h>
#include <stdexcept>

namespace gatehouse::http {
namespace {

Route row(Method method, std::string path, std::string name, Produces produces = Produces::json) {
  Route route;
  route.method = method;
  route.path = std::move(path);
  route.name = std::move(name);
  route.produces = produces;
  route.handle = [](const Request&) { return Response(); };
  return route;
}

std::string name_of(const Resolution& resolution) { return resolution.route == nullptr ? "" : resolution.route->name; }

using Path = std::vector<std::string>;

TEST(Router, LiteralSegmentsWinOverParameters) {
  const Router router({row(Method::get, "/users/{id}", "one"), row(Method::get, "/users/me", "me")});
  EXPECT_EQ(name_of(router.resolve(Method::get, Path{"users", "me"}, false)), "me");
  const auto one = router.resolve(Method::get, Path{"users", "usr_1"}, false);
  EXPECT_EQ(name_of(one), "one");
  EXPECT_EQ(one.path_parameters, (std::vector<std::pair<std::string, std::string>>{{"id", "usr_1"}}));
}

TEST(Router, ALiteralThatLeadsNowhereGivesWayToAParameter) {
  const Router router({row(Method::get, "/v1/{a}/x/{b}", "deep"), row(Method::get, "/v1/me/y", "me")});
  const auto found = router.resolve(Method::get, Path{"v1", "me", "x", "2"}, false);
  EXPECT_EQ(name_of(found), "deep");
  EXPECT_EQ(found.path_parameters, (std::vector<std::pair<std::string, std::string>>{{"a", "me"}, {"b", "2"}}));
}

TEST(Router, EachRowNamesItsOwnParameters) {
  const Router router({row(Method::get, "/o/{organization}", "get"), row(Method::del, "/o/{id}", "delete")});
  EXPECT_EQ(router.resolve(Method::get, Path{"o", "1"}, false).path_parameters[0].first, "organization");
  EXPECT_EQ(router.resolve(Method::del, Path{"o", "1"}, false).path_parameters[0].first, "id");
}

TEST(Router, UnknownPathsAreToldFromUnknownMethods) {
  const Router router({row(Method::get, "/a", "get"), row(Method::post, "/a", "post")});
  EXPECT_FALSE(router.resolve(Method::get, Path{"b"}, false).is_path_known);
  EXPECT_FALSE(router.resolve(Method::get, Path{}, false).is_path_known);
  const auto other = router.resolve(Method::del, Path{"a"}, false);
  EXPECT_TRUE(other.is_path_known);
  EXPECT_EQ(other.route, nullptr);
  EXPECT_EQ(other.allow, "GET, HEAD, OPTIONS, POST");
  EXPECT_EQ(router.resolve(Method::other, Path{"a"}, false).route, nullptr);
  EXPECT_EQ(router.resolve(Method::options, Path{"a"}, false).route, nullptr);
}

TEST(Router, CaseTrailingSlashAndEmptyParametersAreOtherPaths) {
  const Router router(
      {row(Method::get, "/a/{id}", "one"), row(Method::get, "/b/", "slash"), row(Method::get, "/", "root")});
  EXPECT_FALSE(router.resolve(Method::get, Path{"A", "1"}, false).is_path_known);
  EXPECT_FALSE(router.resolve(Method::get, Path{"a", ""}, false).is_path_known);
  EXPECT_FALSE(router.resolve(Method::get, Path{"a", "1", ""}, false).is_path_known);
  EXPECT_FALSE(router.resolve(Method::get, Path{"b"}, false).is_path_known);
  EXPECT_EQ(name_of(router.resolve(Method::get, Path{"b", ""}, false)), "slash");
  EXPECT_EQ(name_of(router.resolve(Method::get, Path{}, false)), "root");
}

TEST(Router, HeadIsServedByGet) {
  const Router router({row(Method::get, "/a", "get"), row(Method::post, "/b", "post")});
  EXPECT_EQ(name_of(router.resolve(Method::head, Path{"a"}, false)), "get");
  EXPECT_EQ(router.resolve(Method::head, Path{"b"}, false).route, nullptr);
}

TEST(Router, AcceptChoosesOnlyWhereThereAreTwoRows) {
  const Router router({row(Method::get, "/both", "json"), row(Method::get, "/both", "page", Produces::page),
                       row(Method::get, "/page", "only page", Produces::page), row(Method::get, "/json", "only json")});
  EXPECT_EQ(name_of(router.resolve(Method::get, Path{"both"}, false)), "json");
  EXPECT_EQ(name_of(router.resolve(Method::get, Path{"both"}, true)), "page");
  EXPECT_TRUE(router.resolve(Method::get, Path{"both"}, true).varies_by_accept);
  EXPECT_EQ(name_of(router.resolve(Method::get, Path{"page"}, false)), "only page");
  EXPECT_EQ(name_of(router.resolve(Method::get, Path{"json"}, true)), "only json");
  EXPECT_FALSE(router.resolve(Method::get, Path{"json"}, true).varies_by_accept);
}

TEST(Router, RefusesTablesThatCantMeanWhatTheySay) {
  EXPECT_THROW(Router({row(Method::get, "/a/{x}", "1"), row(Method::get, "/a/{y}", "2")}), std::logic_error);
  EXPECT_THROW(Router({row(Method::get, "a", "1")}), std::logic_error);
  EXPECT_THROW(Router({row(Method::get, "/a//b", "1")}), std::logic_error);
  EXPECT_THROW(Router({row(Method::get, "/a{x}", "1")}), std::logic_error);
  EXPECT_THROW(Router({row(Method::head, "/a", "1")}), std::logic_error);
  Route empty = row(Method::get, "/a", "1");
  empty.handle = nullptr;
  EXPECT_THROW(Router({empty}), std::logic_error);
}

TEST(Router, SurvivesBeingMoved) {
  Router first({row(Method::get, "/a", "get")});
  const Router second(std::move(first));
  EXPECT_EQ(name_of(second.resolve(Method::get, Path{"a"}, false)), "get");
}

}  // namespace
}  // namespace gatehouse::http
