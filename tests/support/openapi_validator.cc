#include "tests/support/openapi_validator.h"

#include "base/errors.h"
#include "base/text.h"
#include "http/target.h"
#include "tests/support/json_schema.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace gatehouse::tests {

namespace json = boost::json;

namespace {

/// Header fields of answers that tell clients something: sent means documented.
constexpr std::array<std::string_view, 6> kTellingHeaders{"ratelimit", "ratelimit-policy", "etag",
                                                          "link",      "retry-after",      "idempotency-replayed"};

std::string media_type(std::string_view field) {
  return base::to_lower_ascii(base::trim(field.substr(0, field.find(';'))));
}

std::string header_of(const Call& call, std::string_view name) {
  for (const auto& [key, value] : call.headers) {
    if (base::to_lower_ascii(key) == name) return value;
  }
  return {};
}

void add_all(std::vector<std::string>& found, std::string_view where, const std::vector<std::string>& more) {
  for (const std::string& each : more) found.push_back(std::string(where) + ": " + each);
}

}  // namespace

struct OpenApiValidator::Asked {
  const Call& call;
  http::Target target;
  Headers path_values;
};

OpenApiValidator::OpenApiValidator(std::string_view document)
    : document_(json::parse(json::string_view(document.data(), document.size()))) {}

std::vector<std::string> OpenApiValidator::problems(const Call& call, const Reply& reply) const {
  std::vector<std::string> found;
  if (reply.status == 0) return found;
  const std::string type = media_type(reply.header("content-type"));
  if (type == "application/problem+json" && call.method != "HEAD") check_refusal(reply, found);
  auto target = http::parse_target(call.target, header_of(call, "host"), false);
  if (!target || call.method == "OPTIONS" || type == "text/html" || type == "text/plain") return found;
  Asked asked{call, std::move(*target), {}};
  if (!asked.target.path.empty() && asked.target.path[0] == "dev") return found;
  const Object* operation = find_operation(asked);
  const bool is_success = reply.status >= 200 && reply.status < 300;
  if (operation != nullptr) {
    check_answer(*operation, asked, reply, found);
    if (is_success) check_request(*operation, asked, found);
  } else if (is_success && type == "application/json" && reply.header("content-disposition").empty()) {
    // A page may end in a file to be kept.
    found.push_back("no such operation is documented");
  }
  return found;
}

const Object& OpenApiValidator::resolved(const Json& value) const {
  const Json* reference = value.as_object().if_contains("$ref");
  return reference != nullptr ? resolve_reference(document_, *reference).as_object() : value.as_object();
}

/// Literal segments win over parameters, as in the router.
const Object* OpenApiValidator::find_operation(Asked& asked) const {
  const std::string method = asked.call.method == "HEAD" ? "get" : base::to_lower_ascii(asked.call.method);
  const Object* best = nullptr;
  for (const auto& [key, methods] : document_.at("paths").as_object()) {
    const std::string_view path(key.data() + 1, key.size() - 1);
    const auto segments = base::split(path, '/');
    if (segments.size() != asked.target.path.size()) continue;
    Headers values;
    bool is_match = true;
    for (std::size_t i = 0; i < segments.size() && is_match; ++i) {
      if (segments[i].starts_with('{')) {
        values.emplace_back(segments[i].substr(1, segments[i].size() - 2), asked.target.path[i]);
      } else {
        is_match = segments[i] == asked.target.path[i];
      }
    }
    const Json* operation = methods.as_object().if_contains(method);
    if (!is_match || operation == nullptr) continue;
    if (best != nullptr && values.size() >= asked.path_values.size()) continue;
    best = &operation->as_object();
    asked.path_values = std::move(values);
  }
  return best;
}

void OpenApiValidator::check_refusal(const Reply& reply, std::vector<std::string>& found) const {
  const Json schema{{"$ref", "#/components/schemas/Problem"}};
  const auto wrong = schema_problems(document_, schema, reply.json, Unlisted::refused);
  add_all(found, "the refusal", wrong);
  if (!wrong.empty()) return;
  const std::string code = reply.text("/code");
  const bool is_known =
      std::any_of(base::kErrorCodes.begin(), base::kErrorCodes.end(),
                  [&](const base::ErrorCode* each) { return each->name == code && each->status == reply.status; });
  if (!is_known || reply.number("/status") != reply.status) {
    found.push_back("the refusal: " + code + " does not belong to " + std::to_string(reply.status));
  }
}

void OpenApiValidator::check_answer(const Object& operation, const Asked& asked, const Reply& reply,
                                    std::vector<std::string>& found) const {
  const Object& responses = operation.at("responses").as_object();
  const Json* listed = responses.if_contains(std::to_string(reply.status));
  // Refusals only: success has a status that clients know beforehand.
  if (listed == nullptr && reply.status >= 400) listed = responses.if_contains("default");
  if (listed == nullptr) return found.push_back("the status is not documented");
  const Object& response = resolved(*listed);
  check_headers(response, reply, found);
  const Json* types = response.if_contains("content");
  if (asked.call.method == "HEAD") return;
  if (types == nullptr) {
    const bool may_have_body = reply.status != 204 && reply.status != 304;
    if (!may_have_body && !reply.body.empty()) found.push_back("a body where none may be");
    return;
  }
  const std::string type = media_type(reply.header("content-type"));
  const Json* content = types->as_object().if_contains(type);
  if (content == nullptr) return found.push_back("the media type is not documented: " + type);
  // A file is told by its type alone.
  if (type != "application/json") return;
  add_all(found, "the answer", schema_problems(document_, content->at("schema"), reply.json, Unlisted::refused));
}

