#include "tests/support/flow_test.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

using namespace std::chrono_literals;

class Policies : public FlowTest {
 protected:
  void SetUp() override { begin({}); }

  void begin(const Settings& settings) {
    start(settings);
    ada_ = found("ada@acme.example", "Acme");
  }
  std::string path(const Founder& founder) const {
    return "/v1/organizations/" + founder.organization_id + "/policies";
  }
  Reply show(const std::string& token) { return client().get(path(ada_), token); }
  Reply patch(const Founder& founder, const std::string& token, const Object& body, const std::string& etag = {}) {
    Call call{.method = "PATCH",
              .target = path(founder),
              .token = token,
              .body = boost::json::serialize(body),
              .content_type = "application/merge-patch+json"};
    if (!etag.empty()) call.headers.emplace_back("If-Match", etag);
    return client().send(call);
  }
  /// As the owner; expected to succeed.
  Reply set(const Object& body) {
    const Reply reply = patch(ada_, access_token(ada_.email, ada_.organization_id), body);
    EXPECT_EQ(reply.status, 200) << reply;
    return reply;
  }
  Reply try_invite(const std::string& token, const std::string& email, const std::string& role = "member") {
    return client().post("/invite-member",
                         {{"recipient", email}, {"organization_id", ada_.organization_id}, {"role", role}}, token);
  }
  Reply try_accept(const std::string& link, const std::string& email, const std::string& password = kPassword) {
    return client().post("/accept-invite", {{"token", link}, {"email", email}, {"password", password}});
  }
  std::vector<std::string> permissions(const std::string& token) {
    std::vector<std::string> words;
    const Reply shown = session(token);
    for (const Json& one : shown.at("/permissions").as_array()) words.push_back(text_of(one));
    return words;
  }

  Founder ada_;
};

TEST_P(Policies, OfPlatformAndOrganizationTheStricterHolds) {
  begin({{"policy.password_minimum", "10"},
         {"policy.session_idle_seconds", "7200"},
         {"policy.session_absolute_seconds", "86400"},
         {"policy.who_may_invite", "admins"},
         {"sign_in_alert", "new_device"}});
  const std::string token = access_token(ada_.email);
  const Reply unset = show(token);
  for (const std::string name :
       {"password_minimum", "session_idle_seconds", "session_absolute_seconds", "sign_in_alert", "who_may_invite"}) {
    EXPECT_TRUE(unset.at("/" + name).is_null()) << name;
  }
  EXPECT_EQ(unset.at("/allowed_domains").as_array().size(), 0u);
  EXPECT_EQ(unset.number("/effective/password_minimum"), 10);
  EXPECT_EQ(unset.number("/effective/session_idle_seconds"), 7200);
  EXPECT_EQ(unset.number("/effective/session_absolute_seconds"), 86400);
  EXPECT_EQ(unset.text("/effective/sign_in_alert"), "new_device");
  EXPECT_EQ(unset.text("/effective/who_may_invite"), "admins");

  const Reply looser = set({{"password_minimum", 8},
                            {"session_idle_seconds", 9000},
                            {"session_absolute_seconds", 90000},
                            {"sign_in_alert", "never"},
                            {"who_may_invite", "members"},
                            {"allowed_domains", {" ACME.example", "münchen.example", "acme.example"}}});
  EXPECT_EQ(looser.number("/password_minimum"), 8);
  EXPECT_EQ(looser.at("/effective").as_object().at("password_minimum"), unset.at("/effective/password_minimum"));
  EXPECT_EQ(looser.number("/effective/session_idle_seconds"), 7200);
  EXPECT_EQ(looser.number("/effective/session_absolute_seconds"), 86400);
  EXPECT_EQ(looser.text("/effective/sign_in_alert"), "new_device");
  EXPECT_EQ(looser.text("/effective/who_may_invite"), "admins");
  EXPECT_EQ(boost::json::serialize(looser.at("/effective/allowed_domains")),
            R"(["acme.example","xn--mnchen-3ya.example"])");

  const Reply stricter = set({{"password_minimum", 20},
                              {"session_idle_seconds", 600},
                              {"session_absolute_seconds", 900},
                              {"sign_in_alert", "always"},
                              {"who_may_invite", "owners"}});
  EXPECT_EQ(stricter.number("/effective/password_minimum"), 20);
  EXPECT_EQ(stricter.number("/effective/session_idle_seconds"), 600);
  EXPECT_EQ(stricter.number("/effective/session_absolute_seconds"), 900);
  EXPECT_EQ(stricter.text("/effective/sign_in_alert"), "always");
  EXPECT_EQ(stricter.text("/effective/who_may_invite"), "owners");

  const Reply cleared = set({{"password_minimum", nullptr},
                             {"session_idle_seconds", nullptr},
                             {"session_absolute_seconds", nullptr},
                             {"sign_in_alert", nullptr},
                             {"allowed_domains", nullptr},
                             {"who_may_invite", nullptr}});
  EXPECT_EQ(cleared.body, unset.body);
}

