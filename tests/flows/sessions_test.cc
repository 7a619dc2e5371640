#include "tests/support/flow_test.h"

#include "api/routes.h"
#include "base/text.h"
#include "crypto/jwt.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

using namespace std::chrono_literals;

class Sessions : public FlowTest {
 protected:
  /// Header (0) or claims (1) of a JWT.
  static Json part(const std::string& token, std::size_t index) {
    return boost::json::parse(base::from_base64url(base::split(token, '.').at(index)).value());
  }
  Tokens refresh_or_throw(const std::string& token) {
    const Reply reply = refresh(token);
    return {reply.text("/access_token"), reply.text("/refresh_token")};
  }
};

TEST_P(Sessions, ASessionSaysWhoOneIs) {
  const Founder ada = found("ada@acme.example", "Acme");
  const Reply reply = session(access_token(ada.email));
  ASSERT_EQ(reply.status, 200) << reply;
  EXPECT_TRUE(reply.text("/id").starts_with("ses_"));
  EXPECT_EQ(reply.text("/user/id"), ada.user_id);
  EXPECT_TRUE(reply.flag("/user/email_verified"));
  EXPECT_EQ(reply.text("/organization/id"), ada.organization_id);
  EXPECT_EQ(reply.text("/organization/member_id"), ada.member_id);
  EXPECT_EQ(reply.text("/organization/role/key"), "owner");
  EXPECT_THAT(boost::json::value_to<std::vector<std::string>>(reply.at("/permissions")),
              testing::IsSupersetOf({"members:invite", "members:read", "organization:delete", "owners:manage"}));
  EXPECT_FALSE(reply.flag("/operator"));
  EXPECT_EQ(reply.text("/created_at"), "2026-11-22T12:00:00.000Z");
  EXPECT_EQ(reply.text("/expires_at"), "2026-12-22T12:00:00.000Z");
}

TEST_P(Sessions, SignOutEndsThisSessionOnly) {
  const Founder ada = sign_up("ada@acme.example", "Acme");
  const Tokens here = sign_in(ada.email);
  const Tokens there = sign_in(ada.email);
  const Reply reply = client().send({.method = "POST", .target = "/v1/sign-out", .token = here.access});
  EXPECT_EQ(reply.status, 200) << reply;
  EXPECT_FALSE(reply.text("/message").empty());
  expect_problem(session(here.access), 401, "unauthenticated");
  expect_problem(refresh(here.refresh), 401, "invalid_refresh_token");
  EXPECT_EQ(session(there.access).status, 200);
}

TEST_P(Sessions, ALostAnswerIsGivenAgainWithinTenSeconds) {
  sign_up("ada@acme.example", "Acme");
  const Tokens tokens = sign_in("ada@acme.example");
  const Tokens second = refresh_or_throw(tokens.refresh);
  program().advance(9s);
  EXPECT_EQ(refresh_or_throw(tokens.refresh).refresh, second.refresh);
  program().advance(2s);
  expect_problem(refresh(tokens.refresh), 401, "invalid_refresh_token");
  expect_problem(refresh(second.refresh), 401, "invalid_refresh_token");
}

TEST_P(Sessions, RefreshesCountForTheBudgetOfTheirSession) {
  start({{"limits.enabled", "true"}, {"limits.requests_per_minute", "60"}});
  sign_up("ada@acme.example", "Acme");
  std::string token = sign_in("ada@acme.example").refresh;
  for (int i = 0; i < 60; ++i) token = refresh_or_throw(token).refresh;
  expect_problem(refresh(token), 429, "rate_limited");
  EXPECT_EQ(refresh(sign_in("ada@acme.example").refresh).status, 200) << "another session has its own";
  program().advance(1min);
  EXPECT_EQ(refresh(token).status, 200) << "and a refusal ends nothing";
}

TEST_P(Sessions, AnOlderGenerationEndsTheSessionEvenWithinTenSeconds) {
  sign_up("ada@acme.example", "Acme");
  const Tokens first = sign_in("ada@acme.example");
  const Tokens second = refresh_or_throw(first.refresh);
  const Tokens third = refresh_or_throw(second.refresh);
  expect_problem(refresh(first.refresh), 401, "invalid_refresh_token");
  expect_problem(session(third.access), 401, "unauthenticated");
}

TEST_P(Sessions, AForgedRefreshTokenEndsNothing) {
  sign_up("ada@acme.example", "Acme");
  const Tokens tokens = sign_in("ada@acme.example");
  std::string forged = tokens.refresh;
  forged[forged.size() / 2] = forged[forged.size() / 2] == 'A' ? 'B' : 'A';
  expect_problem(refresh(forged), 401, "invalid_refresh_token");
  expect_problem(refresh(tokens.access), 401, "invalid_refresh_token");
  EXPECT_EQ(refresh(tokens.refresh).status, 200);
}

TEST_P(Sessions, AnIdleSessionEndsAfterThirtyDays) {
  sign_up("ada@acme.example", "Acme");
  Tokens tokens = sign_in("ada@acme.example");
  program().advance(30 * 24h - 1s);
  tokens = refresh_or_throw(tokens.refresh);
  program().advance(30 * 24h);
  expect_problem(refresh(tokens.refresh), 401, "invalid_refresh_token");
}

