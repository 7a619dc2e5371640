#include "tests/support/at_once.h"
#include "tests/support/flow_test.h"

#include <gmock/gmock.h>

#include <set>

namespace gatehouse::tests {

// Many at once over real HTTP: each is a thread with a connection of its own, and all begin together.
class AtOnce : public FlowTest {
 protected:
  static constexpr int kMany = 50;
};

TEST_P(AtOnce, OneInvitationIsAcceptedOnce) {
  const Founder ada = found("ada@acme.example", "Acme");
  const std::string owner = access_token(ada.email);
  const std::string token = invite(owner, ada.organization_id, "grace@acme.example");
  const HttpClient http = client();
  const auto replies = ask_at_once(kMany, [&](int) {
    return http.post("/accept-invite", {{"token", token}, {"email", "grace@acme.example"}, {"password", kPassword}});
  });
  const auto counts = count_by_status(replies);
  EXPECT_EQ(counts.at(200), 1) << testing::PrintToString(counts);
  for (const auto& [status, count] : counts) EXPECT_THAT(status, testing::AnyOf(200, 401, 409, 410)) << count;
  EXPECT_EQ(client().get("/stats/org-wise-members", owner).json, (Object{{"Acme", 2}}));
  EXPECT_EQ(try_sign_in("grace@acme.example").status, 200);
}

TEST_P(AtOnce, OneResetLinkSetsOnePassword) {
  sign_up("ada@acme.example", "Acme");
  const std::string token = ask_for_reset("ada@acme.example");
  const HttpClient http = client();
  const auto password = [](int i) { return "a lantern under stair " + std::to_string(i); };
  const auto replies = ask_at_once(kMany, [&](int i) {
    return http.post("/reset-password", {{"token", token}, {"new_password", password(i)}});
  });
  EXPECT_THAT(count_by_status(replies), testing::ElementsAre(testing::Pair(200, 1), testing::Pair(410, kMany - 1)));
  for (int i = 0; i < kMany; ++i) {
    if (replies[std::size_t(i)].status == 200) {
      EXPECT_EQ(try_sign_in("ada@acme.example", password(i)).status, 200);
    }
  }
  EXPECT_EQ(try_sign_in("ada@acme.example", kPassword).status, 401);
  program().take_letter("ada@acme.example", subject::kPasswordChanged);
  EXPECT_TRUE(program().untaken_letters("ada@acme.example", subject::kPasswordChanged).empty());
}

TEST_P(AtOnce, OneRefreshTokenHasOneSuccessor) {
  sign_up("ada@acme.example", "Acme");
  const Tokens tokens = sign_in("ada@acme.example");
  const HttpClient http = client();
  const auto replies = ask_at_once(kMany, [&](int) {
    return http.post("/v1/token/refresh", {{"refresh_token", tokens.refresh}});
  });
  std::set<std::string> successors;
  for (const Reply& reply : replies) {
    ASSERT_EQ(reply.status, 200) << reply;
    successors.insert(reply.text("/refresh_token"));
  }
  EXPECT_EQ(successors.size(), 1u);
  EXPECT_EQ(refresh(*successors.begin()).status, 200);
}

TEST_P(AtOnce, OneAddressSignsUpOnce) {
  const HttpClient http = client();
  const auto replies = ask_at_once(kMany, [&](int i) {
    return http.post("/signup", {{"email", i % 2 == 0 ? "ada@acme.example" : "ADA@acme.example"},
                                 {"password", kPassword},
                                 {"organization_name", "Acme " + std::to_string(i)}});
  });
  EXPECT_THAT(count_by_status(replies), testing::ElementsAre(testing::Pair(201, 1), testing::Pair(409, kMany - 1)));
  EXPECT_EQ(try_sign_in("ada@acme.example").at("/organizations").as_array().size(), 1u);
}

TEST_P(AtOnce, OneAddressIsInvitedOnce) {
  const Founder ada = found("ada@acme.example", "Acme");
  const std::string owner = access_token(ada.email);
  const HttpClient http = client();
  const auto replies = ask_at_once(kMany, [&](int) {
    return http.post(
        "/invite-member",
        {{"recipient", "grace@acme.example"}, {"organization_id", ada.organization_id}, {"role", "member"}}, owner);
  });
  EXPECT_THAT(count_by_status(replies), testing::ElementsAre(testing::Pair(200, kMany)));
  const Reply list = client().get("/v1/organizations/" + ada.organization_id + "/invitations", owner);
  EXPECT_EQ(list.at("/data").as_array().size(), 1u);
}

TEST_P(AtOnce, TheLastTwoOwnersCanNotRidThemselvesOfEachOther) {
  Founder ada = found("ada@acme.example", "Acme");
  const Person watcher = join(ada, "watcher@acme.example", "admin");
  Person grace = join(ada, "grace@acme.example", "owner");
  const HttpClient http = client();
  const std::string list = "/v1/organizations/" + ada.organization_id + "/members";
  for (int round = 0; round < 20; ++round) {
    const std::vector<std::string> tokens{access_token(ada.email, ada.organization_id),
                                          access_token(grace.email, ada.organization_id)};
    const std::vector<Person> others{grace, ada};
    const bool by_demotion = round % 2 == 0;
    const auto replies = ask_at_once(2, [&](int i) {
      const Person& other = others[std::size_t(i)];
      if (by_demotion) {
        return http.put("/update_member_role", {{"member_id", other.member_id}, {"role_id", ada.roles.at("member")}},
                        tokens[std::size_t(i)]);
      }
      return http.del("/delete_member", {{"org_id", ada.organization_id}, {"user_id", other.user_id}},
                      tokens[std::size_t(i)]);
    });
    const auto counts = count_by_status(replies);
    ASSERT_EQ(counts.at(200), 1) << "round " << round << ": " << testing::PrintToString(counts);

    const Reply members = client().get(list, access_token(watcher.email));
    std::string owner;
    for (const Json& member : members.at("/data").as_array()) {
      if (member.at("role").at("key") == "owner") owner = member.at("email").as_string();
    }
    ASSERT_FALSE(owner.empty()) << "round " << round << " left no owner";
    // Makes them two again for the next round.
    Person& other = owner == ada.email ? grace : static_cast<Person&>(ada);
    const std::string token = access_token(owner, ada.organization_id);
    if (by_demotion) {
      ASSERT_EQ(update_role(token, other.member_id, ada.roles.at("owner")).status, 200);
    } else {
      other = accept(invite(token, ada.organization_id, other.email, "owner"), other.email);
    }
  }
}

TEST_P(AtOnce, RolesChangeWhileTheMembersWork) {
  const Founder ada = found("ada@acme.example", "Acme");
  const Person grace = join(ada, "grace@acme.example", "admin");
  const std::string owner = access_token(ada.email);
  const std::string admin = access_token(grace.email);
  const HttpClient http = client();
  const auto replies = ask_at_once(20, [&](int i) {
    if (i % 10 == 0) {
      return http.put("/update_member_role", {{"member_id", grace.member_id}, {"role_id", ada.roles.at("member")}},
                      owner);
    }
    return http.post("/invite-member",
                     {{"recipient", "guest" + std::to_string(i) + "@acme.example"},
                      {"organization_id", ada.organization_id},
                      {"role", "member"}},
                     admin);
  });
  for (const Reply& reply : replies) EXPECT_THAT(reply.status, testing::AnyOf(200, 401, 403, 404)) << reply;
  const Reply list = client().get("/v1/organizations/" + ada.organization_id + "/invitations?limit=200", owner);
  for (const Json& invitation : list.at("/data").as_array()) {
    EXPECT_NE(invitation.at("status").as_string(), "pending") << "sent by somebody who may not any more";
  }
}

GATEHOUSE_ON_BOTH_DATABASES(AtOnce);

}  // namespace gatehouse::tests
