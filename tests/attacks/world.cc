#include "tests/attacks/world.h"

#include "api/routes.h"
#include "domain/operators.h"
#include "tests/support/images.h"

#include <cstdlib>

namespace gatehouse::tests {

namespace {

std::string organization_path(const World& world, const std::string& rest) {
  return "/v1/organizations/" + world.own.ids.at("org") + rest;
}

bool is(const api::Row& row, std::string_view method_and_path) { return name_of(row) == method_and_path; }

bool ends(const api::Row& row, std::string_view begin, std::string_view end) {
  return row.route.path.starts_with(begin) && row.route.path.ends_with(end);
}

}  // namespace

bool WorldTest::is_one_row() { return std::getenv("GATEHOUSE_MATRIX_ROW") != nullptr; }

std::vector<api::Row> WorldTest::rows() {
  std::vector<api::Row> rows = api::all_rows(program().services());
  if (is_one_row()) {
    const std::string_view name = std::getenv("GATEHOUSE_MATRIX_ROW");
    std::erase_if(rows, [&](const api::Row& row) { return row.route.name != name; });
  }
  return rows;
}

Reply WorldTest::demand(const Call& call, int status) {
  Reply reply = client().send(call);
  if (reply.status != status) {
    throw std::runtime_error(call.method + " " + call.target + ": expected " + std::to_string(status) + ": " +
                             reply.body);
  }
  return reply;
}

World WorldTest::make_world(const std::string& name) {
  World world;
  world.name = name;
  const auto mail = [&](const std::string& who) { return who + "@" + name + ".example"; };
  world.founder = found(mail("owner"), name);
  const std::string organization = world.founder.organization_id;
  world.own.ids["org"] = organization;
  world.admin = join(world.founder, mail("admin"), "admin");
  world.member = join(world.founder, mail("member"));
  world.target = join(world.founder, mail("target"));
  world.suspended = join(world.founder, mail("suspended"));
  const Founder away = found(mail("removed"), name + " away");
  world.removed = join(world.founder, away.email);
  for (const auto& [kind, email] : {std::pair{"owner", world.founder.email},
                                    {"admin", world.admin.email},
                                    {"member", world.member.email},
                                    {"suspended", world.suspended.email}}) {
    world.tokens[kind] = access_token(email, organization);
  }
  world.tokens["removed"] = access_token(away.email, away.organization_id);
  const std::string owner = world.tokens["owner"];
  demand(
      {.method = "DELETE", .target = organization_path(world, "/members/" + world.removed.member_id), .token = owner},
      204);
  demand({.method = "POST",
          .target = organization_path(world, "/members/" + world.suspended.member_id + "/suspend"),
          .token = owner,
          .body = "{}"},
         200);

  world.own.ids["usr"] = world.target.user_id;
  world.own.ids["mem"] = world.target.member_id;
  world.own.ids["rol"] = demand({.method = "POST",
                                 .target = organization_path(world, "/roles"),
                                 .token = owner,
                                 .body = R"({"name":"Auditor","permissions":["roles:read"]})"},
                                201)
                             .text("/id");
  world.own.ids["inv"] = demand({.method = "POST",
                                 .target = organization_path(world, "/invitations"),
                                 .token = owner,
                                 .body = R"({"email":")" + mail("invited") + R"(","role":"member"})"},
                                201)
                             .text("/id");
  boost::json::array held;
  for (const domain::PermissionInfo& info : domain::kPermissions) {
    const std::string key(info.key);
    world.permissions["owner"].insert(key);
    if (info.least_role != domain::kOwnerRole) world.permissions["admin"].insert(key);
    if (info.least_role == domain::kMemberRole) world.permissions["member"].insert(key);
    if (info.least_role == domain::kOwnerRole || key == domain::kApiKeysManage) continue;
    world.permissions["api_key"].insert(key);
    held.emplace_back(key);
  }
  const Reply key = demand({.method = "POST",
                            .target = organization_path(world, "/api-keys"),
                            .token = owner,
                            .body = boost::json::serialize(Object{{"name", "Back end"}, {"permissions", held}})},
                           201);
  world.tokens["api_key"] = key.text("/secret");
  world.own.ids["key"] = key.text("/id");
  sign_in(world.founder.email);
  const Reply sessions = demand({.target = "/v1/me/sessions", .token = owner}, 200);
  for (const Json& session : sessions.at("/data").as_array()) {
    if (!session.at("is_current").as_bool()) world.own.ids["ses"] = text_of(session.at("id"));
  }
  program().settle();
  world.own.ids["msg"] =
      demand({.target = "/v1/operator/outbox?limit=1", .token = operator_token()}, 200).text("/data/0/id");
  return world;
}

std::string WorldTest::operator_token() {
  if (operator_token_.empty()) {
    const auto made =
        domain::create_operator(program().services(), *base::parse_email("root@ops.example"), base::Secret(kPassword));
    EXPECT_TRUE(made);
    operator_token_ = access_token("root@ops.example");
  }
  return operator_token_;
}

std::string WorldTest::platform_key(const std::string& permission) {
  std::string& key = platform_keys_[permission];
  if (key.empty()) {
    const Object body{{"name", "Platform"}, {"permissions", boost::json::array{permission}}};
    key = demand({.method = "POST",
                  .target = "/v1/operator/api-keys",
                  .token = operator_token(),
                  .body = boost::json::serialize(body)},
                 201)
              .text("/secret");
  }
  return key;
}

/// An organization with a directory of its own, in which the caller is what it was in the world.
void WorldTest::make_apart(World& world, const std::string& kind) {
  const Reply apart =
      demand({.method = "POST",
              .target = "/v1/organizations",
              .token = world.tokens.at("owner"),
              .body = boost::json::serialize(
                  Object{{"name", world.name + " apart"}, {"directory", "isolated"}, {"password", kPassword}})},
             201);
  const std::string id = apart.text("/id");
  world.own.ids["org"] = id;
  world.own.ids.erase("rol");
  world.own.fields["role"] = "member";
  const auto enter = [&](const std::string& email) {
    return client()
        .post("/signin", {{"email", email}, {"password", kPassword}, {"organization", id}})
        .text("/access_token");
  };
  world.tokens["owner"] = enter(world.founder.email);
  const std::string path = "/v1/organizations/" + id;
  if (kind == "admin") {
    demand({.method = "POST",
            .target = path + "/members",
            .token = world.tokens["owner"],
            .body = boost::json::serialize(
                Object{{"email", world.admin.email}, {"password", kPassword}, {"role", "admin"}})},
           201);
    world.tokens["admin"] = enter(world.admin.email);
  } else if (kind == "api_key") {
    world.tokens["api_key"] =
        demand({.method = "POST",
                .target = path + "/api-keys",
                .token = world.tokens["owner"],
                .body = R"({"name":"Back end","permissions":["members:create","organization:read","roles:read"]})"},
               201)
            .text("/secret");
  }
}

void WorldTest::prepare(const api::Row& row, World& world, const std::string& kind) {
  const std::string& path = row.route.path;
  const std::string owner = world.tokens.at("owner");
  const std::string target = organization_path(world, "/members/" + world.target.member_id);
  if (ends(row, "/v1/organizations/", "/reinstate")) {
    demand({.method = "POST", .target = target + "/suspend", .token = owner, .body = "{}"}, 200);
  } else if (ends(row, "/v1/operator/", "/reinstate")) {
    const bool is_user = path.find("/users/") != std::string::npos;
    const std::string id = is_user ? "users/" + world.own.ids["usr"] : "organizations/" + world.own.ids["org"];
    demand({.method = "POST",
            .target = "/v1/operator/" + id + "/suspend",
            .token = operator_token(),
            .body = R"({"reason":"a test"})"},
           200);
  } else if (ends(row, "/v1/organizations/", "/restore")) {
    const Founder other = found("keeper@" + world.name + ".example", world.name + " keeper");
    accept(invite(owner, world.own.ids["org"], other.email, "owner"), other.email);
    world.tokens["owner"] = access_token(other.email, other.organization_id);
    demand({.method = "DELETE", .target = organization_path(world, ""), .token = owner}, 204);
  } else if (is(row, "DELETE /v1/organizations/{organization}/branding/logo")) {
    demand({.method = "PUT",
            .target = organization_path(world, "/branding/logo"),
            .token = owner,
            .body = png_of(2, 2),
            .content_type = "image/png"},
           200);
  } else if (path.starts_with("/v1/me/invitations/")) {
    const Founder other = found("host@" + world.name + ".example", world.name + " host");
    demand({.method = "POST",
            .target = "/v1/organizations/" + other.organization_id + "/invitations",
            .token = access_token(other.email),
            .body = R"({"email":")" + world.founder.email + R"(","role":"member"})"},
           201);
    world.own.ids["inv"] = demand({.target = "/v1/me/invitations", .token = owner}, 200).text("/data/0/id");
  } else if (path == "/v1/me/email/verification") {
    sign_up("unverified@" + world.name + ".example", world.name + " unverified");
    world.tokens["owner"] = access_token("unverified@" + world.name + ".example");
  } else if (path == "/v1/me/delete" || path.ends_with("/leave")) {
    world.tokens["owner"] = world.tokens.at("member");
  } else if (is(row, "POST /v1/organizations/{organization}/members")) {
    make_apart(world, kind);
  } else if (ends(row, "/v1/operator/organizations/", "/owners")) {
    demand({.method = "POST",
            .target = "/v1/operator/users/" + world.founder.user_id + "/suspend",
            .token = operator_token(),
            .body = R"({"reason":"a test"})"},
           200);
    world.own.fields["email"] = world.member.email;
  } else if (path.starts_with("/v1/operator/permissions/")) {
    const std::string key = "invoices:of_" + world.name + "_" + std::to_string(++registered_);
    demand({.method = "POST",
            .target = "/v1/operator/permissions",
            .token = operator_token(),
            .body = boost::json::serialize(Object{{"key", key}, {"description", "See invoices"}})},
           201);
    world.own.fields["permission"] = Json(key);
  } else if (path.starts_with("/v1/operator/api-keys/")) {
    world.own.ids["key"] = demand({.method = "POST",
                                   .target = "/v1/operator/api-keys",
                                   .token = operator_token(),
                                   .body = R"({"name":"Platform","permissions":["platform:read"]})"},
                                  201)
                               .text("/id");
  }
  if (path.starts_with("/v1/operator/limits")) world.own.fields["email"] = "somebody@w.example";
  if (path == "/v1/operator/api-keys") world.own.fields["permissions"] = boost::json::array{"platform:read"};
}

}  // namespace gatehouse::tests
