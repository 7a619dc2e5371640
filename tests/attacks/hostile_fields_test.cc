#include "tests/attacks/world.h"

#include <iostream>

namespace gatehouse::tests {

namespace {

/// What a string field may be sent as, written as JSON text.
std::vector<std::string> hostile_values() {
  std::string nested(4000, '[');
  nested += std::string(4000, ']');
  return {"null_byte",
          "0",
          "-1.5",
          "1e400",
          "true",
          "[]",
          "[\"a\"]",
          "{}",
          "{\"a\":\"b\"}",
          nested,
          "\"a\\u0000b\"",
          "\"\\ud800\"",
          "\"\xff\xfe\"",
          "\"\xc0\xaf\"",
          "\"" + std::string(1 << 20, 'a') + "\"",
          "\"" + std::string(60'000, 'a') + "\"",
          "\"'; DROP TABLE users; --\"",
          "\"\\r\\nBcc: eve@evil.test\""};
}

}  // namespace

/// Every field of every row, with a valid credential: wrong types, a megabyte, NUL, invalid UTF-8, deep nesting, two of
/// one name. A clear refusal each time (a text that happens to be acceptable aside), and never a 5xx.
class HostileFields : public WorldTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    world_ = make_world("w");
  }

  void send(const api::Row& row, const std::string& body, const std::string& what) {
    Call call = RowCalls::assemble(row, calls_.parts(row, world_.own));
    call.token = row.access == api::Access::platform ? operator_token() : world_.tokens.at("member");
    call.body = body;
    check(row, client().send(call), what);
  }

  void check(const api::Row& row, const Reply& reply, const std::string& what) {
    ++requests_;
    EXPECT_GE(reply.status, 200) << name_of(row) << " " << what;
    EXPECT_LT(reply.status, 500) << name_of(row) << " " << what << ": " << reply;
    if (reply.status < 400) return;
    ++refusals_;
    EXPECT_EQ(reply.header("content-type"), "application/problem+json") << name_of(row) << " " << what;
    EXPECT_TRUE(reply.has("/code")) << name_of(row) << " " << what;
  }

  World world_;
  int requests_ = 0, refusals_ = 0;
};

TEST_P(HostileFields, AreRefusedWithAProblemAndNeverBreakTheServer) {
  const std::string kMark = "HOSTILE";
  const auto values = hostile_values();
  for (const api::Row& row : rows()) {
    if (row.input == nullptr || row.route.name == "sign_out") continue;
    for (const wire::FieldShape& field : row.input->fields) {
      const std::string name(field.rules.name);
      RowCalls::Parts parts = calls_.parts(row, world_.own, {name});
      if (parts.path.contains(name) || is_in_query(row)) {
        for (const std::string& value : {std::string("a\0b", 3), std::string("\xff\xfe"), std::string(10'000, 'a'),
                                         std::string("'; DROP TABLE users; --"), std::string("../../etc/passwd")}) {
          RowCalls::Parts spoiled = parts;
          if (spoiled.path.contains(name)) {
            spoiled.path[name] = to_query({{"x", value}}).substr(2);
          } else {
            spoiled.fields[name] = value;
          }
          Call call = RowCalls::assemble(row, spoiled);
          call.token = row.access == api::Access::platform ? operator_token() : world_.tokens.at("member");
          check(row, client().send(call), name);
        }
        continue;
      }
      parts.fields[name] = kMark;
      const std::string body = boost::json::serialize(parts.fields);
      const auto at = body.find("\"" + kMark + "\"");
      for (const std::string& value : values) {
        std::string spoiled = body;
        send(row, spoiled.replace(at, kMark.size() + 2, value), name + " as " + value.substr(0, 20));
      }
      std::string twice = body;
      send(row, twice.insert(1, "\"" + name + "\":\"a\","), name + " twice");
    }
    if (!is_in_query(row)) {
      for (const char* body : {"", "[]", "null", "{", R"({"is_operator":true})", R"({"id":"x","status":"active"})"}) {
        send(row, body, std::string("body ") + body);
      }
    }
  }
  std::cout << "hostile fields on " << support::dialect_name(GetParam()) << ": " << requests_ << " requests, "
            << refusals_ << " refused, none answered with a 5xx\n";
  EXPECT_GT(refusals_, requests_ * 9 / 10);
}

GATEHOUSE_ON_BOTH_DATABASES(HostileFields);

}  // namespace gatehouse::tests
