#include "api/example.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace gatehouse::api {

namespace json = boost::json;
using wire::Shape;

namespace {

constexpr std::string_view kTime = "2026-11-22T11:50:34.000Z";
/// Of every id, behind the prefix of its kind.
constexpr std::string_view kIdDigits = "01kams5vygfpj9x3m7c0w2r8td";

struct Text {
  std::string_view schema;  // empty: of any
  std::string_view field;
  std::string_view example;
};

/// What texts look like whose fields have no example of their own. The first that fits counts.
constexpr std::array kTexts{
    Text{"Delivery", "status", "sent"}, Text{"Invitation", "status", "pending"},
    Text{"Role", "name", "Admin"},      Text{"RoleReference", "name", "Admin"},
    Text{"", "after", "<cursor>"},      Text{"", "key", "admin"},
    Text{"", "message", "Done."},       Text{"", "name", "Acme"},
    Text{"", "next", "<cursor>"},       Text{"", "permissions", "members:read"},
    Text{"", "reply", "250 2.0.0 Ok"},  Text{"", "role", "admin"},
    Text{"", "roles", "admin"},         Text{"", "slug", "acme"},
    Text{"", "status", "active"},       Text{"", "token_type", "Bearer"},
};

json::string_view to_json(std::string_view text) { return {text.data(), text.size()}; }

std::string in_words(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

std::string fitted(std::string text, const wire::Rules& rules) {
  if (!rules.has_length) return text;
  while (base::count_code_points(text) < rules.least_length) text += '.';
  return text.substr(0, rules.most_length);
}

/// A field and the name of the struct that has it.
struct Named {
  std::string_view schema;
  const wire::Rules& rules;
};

std::string text_example(const Named& of) {
  if (!of.rules.choices.empty()) return std::string(of.rules.choices.front());
  const auto known = std::find_if(kTexts.begin(), kTexts.end(), [&](const Text& text) {
    return text.field == of.rules.name && (text.schema.empty() || text.schema == of.schema);
  });
  return fitted(known != kTexts.end() ? std::string(known->example) : in_words(of.rules.name), of.rules);
}

json::value leaf_example(const Shape& shape, const Named& of) {
  const wire::Rules& rules = of.rules;
  if (!rules.example.empty()) return wire::example_value(shape, rules.example);
  switch (shape.kind) {
    case Shape::Kind::secret: return to_json(fitted("<" + in_words(rules.name) + ">", rules));
    case Shape::Kind::email: return "ada@example.com";
    case Shape::Kind::id: return to_json(std::string(shape.id_prefix) + "_" + std::string(kIdDigits));
    case Shape::Kind::boolean: return true;
    case Shape::Kind::integer: return rules.has_range ? std::clamp<std::int64_t>(20, rules.least, rules.most) : 1;
    case Shape::Kind::time:
    case Shape::Kind::parsed_time: return to_json(kTime);
    case Shape::Kind::json: return json::object();
    default: return to_json(text_example(of));
  }
}

json::value value_example(const Shape& shape, const Named& of, wire::Side side);

json::value object_example(const Shape& shape, wire::Side side) {
  json::object out;
  const auto add = [&](const wire::FieldShape& field) {
    out[to_json(field.rules.name)] = value_example(*field.shape, {shape.schema_name, field.rules}, side);
  };
  for (const wire::FieldShape& field : shape.fields) {
    if (side == wire::Side::output || !field.optional || !field.rules.example.empty()) add(field);
  }
  // A change of nothing would be a poor example.
  if (out.empty() && !shape.fields.empty()) add(shape.fields.front());
  return out;
}

json::value value_example(const Shape& shape, const Named& of, wire::Side side) {
  if (shape.kind == Shape::Kind::list) return json::array{value_example(*shape.element, of, side)};
  if (shape.kind == Shape::Kind::map) return json::object{{"Example", value_example(*shape.element, of, side)}};
  if (shape.kind == Shape::Kind::object) return object_example(shape, side);
  return leaf_example(shape, of);
}

}  // namespace

json::value example_of(const Shape& shape, wire::Side side) {
  const wire::Rules none;
  return value_example(shape, {{}, none}, side);
}

json::value example_of(const wire::FieldShape& field, wire::Side side) {
  return value_example(*field.shape, {{}, field.rules}, side);
}

}  // namespace gatehouse::api
