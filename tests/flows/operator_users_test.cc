#include "tests/flows/operator_fixture.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

class OperatorUsers : public OperatorTest {
 protected:
  std::string path(const std::string& rest = {}) { return "users/" + ada_.user_id + rest; }
  std::vector<std::string> addresses(const std::string& query) {
    std::vector<std::string> all;
    const Reply reply = get("users" + query);
    EXPECT_EQ(reply.status, 200) << reply;
    for (const Json& row : reply.at("/data").as_array()) all.push_back(text_of(row.at("email")));
    return all;
  }
};

TEST_P(OperatorUsers, AreForOperatorsOnly) {
  expect_for_operators_only("GET", "users");
  expect_for_operators_only("GET", path());
  for (const std::string task : {"/suspend", "/reinstate", "/sign-out", "/reset-password"}) {
    expect_for_operators_only("POST", path(task), reason());
    expect_field_problem(post(path(task)), "/reason");
    expect_problem(post("users/" + store::UserId::make(kStart).to_string() + task, reason()), 404, "not_found");
  }
  EXPECT_EQ(get(path()).text("/user/status"), "active");
}

TEST_P(OperatorUsers, AreFoundByTheBeginningOfTheAddressAndOperatorsAreNotAmongThem) {
  using testing::ElementsAre;
  tick();
  found("adam@beta.example", "Beta");
  tick();
  found("zoe@gamma.example", "Gamma");
  EXPECT_THAT(addresses(""), ElementsAre("ada@acme.example", "adam@beta.example", "zoe@gamma.example"));
  EXPECT_THAT(addresses("?q=ADA"), ElementsAre("ada@acme.example", "adam@beta.example"));
  EXPECT_THAT(addresses("?q=ada@"), ElementsAre("ada@acme.example"));
  EXPECT_THAT(addresses("?q=root"), ElementsAre());
  EXPECT_THAT(addresses("?directory=isolated"), ElementsAre());
  EXPECT_THAT(addresses("?directory=shared&q=z"), ElementsAre("zoe@gamma.example"));
  ASSERT_EQ(post(path("/suspend"), reason()).status, 200);
  EXPECT_THAT(addresses("?status=suspended"), ElementsAre("ada@acme.example"));
  const std::string next = get("users?limit=1").text("/page/next");
  EXPECT_THAT(addresses("?limit=1&after=" + next), ElementsAre("adam@beta.example"));
  expect_field_problem(get("users?limit=1&q=a&after=" + next), "?after");
}

TEST_P(OperatorUsers, OneIsShownWithMembershipsAndSessionsAndNoSecret) {
  sign_in(ada_.email);
  const Reply shown = get(path());
  ASSERT_EQ(shown.status, 200) << shown;
  EXPECT_EQ(shown.text("/user/email"), ada_.email);
  EXPECT_TRUE(shown.flag("/user/email_verified"));
  EXPECT_EQ(shown.text("/user/directory"), "shared");
  EXPECT_EQ(shown.text("/memberships/0/id"), ada_.organization_id);
  EXPECT_EQ(shown.text("/memberships/0/role/key"), "owner");
  EXPECT_EQ(shown.text("/sessions/0/address"), "127.0.0.1");
  EXPECT_EQ(shown.text("/sessions/0/organization_id"), ada_.organization_id);
  EXPECT_EQ(shown.body.find("password"), std::string::npos);
  EXPECT_EQ(shown.body.find("argon2"), std::string::npos);

  const std::string own = session(root_).text("/user/id");
  for (const std::string task : {"/suspend", "/reinstate", "/sign-out", "/reset-password"}) {
    expect_problem(post("users/" + own + task, reason()), 404, "not_found");
  }
  expect_problem(get("users/" + own), 404, "not_found");
  EXPECT_EQ(session(root_).status, 200);
}

