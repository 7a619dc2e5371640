#include "wire/schema.h"

#include "wire/example_test.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>

namespace gatehouse::wire {
namespace {

namespace json = boost::json;
using example::Everything;

struct Named {
  std::int64_t count = 0;
  static constexpr std::string_view kSchemaName = "Named";
  static constexpr auto fields() { return wire::fields(wire::field("count", &Named::count)); }
};

struct Impostor {
  bool other = false;
  static constexpr std::string_view kSchemaName = "Named";
  static constexpr auto fields() { return wire::fields(wire::field("other", &Impostor::other)); }
};

struct Holder {
  Named one;
  std::optional<Named> maybe;
  std::vector<Named> many;
  std::map<std::string, std::int64_t> roles;
  base::Secret token;
  std::optional<base::ParsedTime> from;
  static constexpr auto fields() {
    return wire::fields(wire::field("one", &Holder::one).says("The first."), wire::field("maybe", &Holder::maybe),
                        wire::field("many", &Holder::many), wire::field("roles", &Holder::roles),
                        wire::field("token", &Holder::token), wire::field("from", &Holder::from));
  }
};

TEST(Schema, DescribesWhatIsRead) {
  const json::value expected = json::parse(R"({
    "type": "object",
    "properties": {
      "name": {"type": "string", "minLength": 2, "maxLength": 5, "examples": ["Ada"], "description": "What people call it."},
      "password": {"type": "string", "format": "password", "writeOnly": true, "minLength": 8, "maxLength": 256},
      "email": {"type": "string", "format": "email"},
      "organization": {"type": "string", "pattern": "^org_[0-7][0-9a-hjkmnp-tv-z]{25}$",
        "description": "The id of an organization."},
      "active": {"type": "boolean"},
      "count": {"type": "integer", "format": "int64", "minimum": 1, "maximum": 100, "examples": [42]},
      "at": {"type": "string", "format": "date-time"},
      "from": {"anyOf": [{"type": "number", "minimum": 0, "description": "Unix seconds."},
        {"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]},
      "color": {"type": ["string", "null"], "enum": ["red", "green", "blue", null]},
      "size": {"type": ["integer", "null"], "format": "int64"},
      "members": {"type": "array", "items": {
        "type": "object",
        "properties": {
          "email": {"type": "string", "format": "email"},
          "role": {"type": "string", "minLength": 1, "maxLength": 10}
        },
        "required": ["email", "role"],
        "additionalProperties": false
      }},
      "tags": {"type": ["array", "null"], "items": {"type": "string", "minLength": 1, "maxLength": 3}}
    },
    "required": ["name", "password", "email", "organization", "active", "count", "at", "from", "members"],
    "additionalProperties": false
  })");
  json::object components;
  const json::value made = schema<Everything>(components, Side::input);
  EXPECT_EQ(made, expected) << json::serialize(made);
  EXPECT_TRUE(components.empty());
}

struct Patch {
  static constexpr std::array<std::string_view, 1> kColors{"red"};
  std::optional<std::string> slug;
  Clearable<std::string> color;
  Clearable<std::vector<std::string>> tags;
  static constexpr auto fields() {
    return wire::fields(wire::field("slug", &Patch::slug), wire::field("color", &Patch::color).one_of(kColors),
                        wire::field("tags", &Patch::tags));
  }
};

TEST(Schema, NullStandsInAMergePatchOnlyWhereItClears) {
  json::object components;
  const json::value made = schema<Patch>(components, Side::merge_patch);
  EXPECT_EQ(made, json::parse(R"({"type": "object", "additionalProperties": false, "properties": {
      "slug": {"type": "string"},
      "color": {"type": ["string", "null"], "enum": ["red", null]},
      "tags": {"type": ["array", "null"], "items": {"type": "string"}}}})"))
      << json::serialize(made);
}

TEST(Schema, CollectsNamedStructsAndRefersToThem) {
  const json::value expected = json::parse(R"({
    "type": "object",
    "properties": {
      "one": {"$ref": "#/components/schemas/Named", "description": "The first."},
      "maybe": {"anyOf": [{"$ref": "#/components/schemas/Named"}, {"type": "null"}]},
      "many": {"type": "array", "items": {"$ref": "#/components/schemas/Named"}},
      "roles": {"type": "object", "additionalProperties": {"type": "integer", "format": "int64"}},
      "token": {"type": "string"},
      "from": {"anyOf": [{"type": "number", "minimum": 0, "description": "Unix seconds."},
                         {"type": "string", "format": "date-time"}, {"type": "string", "format": "date"},
                         {"type": "null"}]}
    },
    "required": ["one", "many", "roles", "token"]
  })");
  json::object components;
  const json::value made = schema<Holder>(components);
  EXPECT_EQ(made, expected) << json::serialize(made);
  EXPECT_EQ(json::value(components), json::parse(R"({"Named": {"type": "object", "required": ["count"],
      "properties": {"count": {"type": "integer", "format": "int64"}}}})"));
}

TEST(Schema, RefusesTwoSchemasOfOneName) {
  json::object components;
  schema<Named>(components);
  EXPECT_NO_THROW(schema<Named>(components));
  EXPECT_THROW(schema<Impostor>(components), std::logic_error);
  EXPECT_THROW(schema<Named>(components, Side::input), std::logic_error);
}

TEST(Schema, DescribesABareMap) {
  json::object components;
  const json::value made = schema<std::map<std::string, std::map<std::string, std::int64_t>>>(components);
  EXPECT_EQ(made, json::parse(R"({"type": "object", "additionalProperties": {"type": "object",
      "additionalProperties": {"type": "integer", "format": "int64"}}})"));
}

}  // namespace
}  // namespace gatehouse::wire
