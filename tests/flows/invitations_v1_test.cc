#include "tests/support/flow_test.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// Invitations as the members' page of a product uses them.
class InvitationsV1 : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    ada_ = found("ada@acme.example", "Acme");
    token_ = access_token(ada_.email);
  }

  std::string path(const std::string& rest = {}) const {
    return "/v1/organizations/" + ada_.organization_id + "/invitations" + rest;
  }
  Reply create(const Object& body, const std::string& token) const { return client().post(path(), body, token); }
  Reply create(const Object& body) const { return create(body, token_); }
  std::string created(const std::string& email, const std::string& role = "member") {
    const Reply reply = create({{"email", email}, {"role", role}});
    EXPECT_EQ(reply.status, 201) << reply;
    return reply.text("/id");
  }
  Reply get(const std::string& id) { return client().get(path("/" + id), access_token(ada_.email)); }
  Reply act(const std::string& id, const std::string& verb, const std::string& token, const Object& body = {}) const {
    return client().post(path("/" + id + "/" + verb), body, token);
  }
  std::vector<std::string> events(const std::string& id) {
    std::vector<std::string> names;
    const Reply shown = get(id);
    for (const Json& event : shown.at("/timeline").as_array()) names.push_back(text_of(event.at("event")));
    return names;
  }
  std::vector<std::string> listed(const std::string& state) {
    std::vector<std::string> recipients;
    const Reply reply = client().get(path("?state=" + state), access_token(ada_.email));
    EXPECT_EQ(reply.status, 200) << reply;
    for (const Json& item : reply.at("/data").as_array()) recipients.push_back(text_of(item.at("recipient")));
    return recipients;
  }
  Reply show(const std::string& link) {
    return client().send(
        {.method = "GET", .target = "/accept-invite?token=" + link, .headers = {{"Accept", "application/json"}}});
  }
  std::string page(const std::string& link) {
    return client()
        .send({.method = "GET", .target = "/accept-invite?token=" + link, .headers = {{"Accept", "text/html"}}})
        .body;
  }
  Reply try_accept(const std::string& link, const std::string& email) {
    return client().post("/accept-invite", {{"token", link}, {"email", email}, {"password", kPassword}});
  }
  std::string link_for(const std::string& email) {
    return token_in(program().take_letter(email, subject::kInvitation));
  }
  /// One that may invite whom it does not outrank: members.
  std::string make_key() {
    const Object body{{"name", "Onboarding"}, {"permissions", {"members:invite", "organization:read", "roles:read"}}};
    const Reply reply = client().post("/v1/organizations/" + ada_.organization_id + "/api-keys", body, token_);
    EXPECT_EQ(reply.status, 201) << reply;
    key_id_ = reply.text("/id");
    return reply.text("/secret");
  }

  Founder ada_;
  std::string token_;
  std::string key_id_;
};

TEST_P(InvitationsV1, CarryAMessageAndATimeOfTheirOwn) {
  const Reply made = create({{"email", "Grace@ACME.example"},
                             {"role_id", ada_.roles.at("admin")},
                             {"message", " Two desks away,\r\ncome <b>in</b>.\x01\u200b "},
                             {"expires_in_days", 30}});
  ASSERT_EQ(made.status, 201) << made;
  EXPECT_EQ(made.text("/recipient"), "grace@acme.example");
  EXPECT_EQ(made.text("/role/key"), "admin");
  EXPECT_EQ(made.text("/message"), "Two desks away,\ncome <b>in</b>.");
  EXPECT_EQ(made.text("/expires_at"), base::to_rfc3339(program().now() + std::chrono::hours(30 * 24)));
  EXPECT_EQ(made.text("/inviter/kind"), "user");
  EXPECT_EQ(made.text("/inviter/user_id"), ada_.user_id);
  EXPECT_EQ(made.text("/status"), "pending");
  const smtp::Message letter = program().take_letter("grace@acme.example", subject::kInvitation);
  EXPECT_THAT(letter.text, HasSubstr("\n> Two desks away,\n> come <b>in<"));
  EXPECT_THAT(letter.text, HasSubstr("22 December 2026 at 12:00 UTC"));
  EXPECT_THAT(letter.html, HasSubstr("<blockquote>Two desks away,<br>"));
  EXPECT_THAT(letter.html, Not(HasSubstr("<b>")));
  const std::string link = token_in(letter);
  const Reply shown = show(link);
  EXPECT_EQ(shown.text("/inviter_message"), "Two desks away,\ncome <b>in</b>.");
  EXPECT_EQ(shown.text("/inviter"), ada_.email);
  EXPECT_THAT(page(link), HasSubstr("Two desks away,\ncome &lt;b&gt;in&lt;/b&gt;."));
  program().advance(std::chrono::hours(30 * 24) - std::chrono::seconds(1));
  EXPECT_EQ(try_accept(link, "grace@acme.example").status, 200);
}

