#include "tests/support/flow_test.h"

#include "store/ids.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

class Refusals : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    ada_ = found("ada@acme.example", "Acme");
    token_ = access_token(ada_.email);
  }

  Founder ada_;
  std::string token_;
};

TEST_P(Refusals, EachMissingFieldIsNamed) {
  const Reply reply = client().post("/signup", {});
  expect_field_problem(reply, "/email");
  expect_field_problem(reply, "/password");
  expect_field_problem(reply, "/organization_name");
  expect_field_problem(client().post("/signin", {{"email", "ada@acme.example"}}), "/password");
  expect_field_problem(client().post("/reset-password", {}), "/email");
  expect_field_problem(client().post("/reset-password", {{"token", "grs_x"}}), "/new_password");
  expect_field_problem(client().post("/invite-member", {}, token_), "/recipient");
  expect_field_problem(client().post("/accept-invite", {}), "/token");
  expect_field_problem(client().put("/update_member_role", {}, token_), "/member_id");
  expect_field_problem(client().put("/update_member_role", {}, token_), "/role_id");
  expect_field_problem(client().post("/v1/email/verify", {}), "/token");
  expect_field_problem(client().post("/v1/token/refresh", {}), "/refresh_token");
  const Reply remove = client().del("/delete_member", {}, token_);
  expect_problem(remove, 400, "invalid_request");
  EXPECT_EQ(remove.at("/errors").as_array().size(), 2u) << remove;
}

TEST_P(Refusals, MalformedValuesAreNamed) {
  expect_field_problem(
      client().post("/signup", {{"email", "not an address"}, {"password", kPassword}, {"organization_name", "Acme"}}),
      "/email");
  expect_field_problem(client().post("/signup", {{"email", "x@acme.example"},
                                                 {"password", kPassword},
                                                 {"organization_name", std::string(101, 'a')}}),
                       "/organization_name");
  expect_field_problem(
      client().post("/signin", {{"email", ada_.email}, {"password", kPassword}, {"organization_id", ada_.user_id}}),
      "/organization_id");
  expect_field_problem(client().put("/update_member_role",
                                    {{"member_id", "mem_nonsense"}, {"role_id", ada_.roles.at("member")}}, token_),
                       "/member_id");
  expect_field_problem(client().get("/stats/role-wise-users?organization_id=acme", token_), "?organization_id");
  expect_field_problem(client().get("/stats/org-role-wise-users-filtered?from=yesterday", token_), "?from");
  expect_field_problem(client().get("/v1/organizations/acme/members", token_), "{organization}");
  expect_field_problem(client().get("/v1/organizations/" + ada_.organization_id + "/members?limit=0", token_),
                       "?limit");
  expect_field_problem(client().get("/v1/organizations/" + ada_.organization_id + "/members?limit=201", token_),
                       "?limit");
}

TEST_P(Refusals, WeakPasswordsAndMisleadingNamesAreRefused) {
  const auto sign_up_with = [&](const std::string& password, const std::string& name, const std::string& role) {
    return client().post(
        "/signup",
        {{"email", "x@other.example"}, {"password", password}, {"organization_name", name}, {"role_name", role}});
  };
  expect_problem(sign_up_with("password", "Other", "Owner"), 400, "weak_password");
  expect_problem(sign_up_with("x@other.example", "Other", "Owner"), 400, "weak_password");
  expect_field_problem(sign_up_with("short 7", "Other", "Owner"), "/password");
  expect_field_problem(sign_up_with(kPassword, "Other", "Admin"), "/role_name");
  expect_field_problem(sign_up_with(kPassword, "Other", "  ｍｅｍｂｅｒ "), "/role_name");
  expect_field_problem(sign_up_with(kPassword, "Other", "аdmin"), "/role_name");
  expect_field_problem(sign_up_with(kPassword, "Other", std::string(41, 'a')), "/role_name");
  expect_field_problem(sign_up_with(kPassword, "   ", "Owner"), "/organization_name");
  expect_field_problem(sign_up_with(kPassword, "Ac\u202eme", "Owner"), "/organization_name");
}