TEST_P(Policies, AChangeNeedsTheRightAndTheVersionThatWasRead) {
  const std::string owner = access_token(ada_.email);
  join(ada_, "mia@acme.example");
  const std::string member = access_token("mia@acme.example");
  EXPECT_EQ(show(member).status, 200);
  expect_problem(patch(ada_, member, {{"password_minimum", 9}}), 403, "forbidden");
  found("eve@other.example", "Other");
  expect_problem(patch(ada_, access_token("eve@other.example"), {{"password_minimum", 9}}), 404, "not_found");

  const std::string etag = show(owner).header("etag");
  const Reply changed = patch(ada_, owner, {{"password_minimum", 9}}, etag);
  ASSERT_EQ(changed.status, 200) << changed;
  EXPECT_EQ(show(owner).body, changed.body);
  expect_problem(patch(ada_, owner, {{"password_minimum", 10}}, etag), 412, "precondition_failed");
  EXPECT_EQ(patch(ada_, owner, {}).body, changed.body);

  for (const auto& [name, value] : std::map<std::string, Json>{{"password_minimum", 7},
                                                               {"password_minimum_", 9},
                                                               {"session_idle_seconds", 299},
                                                               {"session_absolute_seconds", 40'000'000},
                                                               {"sign_in_alert", "sometimes"},
                                                               {"who_may_invite", "nobody"},
                                                               {"effective", Object{}}}) {
    expect_field_problem(patch(ada_, owner, {{name, value}}), "/" + name);
  }
  for (const std::string domain :
       {"acme", "a@b.example", "acme.example x", "-a.example", "192.0.2.1", "*.acme.example"}) {
    expect_field_problem(patch(ada_, owner, {{"allowed_domains", {domain}}}), "/allowed_domains/0");
  }
  boost::json::array many;
  for (int i = 0; i < 51; ++i) many.push_back(Json("d" + std::to_string(i) + ".example"));
  expect_field_problem(patch(ada_, owner, {{"allowed_domains", many}}), "/allowed_domains");
  EXPECT_EQ(show(owner).body, changed.body);
}

TEST_P(Policies, ANewPasswordIsAsLongAsTheStrictestOrganizationAsks) {
  const std::string shorter = "tea kettle raft";
  set({{"password_minimum", 30}});
  const std::string link = invite(access_token(ada_.email), ada_.organization_id, "mia@acme.example");
  expect_field_problem(try_accept(link, "mia@acme.example", shorter), "/password");
  const std::string long_one = "seven kettles on a raft at night";
  ASSERT_EQ(try_accept(link, "mia@acme.example", long_one).status, 200);

  const Founder eve = found("eve@other.example", "Other");
  const std::string other = invite(access_token(eve.email), eve.organization_id, "mia@acme.example");
  ASSERT_EQ(try_accept(other, "mia@acme.example", long_one).status, 200);
  const std::string reset = ask_for_reset("mia@acme.example");
  expect_field_problem(client().post("/reset-password", {{"token", reset}, {"new_password", shorter}}),
                       "/new_password");
  EXPECT_EQ(client().post("/reset-password", {{"token", reset}, {"new_password", long_one + " again"}}).status, 200);
  const std::string eves = ask_for_reset(eve.email);
  EXPECT_EQ(client().post("/reset-password", {{"token", eves}, {"new_password", shorter}}).status, 200)
      << "nothing of an organization in which one is not";
}

TEST_P(Policies, AChangedPasswordIsAsLongAsTheStrictestOrganizationAsks) {
  set({{"password_minimum", 40}});
  const Reply reply = client().post(
      "/v1/me/password", {{"current_password", kPassword}, {"new_password", kOtherPassword}}, access_token(ada_.email));
  EXPECT_EQ(reply.status, 400) << reply;
  const std::string longer = kOtherPassword + " and a rope of nine ells";
  EXPECT_EQ(client()
                .post("/v1/me/password", {{"current_password", kPassword}, {"new_password", longer}},
                      access_token(ada_.email))
                .status,
            204);
}