TEST_P(InvitationsV1, AMessageBringsNoWebAddress) {
  for (const std::string bad : {"see https://evil.test", "HTTP://evil", "WWW.evil.test", "w\u200bww.evil.test"}) {
    expect_field_problem(create({{"email", "x@acme.example"}, {"role", "member"}, {"message", bad}}), "/message");
  }
  expect_field_problem(create({{"email", "x@acme.example"}, {"role", "member"}, {"message", std::string(501, 'x')}}),
                       "/message");
  ASSERT_EQ(create({{"email", "x@acme.example"}, {"role", "member"}, {"message", "see evil.test"}}).status, 201);
  EXPECT_THAT(program().take_letter("x@acme.example", subject::kInvitation).text, Not(HasSubstr("evil.test")));
  const Reply blank = create({{"email", "y@acme.example"}, {"role", "member"}, {"message", " \n\u200b\n "}});
  ASSERT_EQ(blank.status, 201) << blank;
  EXPECT_TRUE(blank.at("/message").is_null());
}

TEST_P(InvitationsV1, TheirFieldsAreChecked) {
  expect_field_problem(create({{"email", "x@acme.example"}}), "/role_id");
  expect_field_problem(create({{"email", "x"}, {"role", "member"}}), "/email");
  for (const int days : {0, 31}) {
    expect_field_problem(create({{"email", "x@acme.example"}, {"role", "member"}, {"expires_in_days", days}}),
                         "/expires_in_days");
  }
  expect_field_problem(create({{"email", "x@acme.example"}, {"role", "member"}, {"status", "accepted"}}), "/status");
  expect_problem(create({{"email", "x@acme.example"}, {"role", "captain"}}), 404, "not_found");
  expect_problem(create({{"email", ada_.email}, {"role", "member"}}), 409, "already_member");
  expect_field_problem(client().get(path("?state=lost"), token_), "?state");
}

TEST_P(InvitationsV1, TheTimelineTellsWhatHappened) {
  const std::string id = created("grace@acme.example");
  const std::string link = link_for("grace@acme.example");
  program().settle();
  EXPECT_THAT(events(id), ElementsAre("queued", "sent"));
  program().advance(std::chrono::minutes(1));
  show(link);
  const std::string opened_at = base::to_rfc3339(program().now());
  program().advance(std::chrono::minutes(1));
  show(link);
  page(link);
  EXPECT_THAT(events(id), ElementsAre("queued", "sent", "opened"));
  EXPECT_EQ(get(id).text("/timeline/2/at"), opened_at) << "the first time counts";
  program().advance(std::chrono::minutes(1));
  ASSERT_EQ(try_accept(link, "grace@acme.example").status, 200);
  EXPECT_THAT(events(id), ElementsAre("queued", "sent", "opened", "accepted"));
  EXPECT_EQ(get(id).text("/status"), "accepted");
  EXPECT_EQ(get(id).text("/timeline/3/at"), base::to_rfc3339(program().now()));
  EXPECT_THAT(get(id).body, Not(HasSubstr("gin_")));
}

TEST_P(InvitationsV1, TheTimelineOutlivesTheLetters) {
  const std::string id = created("grace@acme.example");
  const std::string link = link_for("grace@acme.example");
  program().settle();
  show(link);
  act(id, "revoke", token_);
  const auto before = get(id).at("/timeline");
  EXPECT_THAT(events(id), ElementsAre("queued", "sent", "opened", "revoked"));
  program().execute({"forget letters", "DELETE FROM letters"});
  EXPECT_EQ(get(id).at("/timeline"), before);
}

