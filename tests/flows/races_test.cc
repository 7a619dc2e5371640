#include "tests/support/at_once.h"
#include "tests/support/flow_test.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

// Two things that happen at the same instant end as if one had come after the other, and never in a 5xx.
class Races : public FlowTest {
 protected:
  static void expect_no_breakage(const std::vector<Reply>& replies) {
    for (const Reply& reply : replies) {
      EXPECT_GE(reply.status, 200) << reply;
      EXPECT_LT(reply.status, 500) << reply;
    }
  }
};

TEST_P(Races, NoSessionOfTheOldPasswordOutlivesAReset) {
  sign_up("ada@acme.example", "Acme");
  std::string before = kPassword;
  const HttpClient http = client();
  for (int round = 0; round < 5; ++round) {
    const std::string token = ask_for_reset("ada@acme.example");
    const std::string after = "a lantern under stair " + std::to_string(round);
    const auto replies = ask_at_once(12, [&](int i) {
      if (i == 6) return http.post("/reset-password", {{"token", token}, {"new_password", after}});
      return http.post("/signin", {{"email", "ada@acme.example"}, {"password", before}});
    });
    expect_no_breakage(replies);
    ASSERT_EQ(replies[6].status, 200) << replies[6];
    for (std::size_t i = 0; i < replies.size(); ++i) {
      if (i == 6 || replies[i].status != 200) continue;
      expect_problem(session(replies[i].text("/access_token")), 401, "unauthenticated");
      expect_problem(refresh(replies[i].text("/refresh_token")), 401, "invalid_refresh_token");
    }
    before = after;
  }
}

TEST_P(Races, AnInvitationIsAcceptedOrRevokedWhenItsInviterGoes) {
  const Founder ada = found("ada@acme.example", "Acme");
  const HttpClient http = client();
  for (int round = 0; round < 8; ++round) {
    const std::string guest = "guest" + std::to_string(round) + "@acme.example";
    const Person inviter = join(ada, "inviter" + std::to_string(round) + "@acme.example", "admin");
    const std::string link = invite(access_token(inviter.email), ada.organization_id, guest);
    const std::string owner = access_token(ada.email);
    const auto replies = ask_at_once(2, [&](int i) {
      if (i == 0) return http.post("/accept-invite", {{"token", link}, {"email", guest}, {"password", kPassword}});
      return http.del("/delete_member", {{"org_id", ada.organization_id}, {"user_id", inviter.user_id}}, owner);
    });
    EXPECT_EQ(replies[1].status, 200) << replies[1];
    EXPECT_THAT(replies[0].status, testing::AnyOf(200, 410)) << replies[0];
    EXPECT_EQ(try_sign_in(guest).status, replies[0].status == 200 ? 200 : 401);
  }
}

TEST_P(Races, AnAccountIsDisownedWhileItIsUsed) {
  const HttpClient http = client();
  for (int round = 0; round < 5; ++round) {
    const std::string email = "trap" + std::to_string(round) + "@acme.example";
    const Founder trap = sign_up(email, "Trap " + std::to_string(round));
    const std::string link = token_in(program().take_letter(email, subject::kWelcome));
    const Tokens tokens = sign_in(email);
    const std::string guest = "guest" + std::to_string(round) + "@other.example";
    const std::string invitation = invite(tokens.access, trap.organization_id, guest);
    const auto replies = ask_at_once(14, [&](int i) {
      switch (i % 7) {
        case 0: return http.post("/signin", {{"email", email}, {"password", kPassword}});
        case 1: return http.post("/v1/token/refresh", {{"refresh_token", tokens.refresh}});
        case 2:
          return http.post("/invite-member",
                           {{"recipient", "x" + guest}, {"organization_id", trap.organization_id}, {"role", "member"}},
                           tokens.access);
        case 3: return http.post("/accept-invite", {{"token", invitation}, {"email", guest}, {"password", kPassword}});
        case 4: return http.post("/reset-password", {{"email", email}});
        case 5: return http.get("/stats/org-role-wise-users", tokens.access);
        default:
          return http.send({.method = "POST",
                            .target = "/verify-email",
                            .headers = {{"Accept", "text/html"}},
                            .body = to_query({{"token", link}, {"action", "disown"}}),
                            .content_type = "application/x-www-form-urlencoded"});
      }
    });
    expect_no_breakage(replies);
    program().settle();
    expect_problem(session(tokens.access), 401, "unauthenticated");
    expect_problem(try_sign_in(email), 401, "invalid_credentials");
    EXPECT_EQ(
        client().post("/signup", {{"email", email}, {"password", kPassword}, {"organization_name", "Again"}}).status,
        201);
  }
}

TEST_P(Races, WhoMadeAnAccountAheadKeepsNoSessionWhenItsOwnerTakesIt) {
  const Founder ada = found("ada@acme.example", "Acme");
  const HttpClient http = client();
  for (int round = 0; round < 5; ++round) {
    const std::string email = "grace" + std::to_string(round) + "@acme.example";
    sign_up(email, "Trap");
    const std::string link = invite(access_token(ada.email), ada.organization_id, email);
    const auto replies = ask_at_once(10, [&](int i) {
      if (i == 5) return http.post("/accept-invite", {{"token", link}, {"email", email}, {"password", kOtherPassword}});
      return http.post("/signin", {{"email", email}, {"password", kPassword}});
    });
    expect_no_breakage(replies);
    ASSERT_EQ(replies[5].status, 200) << replies[5];
    for (std::size_t i = 0; i < replies.size(); ++i) {
      if (i == 5 || replies[i].status != 200) continue;
      expect_problem(session(replies[i].text("/access_token")), 401, "unauthenticated");
      expect_problem(refresh(replies[i].text("/refresh_token")), 401, "invalid_refresh_token");
    }
  }
}

TEST_P(Races, OnePersonJoinsTwoOrganizationsAtOnceWithOneNewAccount) {
  const Founder ada = found("ada@acme.example", "Acme");
  const Founder eve = found("eve@other.example", "Other");
  const HttpClient http = client();
  for (int round = 0; round < 5; ++round) {
    const std::string guest = "guest" + std::to_string(round) + "@acme.example";
    const std::vector<std::string> links{invite(access_token(ada.email), ada.organization_id, guest),
                                         invite(access_token(eve.email), eve.organization_id, guest)};
    const auto replies = ask_at_once(2, [&](int i) {
      return http.post("/accept-invite", {{"token", links[std::size_t(i)]}, {"email", guest}, {"password", kPassword}});
    });
    // One of them may be told that the account has come to be meanwhile, and asks again.
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_THAT(replies[i].status, testing::AnyOf(200, 401)) << replies[i];
      if (replies[i].status == 401) accept(links[i], guest);
    }
    EXPECT_EQ(try_sign_in(guest).at("/organizations").as_array().size(), 2u);
  }
}

GATEHOUSE_ON_BOTH_DATABASES(Races);

}  // namespace gatehouse::tests
