#pragma once

#include "crypto/token.h"
#include "domain/operators.h"
#include "store/api_keys.h"
#include "tests/support/flow_test.h"

namespace gatehouse::tests {

/// A founder's organization, and an operator.
class OperatorTest : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    prepare();
  }
  void prepare() {
    ASSERT_TRUE(
        domain::create_operator(program().services(), *base::parse_email("root@ops.example"), base::Secret(kPassword)));
    root_ = access_token("root@ops.example");
    tick();
    ada_ = found("ada@acme.example", "Acme");
    program().settle();
  }
  /// What is made from now on stands behind what was made before: the clock stands still, and ids of one moment have no
  /// order.
  void tick() { program().advance(std::chrono::seconds(1)); }

  Reply get(const std::string& path) { return client().get("/v1/operator/" + path, root_); }
  Reply post(const std::string& path, const Object& body = {}) {
    return client().post("/v1/operator/" + path, body, root_);
  }
  static Object reason(const std::string& text = "ticket 4711") { return {{"reason", text}}; }

  /// A back end's key, of the platform unless an organization is given.
  std::string make_key(const std::string& permissions, store::OrganizationId organization = {}) {
    const auto id = store::ApiKeyId::make(program().now());
    const auto key = crypto::make_api_key(organization.uuid, id.uuid);
    const auto done = program().services().database.write([&](db::Transaction& tx) -> base::Result<void> {
      store::insert_api_key(tx, {organization, id, "a key", permissions, db::Bytes{key.secret_hash}, std::nullopt,
                                 program().now(), std::nullopt, std::nullopt, std::nullopt});
      return {};
    });
    static_cast<void>(done);  // the body never refuses; trouble is thrown
    return std::string(key.text.reveal());
  }

  /// Nobody but operators and keys of the platform learns that there is such a route; a key that may only read can't
  /// change anything.
  void expect_for_operators_only(const std::string& method, const std::string& path, const Object& body = {}) {
    SCOPED_TRACE(method + " " + path);
    Call call{method, "/v1/operator/" + path, {}, {}, std::nullopt};
    if (method != "GET") call.body = boost::json::serialize(body);
    expect_problem(client().send(call), 401, "unauthenticated");
    call.token = access_token(ada_.email);
    expect_problem(client().send(call), 404, "not_found");
    call.token = make_key("members:read", *store::OrganizationId::parse(ada_.organization_id));
    expect_problem(client().send(call), 404, "not_found");
    call.token = make_key(method == "GET" ? "platform:manage" : "platform:read");
    expect_problem(client().send(call), 403, "forbidden");
    if (method != "GET") return;
    call.token = make_key("platform:read");
    EXPECT_EQ(client().send(call).status, 200);
  }

  /// The newest audit entry with that action: its payload.
  Json last_audit(const std::string& action) {
    static constexpr db::Statement kLast{"test last audit",
                                         "SELECT payload, actor_kind, organization_id FROM audit_entries "
                                         "WHERE action = $1 ORDER BY at DESC, id DESC LIMIT 1"};
    const auto row =
        program().services().database.read([&](db::Transaction& tx) { return tx.query_one(kLast, {action}); });
    if (!row) throw std::runtime_error("no audit entry " + action);
    boost::json::object entry = boost::json::parse(row->get<std::string>(0)).as_object();
    entry["actor"] = row->get<std::string>(1);
    entry["organization"] = row->get<store::OrganizationId>(2).to_string();
    return entry;
  }

  std::string root_;
  Founder ada_;
};

}  // namespace gatehouse::tests