TEST_P(InvitationsV1, WhatWasBeforeThereWereEntriesIsToldFromHowThingsStand) {
  const std::string old = created("grace@acme.example"), ended = created("linus@acme.example");
  const std::string link = link_for("grace@acme.example");
  program().settle();
  show(link);
  act(ended, "revoke", token_);
  program().execute({"forget entries", "DELETE FROM invitation_events"});
  EXPECT_THAT(events(old), ElementsAre("queued", "sent", "opened"));
  EXPECT_THAT(events(ended), ElementsAre("queued", "sent", "revoked"));
  program().advance(std::chrono::minutes(1));
  ASSERT_EQ(try_accept(link, "grace@acme.example").status, 200);
  EXPECT_THAT(events(old), ElementsAre("queued", "sent", "opened", "accepted"));
}

TEST_P(InvitationsV1, ThePageOfTheLinkOpensItAndAWrongLinkDoesNot) {
  const std::string id = created("grace@acme.example");
  const std::string link = link_for("grace@acme.example");
  program().settle();
  std::string wrong = link;
  wrong[wrong.size() - 10] = wrong[wrong.size() - 10] == 'A' ? 'B' : 'A';
  expect_problem(show(wrong), 400, "link_invalid");
  EXPECT_THAT(events(id), ElementsAre("queued", "sent"));
  page(link);
  EXPECT_THAT(events(id), ElementsAre("queued", "sent", "opened"));
}

TEST_P(InvitationsV1, AreSentAgainWithAFreshLink) {
  const std::string id = created("grace@acme.example");
  const std::string first = link_for("grace@acme.example");
  program().settle();
  show(first);
  program().advance(std::chrono::hours(6 * 24));
  const Reply again = act(id, "resend", access_token(ada_.email), {{"expires_in_days", 2}});
  ASSERT_EQ(again.status, 200) << again;
  EXPECT_EQ(again.text("/id"), id);
  EXPECT_EQ(again.text("/expires_at"), base::to_rfc3339(program().now() + std::chrono::hours(48)));
  const std::string second = link_for("grace@acme.example");
  expect_problem(show(first), 400, "link_invalid");
  program().settle();
  EXPECT_THAT(events(id), ElementsAre("queued", "sent", "opened", "resent", "queued", "sent"));
  show(second);
  show(second);
  EXPECT_THAT(events(id), ElementsAre("queued", "sent", "opened", "resent", "queued", "sent", "opened"))
      << "once for each link";
  EXPECT_EQ(try_accept(second, "grace@acme.example").status, 200);
  expect_problem(act(id, "resend", access_token(ada_.email)), 409, "wrong_state");
}

TEST_P(InvitationsV1, AnExpiredOneMayBeSentAgainOrTakenBack) {
  const std::string id = created("grace@acme.example"), other = created("linus@acme.example");
  program().settle();
  program().advance(std::chrono::hours(7 * 24));
  EXPECT_EQ(get(id).text("/status"), "expired");
  EXPECT_EQ(events(id).back(), "expired");
  EXPECT_THAT(listed("expired"), testing::UnorderedElementsAre("grace@acme.example", "linus@acme.example"));
  EXPECT_THAT(listed("pending"), testing::IsEmpty());
  program().advance(std::chrono::hours(1));
  const std::string token = access_token(ada_.email);
  EXPECT_EQ(act(id, "resend", token).text("/status"), "pending");
  EXPECT_EQ(act(other, "revoke", token).text("/status"), "revoked");
  program().settle();
  EXPECT_THAT(events(id), ElementsAre("queued", "sent", "expired", "resent", "queued", "sent"));
  EXPECT_THAT(events(other), ElementsAre("queued", "sent", "expired", "revoked"));
  EXPECT_THAT(listed("pending"), ElementsAre("grace@acme.example"));
  EXPECT_THAT(listed("revoked"), ElementsAre("linus@acme.example"));
  EXPECT_THAT(listed("accepted"), testing::IsEmpty());
}

TEST_P(InvitationsV1, ARevokedLinkIsDeadAndItsLetterStaysUnsent) {
  const std::string id = created("grace@acme.example");
  const std::string link = link_for("grace@acme.example");
  program().settle();
  program().advance(std::chrono::minutes(1));
  const Reply revoked = act(id, "revoke", token_);
  ASSERT_EQ(revoked.status, 200) << revoked;
  EXPECT_EQ(revoked.text("/status"), "revoked");
  EXPECT_THAT(events(id), ElementsAre("queued", "sent", "revoked"));
  expect_problem(show(link), 410, "link_dead");
  expect_problem(try_accept(link, "grace@acme.example"), 410, "link_dead");
  const Reply again = act(id, "revoke", token_);
  expect_problem(again, 409, "wrong_state");
  EXPECT_EQ(again.text("/detail"), "The invitation is revoked already.");
  expect_problem(act(id, "resend", token_), 409, "wrong_state");
}