TEST_P(Policies, AnAskedPermissionIsTheOneThatHoldsAndThePolicyIsNamedWhereItDecides) {
  join(ada_, "mia@acme.example");
  join(ada_, "adam@acme.example", "admin");
  const std::string key = client()
                              .post("/v1/organizations/" + ada_.organization_id + "/api-keys",
                                    {{"name", "CI"}, {"permissions", {"members:invite"}}}, access_token(ada_.email))
                              .text("/secret");
  const auto may_invite = [&](const std::string& token) {
    const Reply reply = client().post("/v1/permissions/check",
                                      {{"organization_id", ada_.organization_id},
                                       {"checks", boost::json::array{Object{{"permission", "members:invite"}}}}},
                                      token);
    return (reply.flag("/results/0/allowed") ? "" : "!") + reply.text("/results/0/explanation/grant");
  };
  const auto answers = [&] {
    return std::vector{may_invite(access_token("mia@acme.example")), may_invite(access_token("adam@acme.example")),
                       may_invite(access_token(ada_.email)), may_invite(key)};
  };
  EXPECT_THAT(answers(), testing::ElementsAre("!none", "fixed_role", "fixed_role", "api_key"));
  set({{"who_may_invite", "members"}});
  EXPECT_THAT(answers(), testing::ElementsAre("policy", "fixed_role", "fixed_role", "api_key"));
  set({{"who_may_invite", "owners"}});
  EXPECT_THAT(answers(), testing::ElementsAre("!none", "!policy", "fixed_role", "!policy"));
}

TEST_P(Policies, ThePlatformAsksEverybodyWhoSignsUp) {
  begin({{"policy.password_minimum", "20"}});
  expect_field_problem(
      client().post("/signup",
                    {{"email", "eve@other.example"}, {"password", "tea kettle raft"}, {"organization_name", "Other"}}),
      "/password");
}

TEST_P(Policies, ASessionThatIdlesTooLongEnds) {
  const Tokens tokens = sign_in(ada_.email);
  set({{"session_idle_seconds", 600}});
  program().advance(299s);
  EXPECT_EQ(session(tokens.access).status, 200);
  const Reply renewed = refresh(tokens.refresh);
  ASSERT_EQ(renewed.status, 200) << renewed;
  program().advance(599s);
  const Reply again = refresh(renewed.text("/refresh_token"));
  ASSERT_EQ(again.status, 200) << again;
  program().advance(600s);
  expect_problem(refresh(again.text("/refresh_token")), 401, "invalid_refresh_token");
}

TEST_P(Policies, AShorterLifeHoldsForLiveSessionsAtOnce) {
  const Tokens old = sign_in(ada_.email);
  program().advance(1000s);
  const Reply renewed = refresh(old.refresh);
  ASSERT_EQ(renewed.status, 200) << renewed;
  set({{"session_absolute_seconds", 900}});
  expect_problem(session(renewed.text("/access_token")), 401, "unauthenticated");
  expect_problem(refresh(renewed.text("/refresh_token")), 401, "invalid_refresh_token");
  set({{"session_absolute_seconds", nullptr}});
  expect_problem(refresh(renewed.text("/refresh_token")), 401, "invalid_refresh_token");

  Tokens fresh = sign_in(ada_.email);
  set({{"session_absolute_seconds", 900}});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(session(fresh.access).status, 200);
    program().advance(250s);
    const Reply next = refresh(fresh.refresh);
    ASSERT_EQ(next.status, 200) << next;
    fresh = {next.text("/access_token"), next.text("/refresh_token")};
  }
  program().advance(150s);
  expect_problem(session(fresh.access), 401, "unauthenticated");
  expect_problem(refresh(fresh.refresh), 401, "invalid_refresh_token");
}

TEST_P(Policies, OfOneOrganizationLeaveSessionsInAnotherAlone) {
  const Founder eve = found("eve@other.example", "Other");
  accept(invite(access_token(eve.email), eve.organization_id, ada_.email), ada_.email);
  const Tokens there = sign_in(ada_.email, kPassword, eve.organization_id);
  program().advance(1000s);
  const Reply renewed = refresh(there.refresh);
  ASSERT_EQ(renewed.status, 200) << renewed;
  set({{"session_absolute_seconds", 900}});
  const std::string access = renewed.text("/access_token");
  EXPECT_EQ(session(access).status, 200);
  expect_problem(client().post("/v1/session/organization", {{"organization_id", ada_.organization_id}}, access), 409,
                 "wrong_state");
  EXPECT_EQ(session(access).status, 200) << "the session goes on where it was";
}

TEST_P(Policies, AnAlertIsSentWhenOneOfTheOrganizationsAsksForIt) {
  begin({{"sign_in_alert", "never"}});
  const Founder eve = found("eve@other.example", "Other");
  sign_in(ada_.email);
  EXPECT_TRUE(program().untaken_letters(ada_.email, subject::kAlert).empty());
  set({{"sign_in_alert", "always"}});
  sign_in(ada_.email);
  program().take_letter(ada_.email, subject::kAlert);
  sign_in(eve.email);
  EXPECT_TRUE(program().untaken_letters(eve.email, subject::kAlert).empty());
}

