#include "api/openapi_operation.h"

#include "api/example.h"
#include "domain/csv.h"

#include <algorithm>
#include <boost/json.hpp>

namespace gatehouse::api {

namespace json = boost::json;
using http::Method;

namespace {

json::string_view to_json(std::string_view text) { return {text.data(), text.size()}; }

bool reads_query(const Row& row) { return row.route.method == Method::get || row.route.method == Method::del; }

bool needs_token(const Row& row) { return row.access != Access::anyone; }

/// A list: `page` stands beside `data`.
bool is_page(const Row& row) {
  return row.output != nullptr && std::any_of(row.output->fields.begin(), row.output->fields.end(),
                                              [](const auto& field) { return field.rules.name == "page"; });
}

/// The input without what stands in the path.
struct BodyShape {
  explicit BodyShape(const Row& row) : shape(*row.input) {
    std::copy_if(row.input->fields.begin(), row.input->fields.end(), std::back_inserter(fields),
                 [&](const wire::FieldShape& field) { return !row.is_in_path(field.rules.name); });
    shape.fields = fields;
  }
  BodyShape(const BodyShape&) = delete;
  BodyShape& operator=(const BodyShape&) = delete;

  std::vector<wire::FieldShape> fields;
  wire::Shape shape;
};

bool has_id(const wire::Shape& shape) {
  if (shape.kind == wire::Shape::Kind::id) return true;
  if (shape.element != nullptr) return has_id(*shape.element);
  return std::any_of(shape.fields.begin(), shape.fields.end(), [](const auto& field) { return has_id(*field.shape); });
}

/// A GET row that takes a body does with it what POST of the path does: the original service had it so.
const Row* posting_twin(const Row& row, const std::vector<Row>& rows) {
  if (row.route.method != Method::get || !row.route.takes_body) return nullptr;
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& other) {
    return other.route.path == row.route.path && other.route.method == Method::post;
  });
  return found != rows.end() ? &*found : nullptr;
}

std::string who_may_call(const Row& row) {
  if (!needs_token(row)) return "Open to all.";
  if (row.permission.empty()) return "For whoever is signed in.";
  const std::string what = "Needs the permission `" + row.permission + "`";
  // The classic statistics.
  if (row.access == Access::person) {
    return what + " in an organization, and a person's token. API keys are refused (`person_needed`): they use " +
           "`/v1/organizations/{organization}/stats/…`.";
  }
  return row.access == Access::platform ? what + "; for operators." : what + " in the organization.";
}

json::array parameters(const Row& row, Components& components) {
  json::array list;
  const auto fields = row.input != nullptr ? row.input->fields : std::span<const wire::FieldShape>();
  for (const wire::FieldShape& field : fields) {
    const bool in_path = row.is_in_path(field.rules.name);
    if (!in_path && !reads_query(row)) continue;
    json::object parameter{{"name", to_json(field.rules.name)}, {"in", in_path ? "path" : "query"}};
    // Of DELETE rows, the fields may stand in a body instead; of GET rows that take one, as well.
    if (in_path || (!field.optional && !row.route.takes_body)) parameter["required"] = true;
    if (!field.rules.description.empty()) parameter["description"] = to_json(field.rules.description);
    parameter["schema"] = wire::field_schema(field, components.schemas(), wire::Side::input);
    parameter["example"] = example_of(field, wire::Side::input);
    list.push_back(std::move(parameter));
  }
  if (row.creates) list.push_back(components.request_header("Idempotency-Key"));
  if (row.takes_if_match()) list.push_back(components.request_header("If-Match"));
  if (row.has_etag() && row.route.method == Method::get) list.push_back(components.request_header("If-None-Match"));
  return list;
}

json::object file_body(const Row& row) {
  json::object types;
  for (const std::string_view type : row.body_types) {
    types[to_json(type)] = {{"schema", {{"type", "string"}, {"contentMediaType", to_json(type)}}}};
  }
  return {{"description", "A file of at most " + std::to_string(row.route.body_limit / 1024) + " KiB."},
          {"required", true},
          {"content", std::move(types)}};
}

/// Nothing when the row takes no body, or has nothing to say in one.
std::optional<json::object> request_body(const Row& row, const std::vector<Row>& rows, Components& components) {
  if (!row.body_types.empty()) return file_body(row);
  const Row* twin = posting_twin(row, rows);
  const Row& source = twin != nullptr ? *twin : row;
  if (source.input == nullptr || source.route.method == Method::get) return std::nullopt;
  const BodyShape body(source);
  if (body.fields.empty()) return std::nullopt;
  const bool is_patch = source.route.method == Method::patch;
  const auto side = is_patch ? wire::Side::merge_patch : wire::Side::input;
  const json::object content{{"schema", wire::schema(body.shape, components.schemas(), side)},
                             {"example", example_of(body.shape, side)}};
  json::object types{{"application/json", content}};
  if (is_patch) types["application/merge-patch+json"] = content;
  if (row.takes_form) types["application/x-www-form-urlencoded"] = content;
  json::object out{{"required", !reads_query(row) && row.needs_input}, {"content", std::move(types)}};
  if (twin != nullptr) out["description"] = "With it, as POST; without it, nothing changes.";
  if (row.route.method == Method::del) out["description"] = "In the place of the query.";
  return out;
}

