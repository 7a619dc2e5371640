#include "api/routes.h"
#include "base/text.h"
#include "tests/support/flow_test.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

/// Addresses that are more than one or hide another, and values of the wrong type (NextAuth, GitLab).
class Addresses : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    ada_ = found("ada@acme.example", "Acme");
    token_ = access_token(ada_.email);
    letters_ = program().count_letters();
  }

  Founder ada_;
  std::string token_;
  std::size_t letters_ = 0;
};

TEST_P(Addresses, WhatIsNotExactlyOneAddressIsRefusedEverywhere) {
  const std::vector<std::string> tricks{"ada@acme.example,eve@evil.test",
                                        "ada@acme.example;eve@evil.test",
                                        "ada@acme.example eve@evil.test",
                                        "ada@acme.example\r\nBcc: eve@evil.test",
                                        "ada@acme.example\nBcc: eve@evil.test",
                                        "ada@acme.example%0d%0aBcc:eve@evil.test",
                                        "<ada@acme.example>",
                                        "Ada <ada@acme.example>",
                                        "\"ada\"@acme.example",
                                        "\"ada@acme.example,\"@evil.test",
                                        "friends: ada@acme.example, eve@evil.test;",
                                        "ada(comment)@acme.example",
                                        "ada@acme.example(comment)",
                                        "ada@evil.test@acme.example",
                                        "ada@@acme.example",
                                        "ada@[127.0.0.1]",
                                        "ada@127.0.0.1",
                                        "ada@localhost",
                                        "@acme.example",
                                        "ada@",
                                        " ada@acme.example",
                                        "ada@acme.example ",
                                        "ada@acme.example\t",
                                        "ada@acme.example.",
                                        ".ada@acme.example",
                                        "ada.@acme.example",
                                        "a..da@acme.example",
                                        "ada@acme..example",
                                        "ada@-acme.example",
                                        "ad\u00e5@acme.example",
                                        std::string("ada@acme.example\0", 17),
                                        "ada\u200b@acme.example",
                                        std::string(65, 'a') + "@acme.example",
                                        "ada@" + std::string(64, 'a') + ".example",
                                        "",
                                        "ada",
                                        "ada@acme.example?x=y",
                                        "ada@acme.example/../x",
                                        "ada@xn--zz--.example",
                                        "ada!eve@evil.test!x@y",
                                        "ada@acme .example"};
  for (const std::string& trick : tricks) {
    const std::vector<Reply> replies{
        client().post("/signup", {{"email", trick}, {"password", kPassword}, {"organization_name", "Trick"}}),
        client().post("/signin", {{"email", trick}, {"password", kPassword}}),
        client().post("/reset-password", {{"email", trick}}),
        client().post("/invite-member",
                      {{"recipient", trick}, {"organization_id", ada_.organization_id}, {"role", "member"}}, token_),
        client().post("/accept-invite", {{"token", "gin_x"}, {"email", trick}, {"password", kPassword}})};
    for (const Reply& reply : replies) {
      EXPECT_EQ(reply.status, 400) << trick << ": " << reply;
    }
  }
  EXPECT_EQ(program().count_letters(), letters_);
}

TEST_P(Addresses, OneSpellingOfAnAddressIsAsGoodAsAnotherAndMailGoesToTheStoredOne) {
  EXPECT_EQ(
      client()
          .post("/signup", {{"email", "ADA@ACME.EXAMPLE"}, {"password", kPassword}, {"organization_name", "Trick"}})
          .status,
      409);
  sign_up("grace@bücher.example", "Books");
  program().take_letter("grace@xn--bcher-kva.example", subject::kWelcome);
  EXPECT_EQ(try_sign_in("Grace@xn--bcher-kva.EXAMPLE").status, 200);
  EXPECT_EQ(try_sign_in("grace@BÜCHER.example").status, 200);
  // A Kelvin sign is no k.
  EXPECT_EQ(client().post("/reset-password", {{"email", "\u212aen@acme.example"}}).status, 400);
}

