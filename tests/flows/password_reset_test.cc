#include "tests/support/flow_test.h"

#include "domain/operators.h"

namespace gatehouse::tests {

class PasswordReset : public FlowTest {
 protected:
  Reply ask(const std::string& email) { return client().post("/reset-password", {{"email", email}}); }
  Reply set(const std::string& token, const std::string& password) {
    return client().post("/reset-password", {{"token", token}, {"new_password", password}});
  }
};

TEST_P(PasswordReset, AnUnknownAddressGetsTheSameAnswerAndNoLetter) {
  sign_up("ada@acme.example", "Acme");
  EXPECT_EQ(normalized(ask("nobody@acme.example")), normalized(ask("ada@acme.example")));
  program().take_letter("ada@acme.example", subject::kReset);
  EXPECT_TRUE(program().untaken_letters("nobody@acme.example").empty());
}

TEST_P(PasswordReset, AnAddressInCapitalsIsTheSameAddressAndTheLetterGoesToTheStoredForm) {
  sign_up("ada@acme.example", "Acme");
  EXPECT_EQ(ask("ADA@Acme.EXAMPLE").status, 200);
  EXPECT_EQ(program().take_letter("ada@acme.example", subject::kReset).to.text, "ada@acme.example");
}

TEST_P(PasswordReset, WithoutTheTokenNoPasswordIsSet) {
  sign_up("ada@acme.example", "Acme");
  expect_problem(client().post("/reset-password", {{"email", "ada@acme.example"}, {"new_password", kOtherPassword}}),
                 400, "proof_missing");
  expect_problem(client().post("/reset-password", {{"new_password", kOtherPassword}}), 400, "proof_missing");
  EXPECT_EQ(try_sign_in("ada@acme.example", kPassword).status, 200);
}

TEST_P(PasswordReset, TheLinkWorksOnce) {
  sign_up("ada@acme.example", "Acme");
  const std::string token = ask_for_reset("ada@acme.example");
  EXPECT_EQ(set(token, kOtherPassword).status, 200);
  expect_problem(set(token, kPassword), 410, "link_dead");
  EXPECT_EQ(try_sign_in("ada@acme.example", kOtherPassword).status, 200);
}

TEST_P(PasswordReset, TheLinkDiesAfterThirtyMinutes) {
  sign_up("ada@acme.example", "Acme");
  const std::string token = ask_for_reset("ada@acme.example");
  program().advance(std::chrono::minutes(30));
  expect_problem(set(token, kOtherPassword), 410, "link_dead");
  const std::string second = ask_for_reset("ada@acme.example");
  program().advance(std::chrono::minutes(30) - std::chrono::seconds(1));
  EXPECT_EQ(set(second, kOtherPassword).status, 200);
}

TEST_P(PasswordReset, AWeakPasswordDoesNotUseTheLinkUp) {
  sign_up("ada@acme.example", "Acme");
  const std::string token = ask_for_reset("ada@acme.example");
  expect_problem(set(token, "password"), 400, "weak_password");
  EXPECT_EQ(set(token, kOtherPassword).status, 200);
}

TEST_P(PasswordReset, AllSessionsEnd) {
  sign_up("ada@acme.example", "Acme");
  const Tokens one = sign_in("ada@acme.example");
  const Tokens two = sign_in("ada@acme.example");
  ASSERT_EQ(set(ask_for_reset("ada@acme.example"), kOtherPassword).status, 200);
  expect_problem(session(one.access), 401, "unauthenticated");
  expect_problem(session(two.access), 401, "unauthenticated");
  expect_problem(refresh(one.refresh), 401, "invalid_refresh_token");
  expect_problem(refresh(two.refresh), 401, "invalid_refresh_token");
}

TEST_P(PasswordReset, OtherResetLinksDie) {
  sign_up("ada@acme.example", "Acme");
  const std::string first = ask_for_reset("ada@acme.example");
  const std::string second = ask_for_reset("ada@acme.example");
  ASSERT_EQ(set(second, kOtherPassword).status, 200);
  expect_problem(set(first, kPassword), 410, "link_dead");
}

TEST_P(PasswordReset, ALinkOfOneWithTheAddressOfAnotherIsRefused) {
  sign_up("ada@acme.example", "Acme");
  sign_up("eve@evil.example", "Evil");
  const std::string token = ask_for_reset("eve@evil.example");
  expect_problem(client().post("/reset-password",
                               {{"email", "ada@acme.example"}, {"token", token}, {"new_password", kOtherPassword}}),
                 400, "link_invalid");
  EXPECT_EQ(try_sign_in("ada@acme.example", kPassword).status, 200);
  EXPECT_EQ(try_sign_in("eve@evil.example", kPassword).status, 200);
  EXPECT_EQ(
      client()
          .post("/reset-password", {{"email", "eve@evil.example"}, {"token", token}, {"new_password", kOtherPassword}})
          .status,
      200);
}

TEST_P(PasswordReset, NothingHappensToOperators) {
  const auto made =
      domain::create_operator(program().services(), *base::parse_email("root@acme.example"), base::Secret(kPassword));
  ASSERT_TRUE(made);
  sign_up("ada@acme.example", "Acme");
  EXPECT_EQ(normalized(ask("root@acme.example")), normalized(ask("ada@acme.example")));
  EXPECT_TRUE(program().untaken_letters("root@acme.example").empty());
}

TEST_P(PasswordReset, ALinkFromBeforeARemovalStillServesTheAccount) {
  const Founder ada = found("ada@acme.example", "Acme");
  const Person grace = join(ada, "grace@acme.example");
  const std::string token = ask_for_reset(grace.email);
  ASSERT_EQ(remove(access_token(ada.email), ada.organization_id, grace.user_id).status, 200);
  EXPECT_EQ(set(token, kOtherPassword).status, 200);
}

GATEHOUSE_ON_BOTH_DATABASES(PasswordReset);

}  // namespace gatehouse::tests
