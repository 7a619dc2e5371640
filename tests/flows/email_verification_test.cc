#include "tests/support/flow_test.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

class EmailVerification : public FlowTest {
 protected:
  std::string sign_up_for_token(const std::string& email = "ada@acme.example", const std::string& name = "Acme") {
    sign_up(email, name);
    return token_in(program().take_letter(email, subject::kWelcome));
  }
  Reply verify(const std::string& token) { return client().post("/v1/email/verify", {{"token", token}}); }
  Reply page(const std::string& token) {
    return client().send(
        {.method = "GET", .target = "/verify-email?token=" + token, .headers = {{"Accept", "text/html"}}});
  }
  Reply send_form(const std::string& token, const std::string& action, const Headers& more = {}) {
    Headers headers{{"Accept", "text/html"}};
    headers.insert(headers.end(), more.begin(), more.end());
    return client().send({.method = "POST",
                          .target = "/verify-email",
                          .headers = headers,
                          .body = to_query({{"token", token}, {"action", action}}),
                          .content_type = "application/x-www-form-urlencoded"});
  }
};

TEST_P(EmailVerification, TheLinkWorksOnce) {
  const std::string token = sign_up_for_token();
  EXPECT_EQ(verify(token).status, 200);
  expect_problem(verify(token), 410, "link_dead");
}

TEST_P(EmailVerification, TheLinkDiesAfterADay) {
  const std::string token = sign_up_for_token();
  program().advance(std::chrono::hours(24));
  expect_problem(verify(token), 410, "link_dead");
  EXPECT_FALSE(try_sign_in("ada@acme.example").flag("/user/email_verified"));
}

TEST_P(EmailVerification, ThePageAsksBeforeAnythingHappens) {
  const std::string token = sign_up_for_token();
  const Reply shown = page(token);
  EXPECT_EQ(shown.status, 200) << shown;
  EXPECT_THAT(shown.body, testing::HasSubstr("Acme"));
  EXPECT_THAT(shown.body, testing::HasSubstr("I did not sign up"));
  EXPECT_THAT(shown.body, testing::HasSubstr("2026"));
  EXPECT_EQ(shown.header("referrer-policy"), "no-referrer");
  EXPECT_EQ(shown.header("cache-control"), "no-store");
  EXPECT_FALSE(try_sign_in("ada@acme.example").flag("/user/email_verified"));
  EXPECT_EQ(send_form(token, "confirm").status, 200);
  EXPECT_TRUE(try_sign_in("ada@acme.example").flag("/user/email_verified"));
  EXPECT_EQ(page(token).status, 410);
}

TEST_P(EmailVerification, WhoeverDidNotSignUpDeletesTheAccount) {
  const std::string token = sign_up_for_token();
  const Tokens strangers = sign_in("ada@acme.example");
  EXPECT_EQ(send_form(token, "disown").status, 200);
  expect_problem(session(strangers.access), 401, "unauthenticated");
  expect_problem(refresh(strangers.refresh), 401, "invalid_refresh_token");
  expect_problem(try_sign_in("ada@acme.example"), 401, "invalid_credentials");
  EXPECT_EQ(send_form(token, "disown").status, 400);
  const Founder again = sign_up("ada@acme.example", "Acme");
  EXPECT_FALSE(again.user_id.empty()) << "the address is free again";
}

TEST_P(EmailVerification, DisowningTakesInvitationsAndMembersOfTheOrganizationWithIt) {
  const Founder trap = sign_up("ada@acme.example", "Trap");
  const std::string token = token_in(program().take_letter("ada@acme.example", subject::kWelcome));
  const Person guest = join(trap, "guest@other.example");
  const std::string guests = access_token(guest.email);
  const std::string waiting = invite(access_token(trap.email), trap.organization_id, "late@other.example");
  const std::string reset = ask_for_reset(trap.email);
  EXPECT_EQ(send_form(token, "disown").status, 200);
  expect_problem(session(guests), 401, "unauthenticated");
  const Reply left = try_sign_in(guest.email);
  EXPECT_EQ(left.status, 200) << "the guest's own account stays";
  EXPECT_TRUE(left.at("/organization").is_null());
  EXPECT_GE(client()
                .post("/accept-invite", {{"token", waiting}, {"email", "late@other.example"}, {"password", kPassword}})
                .status,
            400);
  EXPECT_GE(client().post("/reset-password", {{"token", reset}, {"new_password", kOtherPassword}}).status, 400);
}

TEST_P(EmailVerification, AConfirmedAccountIsNotDisowned) {
  sign_up("ada@acme.example", "Acme");
  const std::string token = token_in(program().take_letter("ada@acme.example", subject::kWelcome));
  const std::string reset = ask_for_reset("ada@acme.example");
  ASSERT_EQ(client().post("/reset-password", {{"token", reset}, {"new_password", kOtherPassword}}).status, 200);
  EXPECT_EQ(send_form(token, "disown").status, 410);
  EXPECT_EQ(try_sign_in("ada@acme.example", kOtherPassword).status, 200);
}

TEST_P(EmailVerification, AFormOfAnotherSiteIsRefused) {
  const std::string token = sign_up_for_token();
  EXPECT_EQ(send_form(token, "disown", {{"Origin", "https://evil.example"}}).status, 403);
  EXPECT_EQ(send_form(token, "disown", {{"Sec-Fetch-Site", "cross-site"}}).status, 403);
  EXPECT_EQ(try_sign_in("ada@acme.example").status, 200);
}

GATEHOUSE_ON_BOTH_DATABASES(EmailVerification);

}  // namespace gatehouse::tests