json::object success_headers(const Row& row, Components& components) {
  json::object headers;
  const auto add = [&](std::string_view name) { headers[to_json(name)] = components.header(name); };
  add("X-Request-Id");
  if (row.route.lane != http::Lane::memory) {
    add("RateLimit-Policy");
    add("RateLimit");
  }
  if (row.has_etag()) add("ETag");
  const bool is_file = row.output == nullptr && !row.media_types.empty();
  if (is_page(row) || is_file) add("Link");
  if (row.creates) add("Idempotency-Replayed");
  return headers;
}

/// The rows of an answer, as they are in its CSV.
std::string table_example(const json::value& answer) {
  std::string names, values;
  for (const auto& [name, value] : answer.at("data").at(0).as_object()) {
    const std::string_view comma = names.empty() ? "" : ",";
    names.append(comma).append(name);
    values.append(comma).append(value.is_string() ? domain::csv_cell(value.as_string()) : json::serialize(value));
  }
  return names + "\r\n" + values + "\r\n";
}

/// The beginning of a file of that type: the rows whose answers are files alone export the audit log.
json::string_view file_example(std::string_view type) {
  if (type.starts_with("text/csv")) {
    return "id,at,action,actor_kind,actor_id,subject,organization_id,address,request_id,details\r\n"
           R"("aud_01kams5vygfpj9x3m7c0w2r8td","2026-11-22T11:50:34.000Z","invitation.sent","user",)"
           R"("usr_01kams5vygfpj9x3m7c0w2r8td","inv_01kams5vygfpj9x3m7c0w2r8td","org_01kams5vygfpj9x3m7c0w2r8td",)"
           R"("192.0.2.7","req_01kams5vygfpj9x3m7c0w2r8td","{""role_id"":""rol_01kams5vygfpj9x3m7c0w2r8td""}")"
           "\r\n";
  }
  return R"({"id":"aud_01kams5vygfpj9x3m7c0w2r8td","at":"2026-11-22T11:50:34.000Z","action":"invitation.sent",)"
         R"("actor":{"kind":"user","id":"usr_01kams5vygfpj9x3m7c0w2r8td"},"subject":"inv_01kams5vygfpj9x3m7c0w2r8td",)"
         R"("organization_id":"org_01kams5vygfpj9x3m7c0w2r8td","address":"192.0.2.7",)"
         R"("request_id":"req_01kams5vygfpj9x3m7c0w2r8td","details":{"role_id":"rol_01kams5vygfpj9x3m7c0w2r8td"}})"
         "\n";
}

json::object success(const Row& row, const std::vector<Row>& rows, Components& components) {
  json::object answer{{"description", row.summary}, {"headers", success_headers(row, components)}};
  json::object types;
  for (const std::string_view type : row.media_types) {
    const std::string example = row.output != nullptr ? table_example(example_of(*row.output, wire::Side::output))
                                                      : std::string(file_example(type));
    types[to_json(type.substr(0, type.find(';')))] = {{"schema", {{"type", "string"}}}, {"example", example}};
  }
  if (row.output == nullptr) {
    if (!types.empty()) answer["content"] = std::move(types);
    return answer;
  }
  json::value schema = wire::schema(*row.output, components.schemas(), wire::Side::output);
  if (const Row* twin = posting_twin(row, rows)) {
    json::value other = wire::schema(*twin->output, components.schemas(), wire::Side::output);
    schema = json::object{{"anyOf", json::array{std::move(schema), std::move(other)}}};
  }
  types["application/json"] = {{"schema", std::move(schema)}, {"example", example_of(*row.output, wire::Side::output)}};
  answer["content"] = std::move(types);
  return answer;
}

/// What follows from what the row takes; the operation's own rules may refuse in other ways.
std::vector<int> refusals(const Row& row) {
  std::vector<int> all{400};
  if (needs_token(row)) {
    all.push_back(401);
    all.push_back(403);
  }
  if (row.access == Access::platform || (row.input != nullptr && has_id(*row.input))) all.push_back(404);
  if (row.creates) all.push_back(409);
  if (row.takes_if_match()) all.push_back(412);
  if (row.input != nullptr && row.route.takes_body) all.push_back(415);
  if (row.creates) all.push_back(422);
  if (row.route.lane != http::Lane::memory) {
    all.push_back(429);
    all.push_back(503);
  }
  return all;
}

json::object responses(const Row& row, const std::vector<Row>& rows, Components& components) {
  json::object all{{std::to_string(row.success), success(row, rows, components)}};
  if (row.has_etag() && row.route.method == Method::get) {
    json::object headers{{"X-Request-Id", components.header("X-Request-Id")}, {"ETag", components.header("ETag")}};
    all["304"] = {{"description", "What the caller has is current."}, {"headers", std::move(headers)}};
  }
  for (const int status : refusals(row)) all[std::to_string(status)] = components.refusal(status);
  all["default"] = components.refusal(0);
  return all;
}

}  // namespace

json::object describe_operation(const Row& row, const std::vector<Row>& rows, Components& components) {
  json::object out{{"operationId", row.route.name}, {"summary", row.summary}, {"description", who_may_call(row)}};
  out["security"] = needs_token(row) ? components.security(row.takes_key) : json::array();
  if (json::array list = parameters(row, components); !list.empty()) out["parameters"] = std::move(list);
  if (auto body = request_body(row, rows, components)) out["requestBody"] = std::move(*body);
  out["responses"] = responses(row, rows, components);
  return out;
}

}  // namespace gatehouse::api