TEST_P(Addresses, AFieldOfTheWrongTypeIsRefusedAndNamed) {
  const std::vector<Json> wrong{Json(boost::json::array{"ada@acme.example", "eve@evil.test"}),
                                Json(boost::json::array{}),
                                Json(Object{{"$ne", nullptr}}),
                                Json(1),
                                Json(1.5),
                                Json(true),
                                Json(boost::json::array{Json(boost::json::array{"ada@acme.example"})})};
  int tried = 0;
  for (const api::Row& row : api::all_rows(program().services())) {
    // Operators' rows do not exist for this caller; HostileFields tries them.
    if (row.input == nullptr || row.route.method == http::Method::get || row.access == api::Access::platform) continue;
    for (const wire::FieldShape& field : row.input->fields) {
      if (row.route.path.find("{" + std::string(field.rules.name) + "}") != std::string::npos) continue;
      for (const Json& value : wrong) {
        if (field.shape->kind == wire::Shape::Kind::list && value.is_array()) continue;
        if (field.shape->kind == wire::Shape::Kind::integer && value.is_int64()) continue;
        if (field.shape->kind == wire::Shape::Kind::json && value.is_object()) continue;
        const Object body{{field.rules.name, value}};
        const Reply reply = client().send({.method = std::string(http::to_string(row.route.method)),
                                           .target = row.route.path,
                                           .token = (row.access != api::Access::anyone) ? token_ : "",
                                           .body = boost::json::serialize(body)});
        expect_field_problem(reply, "/" + std::string(field.rules.name));
        ++tried;
      }
      const std::string name(field.rules.name);
      const Reply twice = client().send({.method = std::string(http::to_string(row.route.method)),
                                         .target = row.route.path,
                                         .token = (row.access != api::Access::anyone) ? token_ : "",
                                         .body = "{\"" + name + "\":\"a\",\"" + name + "\":\"b\"}"});
      expect_field_problem(twice, "/" + name);
      EXPECT_THAT(twice.body, testing::HasSubstr("more than once")) << twice;
      ++tried;
    }
  }
  EXPECT_GT(tried, 100);
  EXPECT_EQ(program().count_letters(), letters_);
}

TEST_P(Addresses, AnOwnedFieldCanNotBeAssigned) {
  for (const char* field :
       {"email_verified", "id", "role", "role_id", "status", "operator", "is_operator", "directory", "organization_id",
        "created_at", "permissions", "slug", "user_id", "__proto__", "constructor"}) {
    Object body{{"email", "x@new.example"}, {"password", kPassword}, {"organization_name", "New"}};
    body[field] = "owner";
    expect_field_problem(client().post("/signup", body), "/" + std::string(field));
  }
  EXPECT_EQ(program().count_letters(), letters_);
}

TEST_P(Addresses, BodiesThatAreNoPlainJson) {
  const auto send = [&](const std::string& body, const std::string& type = "application/json") {
    return client().send({.method = "POST", .target = "/reset-password", .body = body, .content_type = type}).status;
  };
  EXPECT_EQ(send("{\"email\":\"ada@acme.example\\u0000\"}"), 400);
  EXPECT_EQ(send("{\"email\":\"ada\xff@acme.example\"}"), 400);
  EXPECT_EQ(send("{\"email\":\"ada@acme.example\"}x"), 400);
  EXPECT_EQ(send("{'email':'ada@acme.example'}"), 400);
  EXPECT_EQ(send("\xef\xbb\xbf{\"email\":\"ada@acme.example\"}"), 400);
  EXPECT_EQ(send(std::string(10'000, '[') + std::string(10'000, ']')), 400);
  EXPECT_EQ(send("{\"email\":" + std::string(30'000, '[') + std::string(30'000, ']') + "}"), 400);
  EXPECT_EQ(send("", ""), 400);
  EXPECT_EQ(send("{\"email\":\"ada@acme.example\"}", ""), 415);
  EXPECT_EQ(send("{\"email\":\"ada@acme.example\"}", "text/plain"), 415);
  EXPECT_EQ(send("email=ada%40acme.example", "application/x-www-form-urlencoded;charset=utf-7"), 415);
  EXPECT_EQ(program().count_letters(), letters_);
}

GATEHOUSE_ON_BOTH_DATABASES(Addresses);

}  // namespace gatehouse::tests
