#include "api/openapi_components.h"

#include "base/errors.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <stdexcept>

namespace gatehouse::api {

namespace json = boost::json;

namespace {

struct HeaderText {
  std::string_view name;
  std::string_view description;
  std::string_view example;
  bool is_always_there = false;
};

constexpr std::array kResponseHeaders{
    HeaderText{"X-Request-Id", "The caller's `X-Request-Id`, or ours; it stands in our logs.",
               "req_01kams5vygfpj9x3m7c0w2r8td", true},
    HeaderText{"RateLimit-Policy", "The limits that were touched: `q` tries in `w` seconds.", "\"sign-in\";q=10;w=60"},
    HeaderText{"RateLimit", "What is left of them: `r` tries; the window ends in `t` seconds.", "\"sign-in\";r=9;t=60"},
    HeaderText{"Retry-After", "Seconds to wait before the next try.", "60"},
    HeaderText{"WWW-Authenticate", "RFC 6750, section 3.", "Bearer realm=\"gatehouse\"", true},
    HeaderText{"ETag", "The version of what is shown (RFC 9110), for `If-Match` and `If-None-Match`.",
               "\"m0BvHkXqYw3\"", true},
    HeaderText{"Link", "The next page (RFC 8288), when there is one.", "</v1/…?after=…>; rel=\"next\""},
    HeaderText{"Idempotency-Replayed", "`true` when this is the answer that an earlier request got.", "true"},
};

constexpr std::array kRequestHeaders{
    HeaderText{"Idempotency-Key",
               "A text of your choice, new for each thing to create: the same request sent again with it within 24 "
               "hours gets the first answer again.",
               "0d5c0b3e-7e44-4c7d-9a52-4a4a26c1e0c7"},
    HeaderText{"If-Match", "The `ETag` of what is to be changed; 412 when it has changed since.", "\"m0BvHkXqYw3\""},
    HeaderText{"If-None-Match", "The `ETag` of what you have; 304 when it is current.", "\"m0BvHkXqYw3\""},
};

struct Refusal {
  int status;
  std::string_view name;
  std::string_view when;
  /// The commonest one, for the example; the first of that status when null.
  const base::ErrorCode* code = nullptr;
};

constexpr std::array kRefusals{
    Refusal{0, "Problem",
            "What the rules of the operation refuse beyond the statuses above, and what any request can meet.",
            &base::kInternal},
    Refusal{400, "BadRequest", "The request can't be read, or fields of it can't be accepted.", &base::kInvalidRequest},
    Refusal{401, "Unauthenticated", "What proves who asks is missing, wrong or expired.", &base::kUnauthenticated},
    Refusal{403, "Forbidden", "The caller is known and may not do this.", &base::kForbidden},
    Refusal{404, "NotFound", "Something that is named is not there, or not for the caller to see.", &base::kNotFound},
    Refusal{409, "Conflict", "It does not go together with what is there already."},
    Refusal{412, "PreconditionFailed", "It was changed since it had the ETag in `If-Match`."},
    Refusal{415, "UnsupportedMediaType", "The body has a media type or a content encoding that is not taken here."},
    Refusal{422, "UnprocessableContent", "The `Idempotency-Key` was used before, with another body."},
    Refusal{429, "TooManyRequests", "A limit is used up."},
    Refusal{503, "Overloaded", "The server is busy, or its database does not answer."},
};

json::string_view to_json(std::string_view text) { return {text.data(), text.size()}; }

json::object refer(std::string_view kind, std::string_view name) {
  return {{"$ref", "#/components/" + std::string(kind) + "/" + std::string(name)}};
}

json::object text_schema() { return {{"type", "string"}}; }

json::object described(json::object schema, std::string_view description) {
  schema["description"] = to_json(description);
  return schema;
}

template <class Table>
const HeaderText& find_header(const Table& table, std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.name == name; });
  if (found == table.end()) throw std::logic_error("there is no header " + std::string(name));
  return *found;
}

json::object problem_schema() {
  json::object item{{"type", "object"},
                    {"required", {"pointer", "detail"}},
                    {"properties",
                     {{"pointer", described(text_schema(),
                                            "JSON pointer into the body, `?name` of the query, "
                                            "`{name}` of the path.")},
                      {"detail", described(text_schema(), "What is wrong with it.")}}}};
  json::object errors{{"type", "array"}, {"items", std::move(item)}};
  json::object status{{"type", "integer"}, {"minimum", 400}, {"maximum", 599}};
  return {{"type", "object"},
          {"description", "A refusal (RFC 9457)."},
          {"properties",
           {{"type", described(text_schema(), "Where the code is explained.")},
            {"title", described(text_schema(), "The sentence that belongs to the code.")},
            {"status", described(std::move(status), "The HTTP status again.")},
            {"detail", described(text_schema(), "What is wrong this time.")},
            {"code", described(text_schema(), "Stable: programs may rely on it.")},
            {"request_id", described(text_schema(), "The `X-Request-Id` of the answer.")},
            {"trace_id", described(text_schema(), "The trace id of a valid `traceparent` in the request.")},
            {"errors", described(std::move(errors), "The fields at fault.")}}},
          {"required", {"type", "title", "status", "detail", "code", "request_id"}}};
}