TEST_P(Refusals, AnUnknownFieldIsNamedWithTheAllowedOnes) {
  const Reply reply = client().post("/signin", {{"email", ada_.email}, {"password", kPassword}, {"pasword", "x"}});
  expect_field_problem(reply, "/pasword");
  const std::string detail = reply.text("/errors/0/detail");
  EXPECT_THAT(detail, testing::AllOf(testing::HasSubstr("email"), testing::HasSubstr("password"),
                                     testing::HasSubstr("organization_id")));
  expect_field_problem(client().get("/stats/role-wise-users?organisation_id=x", token_), "?organisation_id");
  expect_field_problem(client().get("/v1/session?verbose=1", token_), "?verbose");
}

TEST_P(Refusals, WithoutALiveTokenTheAnswerIs401) {
  const auto expect_refused = [](const Reply& reply) {
    expect_problem(reply, 401, "unauthenticated");
    EXPECT_TRUE(reply.header("www-authenticate").starts_with("Bearer")) << reply;
  };
  expect_refused(client().get("/v1/session"));
  EXPECT_EQ(client().get("/v1/session").header("www-authenticate"), "Bearer realm=\"gatehouse\"");
  expect_refused(session("garbage"));
  EXPECT_THAT(session("garbage").header("www-authenticate"), testing::HasSubstr("error=\"invalid_token\""));
  expect_refused(
      client().send({.method = "GET", .target = "/v1/session", .headers = {{"Authorization", "Basic YTpi"}}}));
  expect_refused(client().get("/v1/session?access_token=" + token_));
  expect_refused(client().post("/invite-member", {}));
  expect_refused(client().put("/update_member_role", {}));
  expect_refused(client().del("/delete_member", Object{}));
  expect_refused(client().get("/stats/role-wise-users"));
  expect_refused(client().get("/v1/organizations/" + ada_.organization_id + "/members"));

  program().advance(std::chrono::seconds(299));
  EXPECT_EQ(session(token_).status, 200);
  program().advance(std::chrono::seconds(2));
  expect_refused(session(token_));
}

TEST_P(Refusals, AMemberWithoutTheRightIsToldSo) {
  const Person grace = join(ada_, "grace@acme.example");
  const std::string token = access_token(grace.email);
  expect_problem(
      client().post("/invite-member",
                    {{"recipient", "x@y.example"}, {"organization_id", ada_.organization_id}, {"role", "member"}},
                    token),
      403, "forbidden");
  expect_problem(remove(token, ada_.organization_id, ada_.user_id), 403, "forbidden");
  expect_problem(update_role(token, grace.member_id, ada_.roles.at("admin")), 403, "forbidden");
  expect_problem(client().get("/v1/organizations/" + ada_.organization_id + "/members", token), 403, "forbidden");
  expect_problem(client().get("/v1/organizations/" + ada_.organization_id + "/invitations", token), 403, "forbidden");
  EXPECT_EQ(client().get("/v1/organizations/" + ada_.organization_id + "/roles", token).status, 200);
  for (const std::string path :
       {"role-wise-users", "org-wise-members", "org-role-wise-users", "org-role-wise-users-filtered"}) {
    expect_problem(client().get("/stats/" + path, token), 403, "forbidden");
  }
}

TEST_P(Refusals, AnothersIdIsAsUnknownAsARandomOne) {
  const Founder eve = found("eve@evil.example", "Evil");
  const Person grace = join(ada_, "grace@acme.example");
  const std::string eves = access_token(eve.email);
  const std::string random_organization = store::OrganizationId::make(kStart).to_string();
  const std::string random_user = store::UserId::make(kStart).to_string();
  const std::string random_member = store::MemberId::make(kStart).to_string();

  const Reply foreign = remove(eves, ada_.organization_id, grace.user_id);
  expect_problem(foreign, 404, "not_found");
  EXPECT_EQ(normalized(foreign), normalized(remove(eves, random_organization, random_user)));
  EXPECT_EQ(normalized(foreign), normalized(remove(eves, eve.organization_id, grace.user_id)));
  EXPECT_EQ(normalized(update_role(eves, grace.member_id, eve.roles.at("member"))),
            normalized(update_role(eves, random_member, eve.roles.at("member"))));
  EXPECT_EQ(normalized(client().get("/v1/organizations/" + ada_.organization_id + "/members", eves)),
            normalized(client().get("/v1/organizations/" + random_organization + "/members", eves)));
  EXPECT_EQ(normalized(client().get("/stats/role-wise-users?organization_id=" + ada_.organization_id, eves)),
            normalized(client().get("/stats/role-wise-users?organization_id=" + random_organization, eves)));
}