TEST_P(Policies, OnlyAddressesOfTheNamedDomainsGetIn) {
  const std::string early = invite(access_token(ada_.email), ada_.organization_id, "early@other.example");
  set({{"allowed_domains", {"acme.example", "münchen.example"}}});
  const std::string owner = access_token(ada_.email);
  for (const std::string email : {"x@other.example", "x@sub.acme.example", "x@acme.example.org", "x@notacme.example"}) {
    expect_problem(try_invite(owner, email), 403, "domain_not_allowed");
    EXPECT_TRUE(program().untaken_letters(email).empty());
  }
  expect_problem(try_accept(early, "early@other.example"), 403, "domain_not_allowed");
  expect_problem(try_sign_in("early@other.example"), 401, "invalid_credentials");
  EXPECT_EQ(try_invite(owner, "x@ACME.example").status, 200);
  EXPECT_EQ(try_invite(owner, "x@xn--mnchen-3ya.example").status, 200);
  set({{"allowed_domains", nullptr}});
  EXPECT_EQ(try_accept(early, "early@other.example").status, 200) << "the refusal used nothing up";
}

TEST_P(Policies, WhereOwnersAloneInviteNobodyElseDoesAndRanksStay) {
  const Person grace = join(ada_, "grace@acme.example", "admin"), linus = join(ada_, "linus@acme.example", "admin");
  const std::string before = access_token(grace.email);
  const std::string link = invite(before, ada_.organization_id, "guest@acme.example");
  const std::string owners = invite(access_token(ada_.email), ada_.organization_id, "friend@acme.example");
  set({{"who_may_invite", "owners"}});
  expect_problem(session(before), 401, "unauthenticated");
  expect_problem(try_accept(link, "guest@acme.example"), 410, "link_dead");
  EXPECT_EQ(try_accept(owners, "friend@acme.example").status, 200);

  const std::string admin = access_token(grace.email), owner = access_token(ada_.email);
  EXPECT_THAT(permissions(admin), testing::Not(testing::Contains("members:invite")));
  EXPECT_THAT(permissions(owner), testing::Contains("members:invite"));
  expect_problem(try_invite(admin, "x@acme.example"), 403, "forbidden");
  EXPECT_EQ(try_invite(owner, "x@acme.example").status, 200);
  for (const Json& wanted : {Json("admins"), Json("members"), Json(nullptr)}) {
    expect_problem(patch(ada_, admin, {{"who_may_invite", wanted}}), 403, "outranked");
  }
  EXPECT_EQ(patch(ada_, admin, {{"password_minimum", 9}}).status, 200);
  EXPECT_EQ(remove(admin, ada_.organization_id, linus.user_id).status, 200) << "an admin is still an admin's equal";
}

TEST_P(Policies, WhereOwnersAloneInviteWhatApiKeysHaveSentIsRevokedToo) {
  set({{"who_may_invite", "members"}});
  const std::string key =
      client()
          .post("/v1/organizations/" + ada_.organization_id + "/api-keys",
                {{"name", "CI"}, {"permissions", {"members:invite", "organization:read", "roles:read"}}},
                access_token(ada_.email))
          .text("/secret");
  const std::string link = invite(key, ada_.organization_id, "guest@acme.example");
  const std::string other = invite(key, ada_.organization_id, "other@acme.example");
  set({{"who_may_invite", "admins"}});
  EXPECT_EQ(try_accept(other, "other@acme.example").status, 200) << "a key that may still invite loses nothing";
  set({{"who_may_invite", "owners"}});
  expect_problem(try_accept(link, "guest@acme.example"), 410, "link_dead");
  set({{"who_may_invite", nullptr}});
  expect_problem(try_accept(link, "guest@acme.example"), 410, "link_dead");
}

TEST_P(Policies, WhereMembersInviteNobodyGivesMoreThanTheyHave) {
  join(ada_, "mia@acme.example");
  expect_problem(try_invite(access_token("mia@acme.example"), "x@acme.example"), 403, "forbidden");
  set({{"who_may_invite", "members"}});
  const std::string member = access_token("mia@acme.example");
  EXPECT_THAT(permissions(member), testing::Contains("members:invite"));
  EXPECT_EQ(try_invite(member, "x@acme.example").status, 200);
  expect_problem(try_invite(member, "y@acme.example", "admin"), 403, "outranked");
  expect_problem(try_invite(member, "y@acme.example", "owner"), 403, "outranked");
  expect_problem(client().get("/v1/organizations/" + ada_.organization_id + "/members", member), 403, "forbidden");

  const std::string link = token_in(program().take_letter("x@acme.example", subject::kInvitation));
  set({{"who_may_invite", nullptr}});
  expect_problem(try_accept(link, "x@acme.example"), 410, "link_dead");
  expect_problem(session(member), 401, "unauthenticated");
}

GATEHOUSE_ON_BOTH_DATABASES(Policies);

}  // namespace gatehouse::tests