TEST_P(InvitationsV1, WhoeverWasPromotedAboveIsNotSentTheirRoleAgainByALesserOne) {
  const Person grace = join(ada_, "grace@acme.example", "admin");
  const std::string as_owner = created("linus@acme.example", "owner");
  expect_problem(act(as_owner, "resend", access_token(grace.email)), 403, "outranked");
  expect_problem(create({{"email", "ken@acme.example"}, {"role", "owner"}}, access_token(grace.email)), 403,
                 "outranked");
}

TEST_P(InvitationsV1, LettersHaveABudgetHoweverTheyAreAskedFor) {
  program().restart({{"limits.enabled", "true"}});
  const std::string id = created("grace@acme.example");
  EXPECT_EQ(act(id, "resend", token_).status, 200);
  EXPECT_EQ(create({{"email", "grace@acme.example"}, {"role", "member"}}).status, 201);
  const Reply much = act(id, "resend", token_);
  expect_problem(much, 429, "rate_limited");
  EXPECT_FALSE(much.header("retry-after").empty());
}

TEST_P(InvitationsV1, ABackEndInvitesInTheNameOfTheOrganization) {
  const std::string key = make_key();
  const Reply made = create({{"email", "grace@acme.example"}, {"role", "member"}}, key);
  ASSERT_EQ(made.status, 201) << made;
  EXPECT_EQ(made.text("/inviter/kind"), "api_key");
  EXPECT_EQ(made.text("/inviter/api_key_id"), key_id_);
  EXPECT_TRUE(made.at("/inviter/user_id").is_null());
  const smtp::Message letter = program().take_letter("grace@acme.example", subject::kInvitation);
  EXPECT_THAT(letter.text, HasSubstr("Acme invites you to join the organization"));
  EXPECT_THAT(letter.text, Not(HasSubstr("ada")));
  const Reply shown = show(token_in(letter));
  EXPECT_TRUE(shown.at("/inviter").is_null());
  EXPECT_THAT(page(token_in(letter)), Not(HasSubstr("Invited by")));
  const Reply classic = client().post(
      "/invite-member",
      {{"recipient", "ken@acme.example"}, {"organization_id", ada_.organization_id}, {"role", "member"}}, key);
  EXPECT_EQ(classic.status, 200) << classic;
  expect_problem(create({{"email", "linus@acme.example"}, {"role", "admin"}}, key), 403, "outranked");
  EXPECT_EQ(try_accept(token_in(letter), "grace@acme.example").status, 200);
  EXPECT_TRUE(program().untaken_letters(ada_.email, subject::kJoined).empty()) << "no person is told: none invited";
}

TEST_P(InvitationsV1, LimitsCountEachKeyByItself) {
  const std::string key = make_key(), other = make_key();
  program().restart({{"limits.enabled", "true"}});
  for (int i = 0; i < 10; ++i) {
    const Reply made = create({{"email", "p" + std::to_string(i) + "@acme.example"}, {"role", "member"}}, key);
    ASSERT_EQ(made.status, 201) << made;
  }
  expect_problem(create({{"email", "q@acme.example"}, {"role", "member"}}, key), 429, "rate_limited");
  EXPECT_EQ(create({{"email", "r@acme.example"}, {"role", "member"}}, other).status, 201);
}

TEST_P(InvitationsV1, WhatAKeyHasSentDiesWithTheKeyAndNotWithItsMaker) {
  const Person grace = join(ada_, "grace@acme.example", "admin");
  const std::string graces = access_token(grace.email);
  const Reply made =
      client().post("/v1/organizations/" + ada_.organization_id + "/api-keys",
                    {{"name", "HR"}, {"permissions", {"members:invite", "organization:read", "roles:read"}}}, graces);
  ASSERT_EQ(made.status, 201) << made;
  ASSERT_EQ(create({{"email", "ken@acme.example"}, {"role", "member"}}, made.text("/secret")).status, 201);
  ASSERT_EQ(create({{"email", "rob@acme.example"}, {"role", "member"}}, graces).status, 201);
  const std::string by_key = link_for("ken@acme.example"), in_person = link_for("rob@acme.example");
  ASSERT_EQ(remove(token_, ada_.organization_id, grace.user_id).status, 200);
  expect_problem(show(in_person), 410, "link_dead");
  EXPECT_EQ(show(by_key).status, 200);
  ASSERT_EQ(client().del("/v1/organizations/" + ada_.organization_id + "/api-keys/" + made.text("/id"), token_).status,
            204);
  expect_problem(show(by_key), 410, "link_dead");
}