TEST_P(OperatorUsers, ASuspendedOneIsKeptOutEverywhereUntilTheyAreReinstated) {
  const Tokens tokens = sign_in(ada_.email);
  const std::string sent = invite(tokens.access, ada_.organization_id, "zoe@acme.example");
  const std::string reset = ask_for_reset(ada_.email);
  const Founder bo = found("bo@beta.example", "Beta");
  const std::string received = invite(access_token(bo.email), bo.organization_id, ada_.email);

  const Reply suspended = post(path("/suspend"), reason("taken over"));
  ASSERT_EQ(suspended.status, 200) << suspended;
  EXPECT_EQ(suspended.text("/user/status"), "suspended");
  EXPECT_EQ(suspended.at("/orphaned_organizations").as_array().size(), 1U);
  EXPECT_EQ(suspended.text("/orphaned_organizations/0/id"), ada_.organization_id);
  const Json entry = last_audit("user.suspended");
  EXPECT_EQ(text_of(entry.at("reason")), "taken over");
  EXPECT_EQ(text_of(entry.at("organization")), store::kPlatformOrganization.to_string());
  expect_problem(post(path("/suspend"), reason()), 409, "wrong_state");

  expect_problem(session(tokens.access), 401, "unauthenticated");
  expect_problem(refresh(tokens.refresh), 401, "invalid_refresh_token");
  expect_problem(try_sign_in(ada_.email), 401, "invalid_credentials");
  expect_problem(client().post("/reset-password", {{"token", reset}, {"new_password", kOtherPassword}}), 410,
                 "link_dead");
  EXPECT_EQ(client().post("/reset-password", {{"email", ada_.email}}).status, 200);
  EXPECT_TRUE(program().untaken_letters(ada_.email, subject::kReset).empty());
  expect_problem(client().post("/accept-invite", {{"token", received}, {"email", ada_.email}, {"password", kPassword}}),
                 401, "invalid_credentials");
  expect_problem(
      client().post("/accept-invite", {{"token", sent}, {"email", "zoe@acme.example"}, {"password", kPassword}}), 410,
      "link_dead");
  expect_problem(post(path("/reset-password"), reason()), 409, "wrong_state");

  EXPECT_EQ(post(path("/reinstate"), reason()).text("/status"), "active");
  expect_problem(post(path("/reinstate"), reason()), 409, "wrong_state");
  expect_problem(refresh(tokens.refresh), 401, "invalid_refresh_token");
  expect_problem(client().post("/reset-password", {{"token", reset}, {"new_password", kOtherPassword}}), 410,
                 "link_dead");
  sign_in(ada_.email);
  accept(received, ada_.email);
  EXPECT_FALSE(get("organizations/" + ada_.organization_id).flag("/is_orphaned"));
}

TEST_P(OperatorUsers, ASuspendedUnverifiedOneCanNotConfirmTheirAddress) {
  const Founder new_one = sign_up("new@new.example", "New");
  const std::string link = token_in(program().take_letter(new_one.email, subject::kWelcome));
  ASSERT_EQ(post("users/" + new_one.user_id + "/suspend", reason()).status, 200);
  expect_problem(client().post("/v1/email/verify", {{"token", link}}), 410, "link_dead");
  EXPECT_FALSE(get("users/" + new_one.user_id).flag("/user/email_verified"));
}

TEST_P(OperatorUsers, OneOfTwoOwnersLeavesNoOrganizationOrphaned) {
  join(ada_, "grace@acme.example", "owner");
  const Reply suspended = post(path("/suspend"), reason());
  EXPECT_TRUE(suspended.at("/orphaned_organizations").as_array().empty()) << suspended;
}

TEST_P(OperatorUsers, SigningOutEndsEverySession) {
  const Tokens one = sign_in(ada_.email), two = sign_in(ada_.email);
  EXPECT_EQ(post(path("/sign-out"), reason()).status, 204);
  for (const Tokens& tokens : {one, two}) {
    expect_problem(session(tokens.access), 401, "unauthenticated");
    expect_problem(refresh(tokens.refresh), 401, "invalid_refresh_token");
  }
  EXPECT_EQ(text_of(last_audit("user.signed_out").at("reason")), "ticket 4711");
  EXPECT_EQ(try_sign_in(ada_.email).status, 200);
}

TEST_P(OperatorUsers, AResetIsMailedAndNeverShown) {
  const Reply done = post(path("/reset-password"), reason());
  EXPECT_EQ(done.status, 204) << done;
  EXPECT_TRUE(done.body.empty());
  const std::string link = token_in(program().take_letter(ada_.email, subject::kReset));
  EXPECT_EQ(client().post("/reset-password", {{"token", link}, {"new_password", kOtherPassword}}).status, 200);
  expect_problem(try_sign_in(ada_.email), 401, "invalid_credentials");
  sign_in(ada_.email, kOtherPassword);
}

TEST_P(OperatorUsers, ResetLettersOfOperatorsHaveABudgetToo) {
  start({{"limits.enabled", "true"}});
  prepare();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(post(path("/reset-password"), reason()).status, 204);
  expect_problem(post(path("/reset-password"), reason()), 429, "rate_limited");
  program().settle();
  EXPECT_EQ(program().untaken_letters(ada_.email, subject::kReset).size(), 3U);
}

GATEHOUSE_ON_BOTH_DATABASES(OperatorUsers);

}  // namespace gatehouse::tests
