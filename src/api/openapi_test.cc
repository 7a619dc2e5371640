#include "api/openapi.h"

#include "api/handler.h"

#include <boost/json.hpp>
#include <gmock/gmock.h>

namespace gatehouse::api {
namespace {

namespace json = boost::json;
using http::Lane;
using http::Method;

struct ThingKind {
  static constexpr std::string_view kPrefix = "thg";
  static constexpr std::string_view kNoun = "a thing";
};

struct RenameInput {
  base::Id<ThingKind> thing;
  std::string name;
  std::optional<std::string> color;
  static constexpr std::string_view kSchemaName = "RenameRequest";
  static constexpr auto fields() {
    return wire::fields(wire::field("thing", &RenameInput::thing), wire::field("name", &RenameInput::name).length(1, 9),
                        wire::field("color", &RenameInput::color).example("red"));
  }
};

struct ThingInput {
  base::Id<ThingKind> thing;
  static constexpr auto fields() { return wire::fields(wire::field("thing", &ThingInput::thing)); }
};

struct Change {
  std::optional<base::Secret> password;
  std::optional<std::string> name;
  static constexpr auto fields() {
    return wire::fields(wire::field("password", &Change::password).length(16, 64), wire::field("name", &Change::name));
  }
};

Row row(Method method, const std::string& path, const std::string& name, const wire::Shape* input = nullptr,
        Lane lane = Lane::store, int success = 200) {
  return detail::make_row({method, path, name, "Do it", lane, success}, input, nullptr);
}

json::value document(const std::vector<Row>& rows) { return json::parse(openapi_document(rows)); }

std::string text(const json::value& value) { return std::string(value.as_string()); }

TEST(OpenApiDocument, WhatStandsInThePathIsNotInTheBody) {
  const json::value made =
      document({row(Method::post, "/v1/things/{thing}/rename", "rename", &wire::shape_of<RenameInput>())});
  const json::value& post = made.at("paths").at("/v1/things/{thing}/rename").at("post");
  ASSERT_EQ(post.at("parameters").as_array().size(), 1u);
  EXPECT_EQ(post.at("parameters").at(0).at("in"), "path");
  EXPECT_EQ(post.at("parameters").at(0).at("required"), true);
  const json::value& content = post.at("requestBody").at("content").at("application/json");
  EXPECT_EQ(content.at("example"), json::parse(R"({"name": "Acme", "color": "red"})"));
  const json::value& schema = made.at("components").at("schemas").at("RenameRequest");
  EXPECT_EQ(schema.at("required"), json::parse(R"(["name"])"));
  EXPECT_FALSE(schema.at("properties").as_object().contains("thing"));
  EXPECT_TRUE(post.at("responses").as_object().contains("404")) << "it names a thing";
}

TEST(OpenApiDocument, WithoutFieldsThereIsNoBody) {
  const json::value made = document(
      {row(Method::post, "/v1/things/{thing}/revoke", "revoke", &wire::shape_of<ThingInput>(), Lane::store, 204)});
  const json::value& post = made.at("paths").at("/v1/things/{thing}/revoke").at("post");
  EXPECT_FALSE(post.as_object().contains("requestBody"));
  EXPECT_FALSE(post.at("responses").at("204").as_object().contains("content"));
}

TEST(OpenApiDocument, AChangeOfWhateverOneLikesHasAnExample) {
  const json::value made = document({row(Method::patch, "/v1/me", "change_me", &wire::shape_of<Change>())});
  const json::value& content =
      made.at("paths").at("/v1/me").at("patch").at("requestBody").at("content").at("application/json");
  EXPECT_EQ(content.at("example"), json::parse(R"({"password": "<password>......"})"));
}

TEST(OpenApiDocument, TheAreaFollowsFromThePath) {
  const std::vector<std::pair<std::string, std::string>> areas{
      {"/signup", "classic"},
      {"/v1/token/refresh", "sessions"},
      {"/v1/me/sessions", "me"},
      {"/v1/organizations", "organizations"},
      {"/v1/organizations/{organization}", "organizations"},
      {"/v1/organizations/{organization}/restore", "organizations"},
      {"/v1/organizations/{organization}/api-keys", "api-keys"},
      {"/v1/operator/organizations", "operator"},
      {"/v1/kettles", "kettles"}};
  std::vector<Row> rows{row(Method::get, "/healthz", "health", nullptr, Lane::memory)};
  for (const auto& [path, area] : areas) rows.push_back(row(Method::post, path, area, &wire::shape_of<Change>()));
  const json::value made = document(rows);
  EXPECT_EQ(text(made.at("paths").at("/healthz").at("get").at("tags").at(0)), "service");
  for (const auto& [path, area] : areas) {
    EXPECT_EQ(text(made.at("paths").at(path).at("post").at("tags").at(0)), area) << path;
  }
  std::vector<std::string> listed;
  for (const json::value& tag : made.at("tags").as_array()) listed.push_back(text(tag.at("name")));
  EXPECT_THAT(listed, testing::ElementsAre("classic", "sessions", "me", "organizations", "api-keys", "operator",
                                           "service", "kettles"));
}

TEST(OpenApiDocument, TellsWhoMayCallAndHowToRepeat) {
  Row open = row(Method::post, "/v1/things", "make", &wire::shape_of<Change>(), Lane::store, 201);
  Row change = row(Method::patch, "/v1/things/{thing}", "change", &wire::shape_of<RenameInput>());
  change.access = Access::member;
  change.takes_key = true;
  change.permission = "things:update";
  Row show = row(Method::get, "/v1/things/{thing}", "show", &wire::shape_of<ThingInput>());
  show.access = Access::platform;
  show.output = &wire::shape_of<ThingInput>();
  const json::value made = document({open, change, show});
  const auto statuses = [&](std::string_view path, std::string_view method) {
    std::vector<std::string> list;
    const json::object& methods = made.at("paths").at(json::string_view(path.data(), path.size())).as_object();
    for (const auto& [status, answer] :
         methods.at(json::string_view(method.data(), method.size())).at("responses").as_object()) {
      list.emplace_back(status);
    }
    return list;
  };
  EXPECT_THAT(statuses("/v1/things", "post"),
              testing::ElementsAre("201", "400", "409", "415", "422", "429", "503", "default"));
  EXPECT_THAT(statuses("/v1/things/{thing}", "patch"),
              testing::ElementsAre("200", "400", "401", "403", "404", "412", "415", "429", "503", "default"));
  EXPECT_THAT(statuses("/v1/things/{thing}", "get"),
              testing::ElementsAre("200", "304", "400", "401", "403", "404", "429", "503", "default"));
  const json::value& things = made.at("paths").at("/v1/things/{thing}");
  EXPECT_EQ(things.at("patch").at("security"), json::parse(R"([{"bearer": []}, {"browser": []}, {"api_key": []}])"));
  EXPECT_EQ(text(things.at("patch").at("description")), "Needs the permission `things:update` in the organization.");
  EXPECT_TRUE(things.at("patch").at("requestBody").at("content").as_object().contains("application/merge-patch+json"));
  EXPECT_TRUE(things.at("get").at("responses").at("200").at("headers").as_object().contains("ETag"));
  EXPECT_TRUE(made.at("components").at("parameters").as_object().contains("Idempotency-Key"));
  EXPECT_TRUE(made.at("components").at("parameters").as_object().contains("If-Match"));
}

TEST(OpenApiDocument, AFileHasItsMediaTypes) {
  Row file = row(Method::get, "/v1/things/export", "export_things");
  file.media_types = {"application/x-ndjson", "text/csv; charset=utf-8"};
  const json::value made = document({file});
  const json::value& answer = made.at("paths").at("/v1/things/export").at("get").at("responses").at("200");
  const json::object& types = answer.at("content").as_object();
  EXPECT_EQ(types.size(), 2U);
  for (const std::string type : {"application/x-ndjson", "text/csv"}) {
    EXPECT_EQ(types.at(type).at("schema"), json::parse(R"({"type": "string"})"));
    EXPECT_TRUE(text(types.at(type).at("example")).ends_with("\n")) << type;
  }
  EXPECT_TRUE(json::parse(types.at("application/x-ndjson").at("example").as_string()).is_object());
  EXPECT_TRUE(answer.at("headers").as_object().contains("Link"));
}

TEST(OpenApiDocument, OnlyWhatIsUsedIsDeclared) {
  const json::value made = document({row(Method::get, "/healthz", "health", nullptr, Lane::memory, 204)});
  const json::object& components = made.at("components").as_object();
  EXPECT_FALSE(components.at("responses").as_object().contains("TooManyRequests"));
  EXPECT_FALSE(components.contains("parameters"));
  EXPECT_TRUE(components.at("securitySchemes").as_object().empty());
}

}  // namespace
}  // namespace gatehouse::api