TEST_P(InvitationsV1, AnOperatorsInvitationNamesNobodyAndOutlivesMembers) {
  const Person grace = join(ada_, "grace@acme.example", "admin");
  const std::string id = created("ken@acme.example");
  const std::string link = link_for("ken@acme.example");
  program().execute(
      {"as operator", "UPDATE invitations SET inviter_kind = 'operator' WHERE email = 'ken@acme.example'"});
  EXPECT_TRUE(show(link).at("/inviter").is_null());
  EXPECT_EQ(get(id).text("/inviter/kind"), "operator");
  EXPECT_TRUE(get(id).at("/inviter/user_id").is_null()) << "operators are nobody's business";
  ASSERT_EQ(update_role(token_, grace.member_id, ada_.roles.at("owner")).status, 200);
  ASSERT_EQ(remove(access_token(grace.email), ada_.organization_id, ada_.user_id).status, 200);
  EXPECT_EQ(show(link).status, 200) << "although the row names the one who was removed";
}

TEST_P(InvitationsV1, AreOfTheirOrganizationOnly) {
  const std::string id = created("grace@acme.example");
  const Founder eve = found("eve@evil.example", "Evil");
  const std::string eves = access_token(eve.email);
  const std::string own = "/v1/organizations/" + eve.organization_id + "/invitations/" + id;
  expect_problem(client().get(own, eves), 404, "not_found");
  expect_problem(client().post(own + "/resend", {}, eves), 404, "not_found");
  expect_problem(client().post(own + "/revoke", {}, eves), 404, "not_found");
  expect_problem(client().get(path("/" + id), eves), 404, "not_found");
  expect_problem(client().get(path(), eves), 404, "not_found");
  expect_problem(create({{"email", "x@evil.example"}, {"role", "member"}}, eves), 404, "not_found");
  const Reply foreign_role = client().post("/v1/organizations/" + eve.organization_id + "/invitations",
                                           {{"email", "x@evil.example"}, {"role_id", ada_.roles.at("member")}}, eves);
  expect_problem(foreign_role, 404, "not_found");
  EXPECT_EQ(get(id).text("/status"), "pending");
  EXPECT_EQ(events(id).size(), 2u);
}

TEST_P(InvitationsV1, NeedTheRightTo) {
  const std::string id = created("linus@acme.example");
  join(ada_, "grace@acme.example");
  const std::string graces = access_token("grace@acme.example");
  expect_problem(create({{"email", "x@acme.example"}, {"role", "member"}}, graces), 403, "forbidden");
  expect_problem(client().get(path(), graces), 403, "forbidden");
  expect_problem(client().get(path("/" + id), graces), 403, "forbidden");
  expect_problem(act(id, "resend", graces), 403, "forbidden");
  expect_problem(act(id, "revoke", graces), 403, "forbidden");
  expect_problem(client().get(path("/" + id)), 401, "unauthenticated");
}

TEST_P(InvitationsV1, ACreationThatIsSentAgainIsDoneOnce) {
  const auto send = [&](const std::string& email) {
    return client().send({.method = "POST",
                          .target = path(),
                          .token = token_,
                          .headers = {{"Idempotency-Key", "one"}},
                          .body = boost::json::serialize(Object{{"email", email}, {"role", "member"}})});
  };
  const Reply first = send("grace@acme.example");
  ASSERT_EQ(first.status, 201) << first;
  const Reply again = send("grace@acme.example");
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.header("idempotency-replayed"), "true");
  expect_problem(send("linus@acme.example"), 422, "idempotency_mismatch");
  EXPECT_EQ(program().untaken_letters("grace@acme.example").size(), 1u);
}

TEST_P(InvitationsV1, OneThatIsKnownIsNotSentTwice) {
  const std::string id = created("grace@acme.example");
  program().settle();
  const Reply seen = get(id);
  const Reply same = client().send({.method = "GET",
                                    .target = path("/" + id),
                                    .token = token_,
                                    .headers = {{"If-None-Match", seen.header("etag")}}});
  EXPECT_EQ(same.status, 304);
}

GATEHOUSE_ON_BOTH_DATABASES(InvitationsV1);

}  // namespace gatehouse::tests
