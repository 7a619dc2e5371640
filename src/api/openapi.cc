#include "api/openapi.h"

#include "api/json_text.h"
#include "api/openapi_operation.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace gatehouse::api {

namespace json = boost::json;

namespace {

constexpr std::string_view kDescription =
    "Authentication and user management for multi-tenant SaaS.\n\n"
    "Requests and answers are JSON in UTF-8. Fields and parameters that are not listed are refused; for an optional "
    "field, `null` is the same as absent, but in a PATCH, where `null` clears what may be null and is refused "
    "elsewhere. "
    "Answers may grow: ignore members that you do not know. A refusal is "
    "`application/problem+json` (RFC 9457) with a stable `code`, listed at `/docs/errors`. Any request may carry "
    "`X-Request-Id` (1 to 64 of `A-Za-z0-9._-`) and `traceparent` (W3C Trace Context); both come back in refusals and "
    "stand in our logs.";

struct Tag {
  std::string_view name;
  std::string_view description;
};

/// In the order in which people read them. An area that is not listed is shown behind them.
constexpr std::array kTags{
    Tag{"classic", "The routes of the original service: sign-up, sign-in, invitations, members, statistics."},
    Tag{"sessions", "Tokens, and who is signed in."},
    Tag{"email", "Proof of an email address."},
    Tag{"me", "The caller's own account."},
    Tag{"organizations", "Tenants."},
    Tag{"members", "People in an organization."},
    Tag{"roles", "Roles of an organization and what they permit."},
    Tag{"permissions", "What roles and keys may allow."},
    Tag{"invitations", "Offers of membership."},
    Tag{"api-keys", "Keys for back ends."},
    Tag{"audit", "Who did what to what, when, from where."},
    Tag{"operator", "For those who run the deployment."},
    Tag{"service", "Keys, health, and this document."},
};

constexpr std::array<std::string_view, 3> kSessionSegments{"session", "sign-out", "token"};

/// By the path: the last part of it that names a kind of thing.
std::string tag_of(const Row& row) {
  const auto segments = base::split(std::string_view(row.route.path).substr(1), '/');
  const bool is_literal_row = row.input == nullptr && row.route.lane == http::Lane::memory;
  if (segments.size() < 2 || segments[0] != "v1") return is_literal_row ? "service" : "classic";
  std::string_view area = segments[1];
  if (std::find(kSessionSegments.begin(), kSessionSegments.end(), area) != kSessionSegments.end()) return "sessions";
  const auto is_tag = [&](std::string_view name) {
    return std::any_of(kTags.begin(), kTags.end(), [&](const Tag& tag) { return tag.name == name; });
  };
  // /v1/organizations/{organization}/members is about members, /v1/organizations/{organization}/restore is not.
  if (area == "organizations" && segments.size() > 3 && is_tag(segments[3])) area = segments[3];
  return std::string(area);
}

json::array tag_list(const std::vector<std::string>& used) {
  json::array list;
  const auto add = [&](std::string_view name, std::string_view description) {
    list.push_back(json::object{{"name", json::string_view(name.data(), name.size())},
                                {"description", json::string_view(description.data(), description.size())}});
  };
  for (const Tag& tag : kTags) {
    if (std::find(used.begin(), used.end(), tag.name) != used.end()) add(tag.name, tag.description);
  }
  for (const std::string& name : used) {
    if (std::none_of(kTags.begin(), kTags.end(), [&](const Tag& tag) { return tag.name == name; })) {
      add(name, "Everything under /v1/" + name + ".");
    }
  }
  return list;
}

}  // namespace

std::string openapi_document(const std::vector<Row>& rows) {
  Components components;
  json::object paths;
  std::vector<std::string> tags;
  for (const Row& row : rows) {
    const std::string method = base::to_lower_ascii(http::to_string(row.route.method));
    json::value& path = paths[row.route.path];
    if (!path.is_object()) path = json::object();
    json::object operation{{"tags", json::array{json::value_from(tag_of(row))}}};
    if (std::find(tags.begin(), tags.end(), tag_of(row)) == tags.end()) tags.push_back(tag_of(row));
    for (auto& [name, value] : describe_operation(row, rows, components)) operation[name] = std::move(value);
    path.as_object()[method] = std::move(operation);
  }
  const json::object document{{"openapi", "3.1.0"},
                              {"info",
                               {{"title", "Gatehouse"},
                                {"version", GATEHOUSE_VERSION},
                                {"description", json::string_view(kDescription.data(), kDescription.size())},
                                {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
                              {"servers", json::array{json::object{{"url", "/"}}}},
                              {"tags", tag_list(tags)},
                              {"paths", std::move(paths)},
                              {"components", components.take()}};
  return to_indented_text(document) + "\n";
}

}  // namespace gatehouse::api
