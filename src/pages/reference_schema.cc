#include "pages/reference_schema.h"

#include "base/errors.h"

#include <algorithm>
#include <boost/json.hpp>
#include <string>

namespace gatehouse::pages {

namespace json = boost::json;

namespace {

std::string_view text_of(const json::value& value) { return value.as_string(); }

const json::object* find_object(const json::object& in, std::string_view name) {
  const json::value* value = in.if_contains(json::string_view(name.data(), name.size()));
  return value != nullptr ? value->if_object() : nullptr;
}

std::string_view find_text(const json::object& in, std::string_view name) {
  const json::value* value = in.if_contains(json::string_view(name.data(), name.size()));
  return value != nullptr && value->is_string() ? text_of(*value) : std::string_view();
}

std::string number_of(const json::object& schema, std::string_view name) {
  return json::serialize(schema.at(json::string_view(name.data(), name.size())));
}

Html joined(const std::vector<Html>& parts, std::string_view separator) {
  Html out;
  for (const Html& part : parts) out += out.text().empty() ? part : html("{}{}", separator, part);
  return out;
}

std::vector<std::string_view> type_names(const json::object& schema) {
  std::vector<std::string_view> names;
  const json::value* type = schema.if_contains("type");
  if (type == nullptr) return names;
  if (type->is_string()) return {text_of(*type)};
  for (const json::value& each : type->as_array()) names.push_back(text_of(each));
  return names;
}

Html scalar_type(std::string_view name, const json::object& schema) {
  if (name == "null") return html("null");
  const std::string_view pattern = find_text(schema, "pattern");
  if (const auto end = pattern.find("_["); !pattern.empty() && end != std::string_view::npos) {
    return html("id <code>{}_…</code>", pattern.substr(1, end - 1));
  }
  const std::string_view format = find_text(schema, "format");
  Html out = format.empty() || format == "int64" ? html("{}", name) : html("{} ({})", name, format);
  if (schema.contains("maxLength")) {
    out += html(", {} to {} characters", number_of(schema, "minLength"), number_of(schema, "maxLength"));
  }
  if (schema.contains("maximum")) {
    out += html(", {} to {}", number_of(schema, "minimum"), number_of(schema, "maximum"));
  } else if (schema.contains("minimum")) {
    out += html(", from {}", number_of(schema, "minimum"));
  }
  return out;
}

Html one_type(std::string_view name, const json::object& schema) {
  if (name == "array") return html("list of {}", type_of(schema.at("items").as_object()));
  if (name == "object") {
    const json::object* values = find_object(schema, "additionalProperties");
    return values != nullptr ? html("object of {} by name", type_of(*values)) : html("object");
  }
  return scalar_type(name, schema);
}

Html choices_of(const json::array& choices) {
  std::vector<Html> parts;
  for (const json::value& choice : choices) {
    parts.push_back(choice.is_string() ? html("<code>{}</code>", text_of(choice)) : html("null"));
  }
  return html("one of {}", joined(parts, ", "));
}

/// The object without a name in which members are, and what their names begin with; null when there is none.
const json::object* inner_object(const json::object& schema, std::string& prefix) {
  const json::object* at = &schema;
  while (find_object(*at, "items") != nullptr) {
    at = find_object(*at, "items");
    prefix += "[]";
  }
  prefix += '.';
  return find_object(*at, "properties") != nullptr ? at : nullptr;
}

Html rows_of(const json::object& schema, const std::string& prefix) {
  const json::value* required = schema.if_contains("required");
  Html rows;
  for (const auto& [name, value] : schema.at("properties").as_object()) {
    const json::object& field = value.as_object();
    const bool is_required = required != nullptr && std::find(required->as_array().begin(), required->as_array().end(),
                                                              json::value(name)) != required->as_array().end();
    const std::string full = prefix + std::string(name);
    rows += html("<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>\n", full, type_of(field),
                 is_required ? "required" : "optional", prose(find_text(field, "description")));
    std::string inner_prefix = full;
    if (const json::object* inner = inner_object(field, inner_prefix)) rows += rows_of(*inner, inner_prefix);
  }
  return rows;
}

/// The code of an error leads to its explanation.
Html code(std::string_view word) {
  const bool is_error = std::any_of(base::kErrorCodes.begin(), base::kErrorCodes.end(),
                                    [&](const base::ErrorCode* each) { return each->name == word; });
  const Html marked = html("<code>{}</code>", word);
  return is_error ? html("<a href=\"/docs/errors#{}\">{}</a>", word, marked) : marked;
}

}  // namespace

Html prose(std::string_view text) {
  Html out;
  for (bool is_code = false; !text.empty(); is_code = !is_code) {
    const std::size_t end = std::min(text.find('`'), text.size());
    out += is_code ? code(text.substr(0, end)) : html("{}", text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string schema_anchor(std::string_view name) { return "schema-" + std::string(name); }

Html type_of(const json::object& schema) {
  if (const std::string_view reference = find_text(schema, "$ref"); !reference.empty()) {
    const std::string_view name = reference.substr(reference.rfind('/') + 1);
    return html("<a href=\"#{}\">{}</a>", schema_anchor(name), name);
  }
  if (const json::value* choices = schema.if_contains("enum")) return choices_of(choices->as_array());
  std::vector<Html> parts;
  if (const json::value* any = schema.if_contains("anyOf")) {
    for (const json::value& each : any->as_array()) parts.push_back(type_of(each.as_object()));
  }
  for (const std::string_view name : type_names(schema)) parts.push_back(one_type(name, schema));
  return joined(parts, " or ");
}

Html fields_of(const json::object& schema) {
  if (find_object(schema, "properties") == nullptr) return html("<p>{}</p>\n", type_of(schema));
  return html(
      "<table>\n<thead><tr><th>Field</th><th>Type</th><th>Required</th><th>Meaning</th></tr></thead>\n"
      "<tbody>\n{}</tbody>\n</table>\n",
      rows_of(schema, ""));
}

}  // namespace gatehouse::pages