void OpenApiValidator::check_headers(const Object& response, const Reply& reply,
                                     std::vector<std::string>& found) const {
  std::vector<std::string> documented;
  if (const Json* headers = response.if_contains("headers")) {
    for (const auto& [name, header] : headers->as_object()) {
      documented.push_back(base::to_lower_ascii(std::string_view(name.data(), name.size())));
      const Json* required = resolved(header).if_contains("required");
      if (required != nullptr && required->as_bool() && reply.header(documented.back()).empty()) {
        found.push_back("the header field is missing: " + std::string(name));
      }
    }
  }
  for (const auto& [name, value] : reply.headers) {
    const bool is_telling = std::find(kTellingHeaders.begin(), kTellingHeaders.end(), name) != kTellingHeaders.end();
    if (is_telling && std::find(documented.begin(), documented.end(), name) == documented.end()) {
      found.push_back("the header field is not documented: " + name);
    }
  }
}

void OpenApiValidator::check_request(const Object& operation, const Asked& asked,
                                     std::vector<std::string>& found) const {
  const bool has_token = !asked.call.token.empty() || !header_of(asked.call, "authorization").empty() ||
                         !header_of(asked.call, "cookie").empty();
  if (!operation.at("security").as_array().empty() && !has_token) found.push_back("2xx without a token");
  check_parameters(operation, asked, found);
  check_body(operation, asked, found);
}

void OpenApiValidator::check_parameters(const Object& operation, const Asked& asked,
                                        std::vector<std::string>& found) const {
  std::vector<std::string> known;
  const auto check = [&](const Object& parameter, const Headers& values) {
    const std::string name = text_of(parameter.at("name"));
    known.push_back(name);
    const auto value = std::find_if(values.begin(), values.end(), [&](const auto& each) { return each.first == name; });
    if (value != values.end()) {
      const Json& schema = parameter.at("schema");
      add_all(found, name, schema_problems(document_, schema, typed(schema, value->second), Unlisted::refused));
    } else if (parameter.contains("required") && parameter.at("required").as_bool()) {
      found.push_back("2xx without the parameter " + name);
    }
  };
  if (const Json* parameters = operation.if_contains("parameters")) {
    for (const Json& each : parameters->as_array()) {
      const Object& parameter = resolved(each);
      const std::string in = text_of(parameter.at("in"));
      if (in != "header") check(parameter, in == "path" ? asked.path_values : Headers(asked.target.query));
    }
  }
  for (const auto& [name, value] : asked.target.query) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      found.push_back("2xx with a parameter that is not documented: " + name);
    }
  }
}

void OpenApiValidator::check_body(const Object& operation, const Asked& asked, std::vector<std::string>& found) const {
  const Json* body = operation.if_contains("requestBody");
  if (!asked.call.body || asked.call.body->empty()) {
    if (body != nullptr && body->at("required").as_bool()) found.push_back("2xx without a body");
    return;
  }
  if (body == nullptr) {
    if (*asked.call.body != "{}") found.push_back("2xx with a body that is not documented");
    return;
  }
  std::string type = header_of(asked.call, "content-type");
  type = media_type(type.empty() ? asked.call.content_type : type);
  const Json* content = body->at("content").as_object().if_contains(type);
  if (content == nullptr) return found.push_back("2xx with a body of a type that is not documented: " + type);
  // A file is told by its type alone.
  const bool is_form = type == "application/x-www-form-urlencoded";
  if (!is_form && !type.ends_with("json")) return;
  const Json& schema = content->at("schema");
  Json value;
  if (!is_form) {
    value = json::parse(*asked.call.body);
  } else {
    const Object& properties = resolved(schema).at("properties").as_object();
    Object fields;
    for (const std::string_view pair : base::split(*asked.call.body, '&')) {
      const auto equals = pair.find('=');
      const auto name = base::unescape_url(pair.substr(0, equals), true).value_or("");
      const auto text = base::unescape_url(pair.substr(equals + 1), true).value_or("");
      const Json* field = properties.if_contains(name);
      fields[name] = field != nullptr ? typed(*field, text) : Json(text);
    }
    value = std::move(fields);
  }
  add_all(found, "the request", schema_problems(document_, schema, value, Unlisted::refused));
}

Json OpenApiValidator::typed(const Json& schema, const std::string& text) const {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const bool is_number = !text.empty() && std::from_chars(text.data(), end, number).ptr == end;
  std::vector<Json> readings;
  if (is_number) readings.emplace_back(number);
  double fraction = 0;
  const bool is_fraction = !is_number && !text.empty() && std::from_chars(text.data(), end, fraction).ptr == end;
  if (is_fraction) readings.emplace_back(fraction);
  if (text == "true" || text == "false") readings.emplace_back(text == "true");
  for (const Json& reading : readings) {
    if (schema_problems(document_, schema, reading, Unlisted::refused).empty()) return reading;
  }
  return Json(text);
}

}  // namespace gatehouse::tests
