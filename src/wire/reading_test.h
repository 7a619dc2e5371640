#pragma once

#include "wire/example_test.h"
#include "wire/read.h"

/// What the tests of reading share.
namespace gatehouse::wire::example {

using Pairs = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::string_view kOrganization = "org_01h455vb4pex5vsknk084sn02q";

struct Small {
  std::optional<std::string> a;
  std::optional<std::string> b;
  static constexpr auto fields() { return wire::fields(wire::field("a", &Small::a), wire::field("b", &Small::b)); }
};

struct Period {
  std::optional<example::OrganizationId> organization_id;
  std::optional<base::ParsedTime> from;
  std::optional<bool> deep;
  std::optional<std::int64_t> limit;
  static constexpr auto fields() {
    return wire::fields(wire::field("organization_id", &Period::organization_id), wire::field("from", &Period::from),
                        wire::field("deep", &Period::deep), wire::field("limit", &Period::limit).range(1, 200));
  }
};

template <class T>
struct One {
  T value;
  static constexpr auto fields() { return wire::fields(wire::field("value", &One::value)); }
};

template <class T>
base::Result<T> read_json(std::string_view body) {
  return read<T>(Source{.body_kind = Source::Body::json, .body = body});
}

template <class T>
base::Result<T> read_form(std::string_view body) {
  return read<T>(Source{.body_kind = Source::Body::form, .body = body});
}

template <class T>
base::Result<T> read_query(const Pairs& query) {
  return read<T>(Source{.query = query, .fields_in_query = true});
}

/// "pointer: detail" of each problem; a malformed request or a success would be seen as its own line.
template <class T>
std::vector<std::string> problems(const base::Result<T>& result) {
  if (result) return {"accepted"};
  if (result.error().code != &base::kInvalidRequest) return {std::string(result.error().code->name)};
  std::vector<std::string> out;
  for (const auto& problem : result.error().problems) out.push_back(problem.pointer + ": " + problem.detail);
  return out;
}

template <class T>
std::vector<std::string> pointers(const base::Result<T>& result) {
  if (result) return {"accepted"};
  std::vector<std::string> out;
  for (const auto& problem : result.error().problems) out.push_back(problem.pointer);
  return out;
}

/// The problems that one field of type T has with a JSON text.
template <class T>
std::vector<std::string> problems_of(std::string_view json) {
  return problems(read_json<One<T>>(R"({"value":)" + std::string(json) + "}"));
}

inline std::string everything_json() {
  return R"({"name":"Ädä","password":"correct horse","email":"Ada@Example.COM","organization":")" +
         std::string(kOrganization) +
         R"(","active":true,"count":42,"at":"2026-11-22T11:50:34.123Z","from":1700000000,"color":"red","size":null,)"
         R"("members":[{"email":"bob@example.com","role":"admin"}],"tags":["x","yy"]})";
}

}  // namespace gatehouse::wire::example
