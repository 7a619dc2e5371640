#include "api/openapi.h"

#include "api/json_text.h"
#include "base/text.h"
#include "wire/schema.h"

#include <boost/json.hpp>

namespace gatehouse::api {

namespace json = boost::json;

namespace {

json::object reference(std::string_view name) { return {{"$ref", "#/components/" + std::string(name)}}; }

json::object content(std::string_view type, json::value schema) {
  return {{json::string_view(type.data(), type.size()), {{"schema", std::move(schema)}}}};
}

bool is_in_path(const Row& row, std::string_view field) {
  return row.route.path.find("{" + std::string(field) + "}") != std::string::npos;
}

/// Path parameters, and for rows that read the query, all other fields.
json::array parameters(const Row& row, json::object& schemas) {
  json::array list;
  const bool in_query = row.route.method == http::Method::get || row.route.method == http::Method::del;
  for (const wire::FieldShape& field : row.input->fields) {
    const bool in_path = is_in_path(row, field.rules.name);
    if (!in_path && !in_query) continue;
    json::object parameter{{"name", field.rules.name},
                           {"in", in_path ? "path" : "query"},
                           {"required", in_path || (!field.optional && row.route.method == http::Method::get)}};
    if (!field.rules.description.empty()) parameter["description"] = field.rules.description;
    parameter["schema"] = wire::field_schema(field, schemas, wire::Side::input);
    list.push_back(std::move(parameter));
  }
  return list;
}

json::object responses(const Row& row, json::object& schemas) {
  json::object success{{"description", row.summary}};
  if (row.output != nullptr)
    success["content"] = content("application/json", wire::schema(*row.output, schemas, wire::Side::output));
  json::object files;
  for (const std::string_view type : row.media_types) files.insert(*content(type, {{"type", "string"}}).begin());
  if (!files.empty()) success["content"] = std::move(files);
  json::object all{{std::to_string(row.success), std::move(success)}};
  all["default"] = reference("responses/Problem");
  return all;
}

json::object operation(const Row& row, json::object& schemas) {
  json::object out{{"operationId", row.route.name}, {"summary", row.summary}};
  if (!row.permission.empty()) out["description"] = "Needs the permission `" + row.permission + "` there.";
  json::array security;
  if (row.access != Access::anyone) security.push_back(json::object{{"bearer", json::array()}});
  out["security"] = std::move(security);
  if (row.input != nullptr) {
    json::array list = parameters(row, schemas);
    if (!list.empty()) out["parameters"] = std::move(list);
    const bool is_body = row.route.method != http::Method::get;
    if (is_body) {
      const json::value schema = wire::schema(*row.input, schemas, wire::Side::input);
      json::object types = content("application/json", schema);
      if (row.takes_form) types["application/x-www-form-urlencoded"] = {{"schema", schema}};
      out["requestBody"] = {{"required", row.route.method != http::Method::del}, {"content", std::move(types)}};
    }
  }
  out["responses"] = responses(row, schemas);
  return out;
}

json::object problem_response() {
  const json::object text{{"type", "string"}};
  json::object item{{"type", "object"}, {"properties", {{"pointer", text}, {"detail", text}}}};
  json::object schema{{"type", "object"},
                      {"required", {"type", "title", "status", "detail", "code", "request_id"}},
                      {"properties",
                       {{"type", text},
                        {"title", text},
                        {"status", {{"type", "integer"}}},
                        {"detail", text},
                        {"code", text},
                        {"request_id", text},
                        {"errors", {{"type", "array"}, {"items", std::move(item)}}}}}};
  return {{"description", "A refusal (RFC 9457). `code` is stable."},
          {"content", content("application/problem+json", std::move(schema))}};
}

}  // namespace

std::string openapi_document(const std::vector<Row>& rows) {
  json::object schemas, paths;
  for (const Row& row : rows) {
    const std::string method = base::to_lower_ascii(http::to_string(row.route.method));
    json::value& path = paths[row.route.path];
    if (!path.is_object()) path = json::object();
    path.as_object()[method] = operation(row, schemas);
  }
  const json::object document{
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "Gatehouse"},
        {"version", GATEHOUSE_VERSION},
        {"description", "Authentication and user management for multi-tenant SaaS."},
        {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
      {"servers", json::array{json::object{{"url", "/"}}}},
      {"paths", std::move(paths)},
      {"components",
       {{"schemas", std::move(schemas)},
        {"responses", {{"Problem", problem_response()}}},
        {"securitySchemes", {{"bearer", {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}}}}}}};
  return to_indented_text(document) + "\n";
}

}  // namespace gatehouse::api