json::object problem_example(const base::ErrorCode& code) {
  json::object out{{"type", "/docs/errors#" + std::string(code.name)},
                   {"title", to_json(code.title)},
                   {"status", code.status},
                   {"detail", to_json(code.title)},
                   {"code", to_json(code.name)},
                   {"request_id", "req_01kams5vygfpj9x3m7c0w2r8td"}};
  if (&code == &base::kInvalidRequest) {
    out["errors"] = json::array{json::object{{"pointer", "/email"}, {"detail", "is required"}}};
  }
  return out;
}

/// The sentence, and all codes that travel with the status; of the one for all others, those of all others.
std::string describe(const Refusal& refusal) {
  const auto belongs = [&](const base::ErrorCode& code) {
    const auto has_status = [&](const Refusal& each) { return each.status == code.status; };
    const bool is_listed = std::any_of(kRefusals.begin(), kRefusals.end(), has_status);
    return refusal.status == 0 ? !is_listed : code.status == refusal.status;
  };
  std::string codes;
  for (const base::ErrorCode* code : base::kErrorCodes) {
    if (!belongs(*code)) continue;
    codes += (codes.empty() ? "`" : ", `") + std::string(code->name) + "`";
    if (refusal.status == 0) codes += " (" + std::to_string(code->status) + ")";
  }
  return std::string(refusal.when) + (codes.empty() ? "" : " Codes: " + codes + ".");
}

const base::ErrorCode* example_code(const Refusal& refusal) {
  if (refusal.code != nullptr) return refusal.code;
  for (const base::ErrorCode* code : base::kErrorCodes) {
    if (code->status == refusal.status) return code;
  }
  return nullptr;
}

}  // namespace

json::object Components::header(std::string_view name) {
  const HeaderText& text = find_header(kResponseHeaders, name);
  json::object declared{{"description", to_json(text.description)}};
  if (text.is_always_there) declared["required"] = true;
  declared["schema"] = text_schema();
  declared["example"] = to_json(text.example);
  headers_[to_json(name)] = std::move(declared);
  return refer("headers", name);
}

json::object Components::request_header(std::string_view name) {
  const HeaderText& text = find_header(kRequestHeaders, name);
  parameters_[to_json(name)] = {{"name", to_json(name)},
                                {"in", "header"},
                                {"description", to_json(text.description)},
                                {"schema", text_schema()},
                                {"example", to_json(text.example)}};
  return refer("parameters", name);
}

json::object Components::refusal(int status) {
  const auto found =
      std::find_if(kRefusals.begin(), kRefusals.end(), [&](const Refusal& each) { return each.status == status; });
  if (found == kRefusals.end()) throw std::logic_error("no refusal has the status " + std::to_string(status));
  json::object headers{{"X-Request-Id", header("X-Request-Id")}};
  if (status == 401) headers["WWW-Authenticate"] = header("WWW-Authenticate");
  headers["RateLimit-Policy"] = header("RateLimit-Policy");
  headers["RateLimit"] = header("RateLimit");
  if (status == 429 || status == 503) headers["Retry-After"] = header("Retry-After");
  json::object problem{{"schema", refer("schemas", "Problem")}};
  if (const base::ErrorCode* code = example_code(*found)) problem["example"] = problem_example(*code);
  responses_[to_json(found->name)] = {{"description", describe(*found)},
                                      {"headers", std::move(headers)},
                                      {"content", {{"application/problem+json", std::move(problem)}}}};
  return refer("responses", found->name);
}

json::array Components::security(bool takes_key) {
  schemes_["bearer"] = {
      {"type", "http"},
      {"scheme", "bearer"},
      {"bearerFormat", "JWT"},
      {"description", "An access token of `POST /signin` or `POST /v1/token/refresh`, which lives 300 seconds."}};
  schemes_["browser"] = {
      {"type", "apiKey"},
      {"in", "cookie"},
      {"name", "__Host-gatehouse_session"},
      {"description",
       "The cookie of a browser that signed in at `/sign-in`. It counts from our own pages only, and "
       "not beside an `Authorization` header. Its name is `gatehouse_session` on plain http."}};
  json::array list{json::object{{"bearer", json::array()}}, json::object{{"browser", json::array()}}};
  if (!takes_key) return list;
  schemes_["api_key"] = {{"type", "http"},
                         {"scheme", "bearer"},
                         {"bearerFormat", "ghk_…"},
                         {"description", "An API key of a back end, in the place of an access token."}};
  list.push_back(json::object{{"api_key", json::array()}});
  return list;
}

json::object Components::take() {
  schemas_["Problem"] = problem_schema();
  json::object out{{"schemas", std::move(schemas_)}, {"responses", std::move(responses_)}};
  if (!parameters_.empty()) out["parameters"] = std::move(parameters_);
  out["headers"] = std::move(headers_);
  out["securitySchemes"] = std::move(schemes_);
  return out;
}

}  // namespace gatehouse::api
