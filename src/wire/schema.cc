#include "wire/schema.h"

#include <boost/json/parse.hpp>
#include <charconv>

namespace gatehouse::wire {

namespace {

namespace json = boost::json;

json::string_view to_json(std::string_view text) { return {text.data(), text.size()}; }

json::object of_type(std::string_view type) { return {{"type", to_json(type)}}; }

json::object of_text(std::string_view format) {
  json::object out = of_type("string");
  out["format"] = to_json(format);
  return out;
}

class Writer {
 public:
  Writer(json::object& components, Side side) : components_(components), side_(side) {}

  json::object value(const Shape& shape) {
    switch (shape.kind) {
      case Shape::Kind::text: return of_type("string");
      case Shape::Kind::secret: return secret();
      case Shape::Kind::email: return of_text("email");
      case Shape::Kind::id: return id(shape);
      case Shape::Kind::boolean: return of_type("boolean");
      case Shape::Kind::integer: return {{"type", "integer"}, {"format", "int64"}};
      case Shape::Kind::time: return of_text("date-time");
      case Shape::Kind::parsed_time: return parsed_time();
      case Shape::Kind::json: return of_type("object");
      case Shape::Kind::list: return {{"type", "array"}, {"items", value(*shape.element)}};
      case Shape::Kind::map: return {{"type", "object"}, {"additionalProperties", value(*shape.element)}};
      case Shape::Kind::object: return object_or_reference(shape);
    }
    throw std::logic_error("a shape of no kind");
  }

  json::object secret() {
    if (side_ == Side::output) return of_type("string");
    json::object out = of_text("password");
    out["writeOnly"] = true;
    return out;
  }

  static json::object id(const Shape& shape) {
    const std::string noun(shape.id_noun), prefix(shape.id_prefix);
    json::object out = of_type("string");
    out["pattern"] = "^" + prefix + "_[0-7][0-9a-hjkmnp-tv-z]{25}$";
    out["description"] = "The id of " + noun + ".";
    return out;
  }

  static json::object parsed_time() {
    json::object seconds{{"type", "number"}, {"minimum", 0}, {"description", "Unix seconds."}};
    return {{"anyOf", json::array{std::move(seconds), of_text("date-time"), of_text("date")}}};
  }

  json::object object_or_reference(const Shape& shape) {
    if (shape.schema_name.empty()) return object(shape);
    const std::string name(shape.schema_name);
    json::object made = object(shape);
    if (const json::value* known = components_.if_contains(name); known == nullptr) {
      components_[name] = std::move(made);
    } else if (*known != json::value(std::move(made))) {
      throw std::logic_error("two schemas are named " + name);
    }
    return {{"$ref", "#/components/schemas/" + name}};
  }

  json::object object(const Shape& shape) {
    json::object properties;
    json::array required;
    for (const FieldShape& each : shape.fields) {
      properties[to_json(each.rules.name)] = field(each);
      if (!each.optional) required.push_back(to_json(each.rules.name));
    }
    json::object out = of_type("object");
    out["properties"] = std::move(properties);
    if (!required.empty()) out["required"] = std::move(required);
    if (side_ != Side::output) out["additionalProperties"] = false;
    return out;
  }

  json::object field(const FieldShape& field) {
    json::object out = present_field(field);
    if (side_ == Side::merge_patch ? field.clearable : field.optional) make_nullable(out);
    if (!field.rules.description.empty()) out["description"] = to_json(field.rules.description);
    return out;
  }

  /// Of a value that is there.
  json::object present_field(const FieldShape& field) {
    const Rules& rules = field.rules;
    json::object out = value(*field.shape);
    const Shape* leaf = field.shape;
    json::object* at = &out;
    // Rules hold for what is in a list or a map.
    while (leaf->element != nullptr) {
      at = &at->at(leaf->kind == Shape::Kind::list ? "items" : "additionalProperties").as_object();
      leaf = leaf->element;
    }
    add_rules(*at, rules);
    if (!rules.example.empty()) (*at)["examples"] = json::array{example_value(*leaf, rules.example)};
    return out;
  }

 private:
  static void add_rules(json::object& out, const Rules& rules) {
    if (rules.has_length) {
      out["minLength"] = rules.least_length;
      out["maxLength"] = rules.most_length;
    }
    if (rules.has_range) {
      out["minimum"] = rules.least;
      out["maximum"] = rules.most;
    }
    if (rules.choices.empty()) return;
    json::array choices;
    for (const std::string_view choice : rules.choices) choices.push_back(to_json(choice));
    out["enum"] = std::move(choices);
  }

  static void make_nullable(json::object& schema) {
    if (json::value* type = schema.if_contains("type")) {
      *type = json::array{*type, "null"};
      if (json::value* choices = schema.if_contains("enum")) choices->as_array().push_back(nullptr);
    } else if (json::value* any = schema.if_contains("anyOf")) {
      any->as_array().push_back(of_type("null"));
    } else {
      schema = {{"anyOf", json::array{json::object(schema), of_type("null")}}};
    }
  }

  json::object& components_;
  Side side_;
};

}  // namespace

boost::json::value schema(const Shape& shape, boost::json::object& components, Side side) {
  return Writer(components, side).value(shape);
}

boost::json::value example_value(const Shape& leaf, std::string_view text) {
  if (leaf.kind == Shape::Kind::boolean) return text == "true";
  if (leaf.kind == Shape::Kind::json) return json::parse(to_json(text));
  const bool may_be_integer = leaf.kind == Shape::Kind::integer || leaf.kind == Shape::Kind::parsed_time;
  std::int64_t number = 0;
  const char* const last = text.data() + text.size();
  if (may_be_integer && std::from_chars(text.data(), last, number).ptr == last) return number;
  return to_json(text);
}

boost::json::value field_schema(const FieldShape& field, boost::json::object& components, Side side) {
  return Writer(components, side).present_field(field);
}

}  // namespace gatehouse::wire