TEST_P(Sessions, NoSessionLivesLongerThanNinetyDays) {
  sign_up("ada@acme.example", "Acme");
  Tokens tokens = sign_in("ada@acme.example");
  for (int i = 0; i < 3; ++i) {
    program().advance(29 * 24h);
    tokens = refresh_or_throw(tokens.refresh);
  }
  program().advance(3 * 24h - 1s);
  tokens = refresh_or_throw(tokens.refresh);
  program().advance(1s);
  expect_problem(refresh(tokens.refresh), 401, "invalid_refresh_token");
  expect_problem(session(tokens.access), 401, "unauthenticated");
}

TEST_P(Sessions, TheAccessTokenHoldsWhatServicesNeedAndNoMore) {
  const Founder ada = sign_up("ada@acme.example", "Acme");
  const Tokens tokens = sign_in(ada.email);
  const Json header = part(tokens.access, 0);
  EXPECT_EQ(header.at("typ"), "at+jwt");
  EXPECT_EQ(header.at("alg"), "ES256");
  const Json claims = part(tokens.access, 1);
  EXPECT_EQ(text_of(claims.at("iss")), kPublicUrl);
  EXPECT_EQ(text_of(claims.at("aud")), kPublicUrl);
  EXPECT_EQ(text_of(claims.at("sub")), ada.user_id);
  EXPECT_EQ(text_of(claims.at("org")), ada.organization_id);
  EXPECT_EQ(text_of(claims.at("role")), "owner");
  EXPECT_EQ(claims.at("iat").as_int64(), base::to_unix_seconds(kStart));
  EXPECT_EQ(claims.at("exp").as_int64(), base::to_unix_seconds(kStart) + 300);
  EXPECT_TRUE(claims.at("sid").as_string().starts_with("ses_"));
  EXPECT_FALSE(claims.at("jti").as_string().empty());
  EXPECT_THAT(boost::json::value_to<std::vector<std::string>>(claims.at("permissions")),
              testing::Contains("stats:read"));
  EXPECT_LE(tokens.access.size(), 4096u);
  EXPECT_FALSE(claims.as_object().contains("email"));

  const Reply keys = client().get("/.well-known/jwks.json");
  ASSERT_EQ(keys.status, 200) << keys;
  const Json jwks = boost::json::parse(keys.body);
  ASSERT_EQ(jwks.at("keys").as_array().size(), 1u);
  const Json& key = jwks.at("keys").as_array().front();
  EXPECT_EQ(key.at("kid"), header.at("kid"));
  EXPECT_EQ(key.at("kty"), "EC");
  EXPECT_FALSE(key.as_object().contains("d")) << "the private part";
}

TEST_P(Sessions, TheAudienceIsConfigured) {
  start({{"audience", "https://api.example.com"}});
  sign_up("ada@acme.example", "Acme");
  const Tokens tokens = sign_in("ada@acme.example");
  EXPECT_EQ(part(tokens.access, 1).at("aud"), "https://api.example.com");
  EXPECT_EQ(session(tokens.access).status, 200);
}

TEST_P(Sessions, SurviveARestart) {
  sign_up("ada@acme.example", "Acme");
  const Tokens tokens = sign_in("ada@acme.example");
  program().restart({});
  EXPECT_EQ(session(tokens.access).status, 200);
  EXPECT_EQ(refresh(tokens.refresh).status, 200);
}

TEST_P(Sessions, HealthAndDocumentAreThereForAnyone) {
  EXPECT_EQ(client().get("/healthz").status, 204);
  EXPECT_EQ(program().management().get("/livez").status / 100, 2);
  EXPECT_EQ(program().management().get("/readyz").status / 100, 2);
  EXPECT_THAT(program().management().get("/metrics").body, testing::HasSubstr("# TYPE"));

  const Reply document = client().get("/openapi.json");
  ASSERT_EQ(document.status, 200);
  EXPECT_EQ(document.text("/openapi").substr(0, 3), "3.1");
  for (const api::Row& row : api::all_rows(program().services())) {
    const std::string method = base::to_lower_ascii(http::to_string(row.route.method));
    const Object& paths = document.at("/paths").as_object();
    ASSERT_TRUE(paths.contains(row.route.path)) << row.route.path;
    EXPECT_TRUE(paths.at(row.route.path).as_object().contains(method)) << method << " " << row.route.path;
  }
  for (const std::string path :
       {"/signup", "/signin", "/reset-password", "/invite-member", "/accept-invite", "/delete_member",
        "/update_member_role", "/stats/role-wise-users", "/stats/org-wise-members", "/stats/org-role-wise-users",
        "/stats/org-role-wise-users-filtered"}) {
    EXPECT_TRUE(document.at("/paths").as_object().contains(path)) << path;
  }
}

GATEHOUSE_ON_BOTH_DATABASES(Sessions);

}  // namespace gatehouse::tests
