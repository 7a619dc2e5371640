#pragma once

#include "crypto/token.h"
#include "domain/operators.h"
#include "store/api_keys.h"
#include "tests/support/flow_test.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

/// Stories about what is managed in an organization: Acme, which Ada owns.
class ManagementTest : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    ada_ = found("ada@acme.example", "Acme");
    token_ = access_token(ada_.email);
  }

  std::string path(const std::string& rest) const { return path_of(ada_, rest); }
  static std::string path_of(const Person& whose, const std::string& rest) {
    return "/v1/organizations/" + whose.organization_id + "/" + rest;
  }
  Reply patch(const std::string& target, const Object& body, const std::string& token, const Headers& headers = {}) {
    return client().send({.method = "PATCH",
                          .target = target,
                          .token = token,
                          .headers = headers,
                          .body = boost::json::serialize(body),
                          .content_type = "application/merge-patch+json"});
  }
  Reply erase(const std::string& target, const std::string& token, const Headers& headers = {}) {
    return client().send({.method = "DELETE", .target = target, .token = token, .headers = headers});
  }
  Reply act(const std::string& target, const std::string& token) {
    return client().send({.method = "POST", .target = target, .token = token});
  }

  /// The id of a role that is expected to be made.
  std::string make_role(const std::string& key, const std::vector<std::string>& permissions, const std::string& token) {
    const Reply reply = try_make_role(key, permissions, token);
    EXPECT_EQ(reply.status, 201) << reply;
    return reply.text("/id");
  }
  Reply try_make_role(const std::string& key, const std::vector<std::string>& permissions, const std::string& token) {
    return client().post(path("roles"),
                         {{"key", key}, {"name", "The " + key}, {"permissions", boost::json::value_from(permissions)}},
                         token);
  }
  /// A member with a role of their own making.
  Person join_with(const std::string& email, const std::string& role, const std::vector<std::string>& permissions) {
    make_role(role, permissions, access_token(ada_.email));
    return join(ada_, email, role);
  }

  /// A back end's key of an organization, or of the platform when there is none.
  std::string api_key(const std::string& organization, const std::string& permissions) {
    const auto owner =
        organization.empty() ? store::kPlatformOrganization : store::OrganizationId::parse(organization).value();
    const auto id = store::ApiKeyId::make(program().now());
    const auto made = crypto::make_api_key(owner.uuid, id.uuid);
    const auto done = program().services().database.write([&](db::Transaction& tx) -> base::Result<void> {
      store::insert_api_key(
          tx, {owner, id, "a key", permissions, db::Bytes{made.secret_hash}, {}, program().now(), {}, {}, {}});
      return {};
    });
    EXPECT_TRUE(done);
    return std::string(made.text.reveal());
  }
  std::string operator_token() {
    if (!has_operator_) {
      EXPECT_TRUE(domain::create_operator(program().services(), *base::parse_email("root@ops.example"),
                                          base::Secret(kPassword)));
      has_operator_ = true;
    }
    return access_token("root@ops.example");
  }
  Reply register_permission(const std::string& key, const std::vector<std::string>& roles = {"admin"}) {
    return client().post("/v1/operator/permissions",
                         {{"key", key}, {"description", "To " + key}, {"roles", boost::json::value_from(roles)}},
                         operator_token());
  }
  std::vector<std::string> permissions_in_session(const std::string& token) {
    return boost::json::value_to<std::vector<std::string>>(session(token).at("/permissions"));
  }
  /// The answer to a foreign id must be that to an id of nothing.
  void expect_same_not_found(const Reply& foreign, const Reply& nothing) {
    expect_problem(foreign, 404, "not_found");
    EXPECT_EQ(normalized(foreign), normalized(nothing));
  }

  Founder ada_;
  std::string token_;

 private:
  bool has_operator_ = false;
};

}  // namespace gatehouse::tests
