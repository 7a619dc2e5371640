#pragma once

#include "http/route.h"
#include "wire/shape.h"

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::api {

/// What stands in a row beside its operation.
struct Say {
  http::Method method;
  std::string path;
  std::string name;
  std::string summary;
  http::Lane lane = http::Lane::store;
  int success = 200;
  bool takes_form = false;
  /// Makes something though it does not answer 201.
  bool creates = false;
};

/// Who may call a row.
enum class Access { anyone, person, member, platform };

/// A route and what the OpenAPI document says of it.
struct Row {
  http::Route route;
  std::string summary;
  int success = 200;
  bool takes_form = false;
  /// Makes something, and takes an Idempotency-Key.
  bool creates = false;
  Access access = Access::anyone;
  /// Whether an API key does as well as a person.
  bool takes_key = false;
  /// What the caller's role or key must allow; empty when being signed in is enough.
  std::string permission;
  /// Null when there is nothing to send, or no JSON to get.
  const wire::Shape* input = nullptr;
  const wire::Shape* output = nullptr;
  /// What it answers when that is a file: always when `output` is null, and when the caller asks for one.
  std::vector<std::string_view> media_types;
  /// What it takes as its body when that is a file, in the place of all fields of `input` that are not in the path.
  std::vector<std::string_view> body_types;
  /// Some field of `input` has to be sent that is not in the path.
  bool needs_input = false;

  bool is_in_path(std::string_view field) const {
    return route.path.find("{" + std::string(field) + "}") != std::string::npos;
  }
  bool is_v1() const { return route.path.starts_with("/v1/"); }
  bool is_replacing() const { return route.method == http::Method::patch || route.method == http::Method::put; }
  /// Changes what has an entity tag: the row takes If-Match.
  bool takes_if_match() const { return is_v1() && (is_replacing() || route.method == http::Method::del); }
  /// Its answer has an entity tag, and GET takes If-None-Match.
  bool has_etag() const {
    return is_v1() && output != nullptr && (route.method == http::Method::get || is_replacing());
  }
};

}  // namespace gatehouse::api