TEST_P(Refusals, UnknownPathsVerbsAndMediaTypes) {
  expect_problem(client().get("/no/such/path"), 404, "route_not_found");
  expect_problem(client().get("/v1/nothing"), 404, "route_not_found");
  const Reply verb = client().get("/signup");
  expect_problem(verb, 405, "method_not_allowed");
  EXPECT_THAT(verb.header("allow"), testing::HasSubstr("POST"));
  expect_problem(client().post("/delete_member", {}, token_), 405, "method_not_allowed");
  expect_problem(
      client().send({.method = "POST", .target = "/signin", .body = "email=a", .content_type = "text/plain"}), 415,
      "unsupported_media_type");
  expect_problem(client().send({.method = "POST",
                                .target = "/signin",
                                .body = "email=a%40b.example&password=x",
                                .content_type = "application/x-www-form-urlencoded"}),
                 415, "unsupported_media_type");
  expect_problem(client().send({.method = "POST", .target = "/signin", .body = "{\"email\":"}), 400,
                 "malformed_request");
  expect_problem(client().send({.method = "POST", .target = "/signin", .body = "[]"}), 400, "malformed_request");
  expect_problem(client().send({.method = "POST", .target = "/signin", .body = std::string(70'000, ' ')}), 413,
                 "payload_too_large");
}

TEST_P(Refusals, ACompressedBodyIsRefusedAsWhatItIs) {
  const auto sign_in_with = [&](const std::string& encoding, const std::string& body) {
    return client().send(
        {.method = "POST", .target = "/signin", .headers = {{"Content-Encoding", encoding}}, .body = body});
  };
  const std::string good = boost::json::serialize(Object{{"email", ada_.email}, {"password", kPassword}});
  for (const std::string encoding : {"gzip", "br", "identity, gzip"}) {
    const Reply reply = sign_in_with(encoding, "\x1f\x8b\x08");
    expect_problem(reply, 415, "unsupported_media_type");
    EXPECT_THAT(reply.text("/detail"), testing::HasSubstr("Content-Encoding"));
    EXPECT_EQ(reply.header("accept-encoding"), "identity");
    expect_problem(sign_in_with(encoding, good), 415, "unsupported_media_type");
  }
  EXPECT_EQ(sign_in_with("Identity", good).status, 200);
  EXPECT_EQ(client().send({.target = "/v1/session", .token = token_, .headers = {{"Content-Encoding", "gzip"}}}).status,
            200)
      << "no body is not compressed";
}

TEST_P(Refusals, SignUpOfATakenAddressIsDisclosedAndItsOwnerHearsOfItOnceADay) {
  start({{"limits.enabled", "true"}});
  sign_up("ada@acme.example", "Acme");
  const auto again = [&] {
    return client().post("/signup",
                         {{"email", "ADA@acme.example"}, {"password", kOtherPassword}, {"organization_name", "Mine"}});
  };
  expect_problem(again(), 409, "email_taken");
  expect_problem(again(), 409, "email_taken");
  program().take_letter("ada@acme.example", subject::kAlreadyRegistered);
  EXPECT_TRUE(program().untaken_letters("ada@acme.example", subject::kAlreadyRegistered).empty());
  program().advance(std::chrono::hours(25));
  expect_problem(again(), 409, "email_taken");
  program().take_letter("ada@acme.example", subject::kAlreadyRegistered);
  EXPECT_EQ(try_sign_in("ada@acme.example", kPassword).status, 200);
}

TEST_P(Refusals, ClosedSignUpSaysSo) {
  start({{"signup", "closed"}});
  expect_problem(
      client().post("/signup", {{"email", "x@y.example"}, {"password", kPassword}, {"organization_name", "Acme"}}), 403,
      "sign_up_closed");
}

GATEHOUSE_ON_BOTH_DATABASES(Refusals);

}  // namespace gatehouse::tests
