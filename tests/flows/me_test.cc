#include "tests/support/at_once.h"
#include "tests/support/flow_test.h"

#include "domain/operators.h"
#include "store/ids.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

namespace {

std::vector<std::string> values_of(const Reply& list, std::string_view member) {
  std::vector<std::string> values;
  for (const Json& item : list.at("/data").as_array()) values.push_back(text_of(item.at(member)));
  return values;
}

}  // namespace

class Me : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    ada_ = found("ada@acme.example", "Acme");
    token_ = access_token(ada_.email);
  }

  Reply get(const std::string& target, const std::string& token) { return client().get("/v1/me" + target, token); }
  Reply post(const std::string& target, const Object& body, const std::string& token) {
    return client().post("/v1/me" + target, body, token);
  }
  Reply patch(const std::string& body, const std::string& token, const Headers& headers = {}) {
    return client().send({.method = "PATCH",
                          .target = "/v1/me",
                          .token = token,
                          .headers = headers,
                          .body = body,
                          .content_type = "application/merge-patch+json"});
  }
  Reply end(const std::string& target, const std::string& token, const Headers& headers = {}) {
    return client().send(
        {.method = "DELETE", .target = "/v1/me/sessions" + target, .token = token, .headers = headers});
  }
  std::vector<std::string> activity(const std::string& token) {
    return values_of(get("/activity?limit=200", token), "action");
  }

  Founder ada_;
  std::string token_;
};

TEST_P(Me, ShowsTheAccountAndChangesTheProfileByMergePatch) {
  const Reply shown = get("", token_);
  ASSERT_EQ(shown.status, 200) << shown;
  EXPECT_EQ(shown.text("/id"), ada_.user_id);
  EXPECT_EQ(shown.text("/email"), ada_.email);
  EXPECT_TRUE(shown.flag("/email_verified"));
  EXPECT_FALSE(shown.flag("/has_own_directory"));
  EXPECT_TRUE(shown.at("/name").is_null());

  const Reply named = patch(R"({"name":" Ada Lovelace ","given_name":"Ada","family_name":"Lovelace","locale":"en-GB",)"
                            R"("zoneinfo":"Europe/London"})",
                            token_);
  ASSERT_EQ(named.status, 200) << named;
  EXPECT_EQ(named.text("/name"), "Ada Lovelace");
  EXPECT_EQ(named.text("/zoneinfo"), "Europe/London");
  const Reply again = get("", token_);
  EXPECT_EQ(again.body, named.body) << "PATCH answers what GET shows";
  EXPECT_EQ(again.header("etag"), named.header("etag"));

  const Reply cleared = patch(R"({"given_name":null,"locale":"de"})", token_);
  EXPECT_TRUE(cleared.at("/given_name").is_null());
  EXPECT_EQ(cleared.text("/family_name"), "Lovelace") << "what the patch does not name stays";
  EXPECT_EQ(cleared.text("/locale"), "de");
  EXPECT_EQ(client().get("/v1/organizations/" + ada_.organization_id + "/members", token_).text("/data/0/name"),
            "Ada Lovelace");
}

TEST_P(Me, AnEmptyPatchChangesNothingAndLeavesNoTrace) {
  const Reply before = get("", token_);
  EXPECT_EQ(patch("{}", token_).body, before.body);
  EXPECT_EQ(patch(R"({"name":null})", token_).body, before.body);
  EXPECT_THAT(activity(token_), Not(Contains("user.profile_changed")));
  patch(R"({"name":"Ada"})", token_);
  EXPECT_THAT(activity(token_), Contains("user.profile_changed").Times(1));
}

TEST_P(Me, RefusesWhatIsNoNameNoLanguageAndNoTimeZone) {
  for (const char* name : {"", " ", "a\\u0000b", "a\\u202eb"}) {
    const Reply reply = patch(R"({"name":")" + std::string(name) + R"("})", token_);
    EXPECT_EQ(reply.status, 400) << reply;
  }
  expect_field_problem(patch(R"({"name":")" + std::string(101, 'a') + R"("})", token_), "/name");
  for (const char* locale : {"e", "en_GB", "en-", "-en", "1en", "en-toolongsubtag"}) {
    expect_field_problem(patch(R"({"locale":")" + std::string(locale) + R"("})", token_), "/locale");
  }
  for (const char* zone : {"Europe", "/London", "Europe/", "Europe/Lon don", "../etc/passwd", "a/b/c/d", "Mars/Base"}) {
    expect_field_problem(patch(R"({"zoneinfo":")" + std::string(zone) + R"("})", token_), "/zoneinfo");
  }
  for (const char* owned : {"id", "email", "email_verified", "password_hash", "status", "created_at"}) {
    expect_field_problem(patch(R"({")" + std::string(owned) + R"(":"x"})", token_), "/" + std::string(owned));
  }
  for (const char* well : {R"({"locale":"zh-Hant-TW"})", R"({"zoneinfo":"America/Argentina/Buenos_Aires"})",
                           R"({"zoneinfo":"UTC"})", R"({"zoneinfo":"Etc/GMT+3"})"}) {
    EXPECT_EQ(patch(well, token_).status, 200) << well;
  }
}

TEST_P(Me, APatchOfWhatSomebodyElseChangedIsRefused) {
  const std::string tag = get("", token_).header("etag");
  ASSERT_FALSE(tag.empty());
  EXPECT_EQ(patch(R"({"name":"Ada"})", token_, {{"If-Match", tag}}).status, 200);
  expect_problem(patch(R"({"name":"Eve"})", token_, {{"If-Match", tag}}), 412, "precondition_failed");
  EXPECT_EQ(get("", token_).text("/name"), "Ada");
}

TEST_P(Me, NobodyGetsInWithoutASessionAndNoBackEndIsAPerson) {
  const auto expect_refused = [&](const std::string& token, int status, std::string_view code) {
    const std::string session = "/" + store::SessionId::make(kStart).to_string();
    const std::string invitation = "/invitations/" + store::InvitationId::make(kStart).to_string();
    for (const auto& target : {std::string(), std::string("/sessions"), "/sessions" + session,
                               std::string("/organizations"), std::string("/invitations"), std::string("/activity")}) {
      expect_problem(get(target, token), status, code);
    }
    expect_problem(patch("{}", token), status, code);
    expect_problem(end("", token), status, code);
    expect_problem(end(session, token), status, code);
    for (const auto& target :
         {std::string("/password"), std::string("/email"), std::string("/email/verification"), std::string("/export"),
          std::string("/delete"), "/organizations/" + ada_.organization_id + "/leave", invitation + "/accept",
          invitation + "/decline"}) {
      expect_problem(post(target, {}, token), status, code);
    }
  };
  expect_refused("", 401, "unauthenticated");
  expect_refused("ghk_0123456789", 401, "unauthenticated");
  EXPECT_EQ(get("", "ghk_0123456789").header("www-authenticate"), R"(Bearer realm="gatehouse", error="invalid_token")");
  const Reply key = client().post("/v1/organizations/" + ada_.organization_id + "/api-keys",
                                  {{"name", "Billing"}, {"permissions", {"members:read"}}}, token_);
  expect_refused(key.text("/secret"), 403, "person_needed");
}

TEST_P(Me, SessionsAreListedNewestFirstAndOnlyMine) {
  program().advance(std::chrono::minutes(1));
  const Tokens second = sign_in(ada_.email);
  const Founder eve = found("eve@evil.example", "Evil");
  sign_in(eve.email);
  program().advance(std::chrono::minutes(1));
  const Reply renewed = refresh(second.refresh);
  ASSERT_EQ(renewed.status, 200);

  const Reply list = get("/sessions", token_);
  ASSERT_EQ(list.at("/data").as_array().size(), 2u) << list;
  EXPECT_FALSE(list.flag("/data/0/is_current"));
  EXPECT_TRUE(list.flag("/data/1/is_current"));
  EXPECT_EQ(list.text("/data/0/created_at"), "2026-11-22T12:01:00.000Z");
  EXPECT_EQ(list.text("/data/0/last_seen_at"), "2026-11-22T12:02:00.000Z");
  EXPECT_EQ(list.text("/data/1/last_seen_at"), list.text("/data/1/created_at"));
  EXPECT_EQ(list.text("/data/0/organization_id"), ada_.organization_id);
  EXPECT_EQ(list.text("/data/0/address"), "127.0.0.1");
  EXPECT_FALSE(list.text("/data/0/device").empty());

  const Reply first_page = get("/sessions?limit=1", token_);
  EXPECT_TRUE(first_page.flag("/page/has_more"));
  const std::string next = first_page.text("/page/next");
  const Reply last_page = get("/sessions?limit=1&after=" + next, token_);
  EXPECT_EQ(last_page.text("/data/0/id"), list.text("/data/1/id"));
  EXPECT_FALSE(last_page.flag("/page/has_more"));
  expect_field_problem(get("/sessions?after=" + next, access_token(eve.email)), "?after");
  expect_field_problem(get("/activity?after=" + next, token_), "?after");
}

TEST_P(Me, OneSessionIsEndedUnlessItHasChangedMeanwhile) {
  program().advance(std::chrono::minutes(1));
  const Tokens other = sign_in(ada_.email);
  const std::string id = get("/sessions", token_).text("/data/0/id");
  const Reply shown = get("/sessions/" + id, token_);
  ASSERT_EQ(shown.status, 200) << shown;
  const std::string tag = shown.header("etag");
  program().advance(std::chrono::seconds(1));
  const Reply renewed = refresh(other.refresh);
  expect_problem(end("/" + id, token_, {{"If-Match", tag}}), 412, "precondition_failed");
  EXPECT_EQ(session(renewed.text("/access_token")).status, 200);

  EXPECT_EQ(end("/" + id, token_, {{"If-Match", get("/sessions/" + id, token_).header("etag")}}).status, 204);
  expect_problem(session(renewed.text("/access_token")), 401, "unauthenticated");
  expect_problem(refresh(renewed.text("/refresh_token")), 401, "invalid_refresh_token");
  expect_problem(end("/" + id, token_), 404, "not_found");
  expect_problem(get("/sessions/" + id, token_), 404, "not_found");
  EXPECT_EQ(session(token_).status, 200);
}

TEST_P(Me, ASessionOfSomebodyElseIsNone) {
  const Founder eve = found("eve@evil.example", "Evil");
  const std::string eves = access_token(eve.email);
  const std::string id = get("/sessions", token_).text("/data/0/id");
  const std::string invented = store::SessionId::make(kStart).to_string();
  for (const std::string& one : {id, invented}) {
    expect_problem(end("/" + one, eves), 404, "not_found");
    expect_problem(get("/sessions/" + one, eves), 404, "not_found");
  }
  EXPECT_EQ(normalized(end("/" + id, eves)), normalized(end("/" + invented, eves)));
  EXPECT_EQ(session(token_).status, 200);
  expect_field_problem(end("/" + ada_.user_id, token_), "{session}");
}

TEST_P(Me, EndsTheOwnSessionAndAllOthers) {
  const Tokens second = sign_in(ada_.email), third = sign_in(ada_.email);
  const Founder eve = found("eve@evil.example", "Evil");
  const std::string eves = access_token(eve.email);
  const std::string tag = get("/sessions", token_).header("etag");
  sign_in(ada_.email);
  expect_problem(end("", token_, {{"If-Match", tag}}), 412, "precondition_failed");
  EXPECT_EQ(end("", token_).status, 204);
  expect_problem(session(second.access), 401, "unauthenticated");
  expect_problem(refresh(third.refresh), 401, "invalid_refresh_token");
  EXPECT_EQ(session(eves).status, 200);
  const Reply left = get("/sessions", token_);
  ASSERT_EQ(left.at("/data").as_array().size(), 1u);
  EXPECT_EQ(end("/" + left.text("/data/0/id"), token_).status, 204);
  expect_problem(session(token_), 401, "unauthenticated");
}

TEST_P(Me, ActivityTellsWhatHappenedToTheAccountAndToNobodyElses) {
  const Founder eve = found("eve@evil.example", "Evil");
  program().advance(std::chrono::seconds(1));
  ASSERT_EQ(try_sign_in(ada_.email, "not the password").status, 401);
  program().advance(std::chrono::seconds(1));
  ask_for_reset(ada_.email);
  program().advance(std::chrono::seconds(1));
  const Reply list = get("/activity?limit=2", token_);
  EXPECT_THAT(values_of(list, "action"), ElementsAre("user.reset_requested", "session.sign_in_failed"));
  EXPECT_EQ(list.text("/data/1/address"), "127.0.0.1");
  EXPECT_TRUE(list.at("/data/1/organization_id").is_null()) << "the request named none: " << list;
  const Reply more = get("/activity?after=" + list.text("/page/next"), token_);
  EXPECT_THAT(values_of(more, "action"),
              testing::UnorderedElementsAre("session.signed_in", "user.email_verified", "user.signed_up"));
  EXPECT_THAT(values_of(get("/activity", access_token(eve.email)), "action"), Not(Contains("session.sign_in_failed")));
}

TEST_P(Me, AFailedSignInShowsToTheOrganizationThatItNamedIfItsMemberTried) {
  const Founder eve = found("eve@evil.example", "Evil");
  const auto fail = [&](const std::string& organization) {
    program().advance(std::chrono::seconds(1));
    const Reply reply = client().post(
        "/signin", {{"email", ada_.email}, {"password", "not the password"}, {"organization_id", organization}});
    expect_problem(reply, 401, "invalid_credentials");
    return get("/activity?limit=1", token_);
  };
  EXPECT_EQ(fail(ada_.organization_id).text("/data/0/organization_id"), ada_.organization_id);
  const Reply foreign = fail(eve.organization_id);
  EXPECT_EQ(foreign.text("/data/0/action"), "session.sign_in_failed");
  EXPECT_TRUE(foreign.at("/data/0/organization_id").is_null()) << foreign;
}

TEST_P(Me, ARefreshTokenThatWasUsedTwiceShows) {
  const Tokens tokens = sign_in(ada_.email);
  const std::string second = refresh(tokens.refresh).text("/refresh_token");
  ASSERT_EQ(refresh(second).status, 200);
  program().advance(std::chrono::minutes(1));
  expect_problem(refresh(tokens.refresh), 401, "invalid_refresh_token");
  EXPECT_EQ(get("/activity?limit=1", token_).text("/data/0/action"), "session.refresh_reused");
}

TEST_P(Me, OrganizationsAreListedPageByPage) {
  const Founder eve = found("eve@other.example", "Other");
  program().advance(std::chrono::seconds(1));
  accept(invite(access_token(eve.email), eve.organization_id, ada_.email), ada_.email);
  const Reply list = get("/organizations", token_);
  EXPECT_THAT(values_of(list, "name"), ElementsAre("Acme", "Other")) << list;
  EXPECT_EQ(list.text("/data/0/role/key"), "owner");
  EXPECT_EQ(list.text("/data/1/role/key"), "member");
  const Reply first = get("/organizations?limit=1", token_);
  EXPECT_EQ(get("/organizations?after=" + first.text("/page/next"), token_).text("/data/0/id"), eve.organization_id);
  EXPECT_THAT(values_of(get("/organizations", access_token(eve.email)), "name"), ElementsAre("Other"));
}

TEST_P(Me, WhoLeavesIsGoneWithSessionsAndInvitations) {
  const Person grace = join(ada_, "grace@acme.example", "admin");
  const Tokens tokens = sign_in(grace.email);
  const std::string waiting = invite(tokens.access, ada_.organization_id, "late@acme.example");
  EXPECT_EQ(post("/organizations/" + ada_.organization_id + "/leave", {}, tokens.access).status, 204);
  expect_problem(session(tokens.access), 401, "unauthenticated");
  expect_problem(refresh(tokens.refresh), 401, "invalid_refresh_token");
  expect_problem(
      client().post("/accept-invite", {{"token", waiting}, {"email", "late@acme.example"}, {"password", kPassword}}),
      410, "link_dead");
  const std::string anew = access_token(grace.email);
  EXPECT_THAT(values_of(get("/organizations", anew), "name"), IsEmpty());
  expect_problem(post("/organizations/" + ada_.organization_id + "/leave", {}, anew), 404, "not_found");
  EXPECT_THAT(activity(anew), Contains("member.left"));
}

TEST_P(Me, TheLastOwnerStaysAndStrangersLeaveNothing) {
  const Founder eve = found("eve@evil.example", "Evil");
  expect_problem(post("/organizations/" + ada_.organization_id + "/leave", {}, token_), 409, "last_owner");
  const Reply foreign = post("/organizations/" + eve.organization_id + "/leave", {}, token_);
  expect_problem(foreign, 404, "not_found");
  EXPECT_EQ(
      normalized(foreign),
      normalized(post("/organizations/" + store::OrganizationId::make(kStart).to_string() + "/leave", {}, token_)));
  const Person grace = join(ada_, "grace@acme.example", "owner");
  EXPECT_EQ(post("/organizations/" + ada_.organization_id + "/leave", {}, token_).status, 204);
  expect_problem(post("/organizations/" + ada_.organization_id + "/leave", {}, access_token(grace.email)), 409,
                 "last_owner");
}

TEST_P(Me, OfTwoOwnersWhoLeaveAtOnceOneStays) {
  const HttpClient http = client();
  for (int round = 0; round < 3; ++round) {
    const std::string name = std::to_string(round);
    const Founder one = found("one" + name + "@acme.example", "House " + name);
    const Person two = join(one, "two" + name + "@acme.example", "owner");
    std::vector<std::string> tokens;
    for (int i = 0; i < 50; ++i) tokens.push_back(access_token(i % 2 == 0 ? one.email : two.email));
    const std::string target = "/v1/me/organizations/" + one.organization_id + "/leave";
    const auto replies = ask_at_once(50, [&](int i) { return http.post(target, Object{}, tokens[std::size_t(i)]); });
    auto counts = count_by_status(replies);
    EXPECT_EQ(counts[204], 1);
    for (const Reply& reply : replies) EXPECT_LT(reply.status, 500) << reply;
    EXPECT_EQ(try_sign_in(one.email).at("/organizations").as_array().size() +
                  try_sign_in(two.email).at("/organizations").as_array().size(),
              1u);
  }
}

TEST_P(Me, OperatorsHaveAnAccountWithoutMail) {
  const auto made =
      domain::create_operator(program().services(), *base::parse_email("root@acme.example"), base::Secret(kPassword));
  ASSERT_TRUE(made);
  const std::string root = access_token("root@acme.example");
  EXPECT_EQ(get("", root).text("/email"), "root@acme.example");
  EXPECT_EQ(patch(R"({"name":"Root"})", root).text("/name"), "Root");
  EXPECT_EQ(get("/sessions", root).at("/data").as_array().size(), 1u);
  EXPECT_THAT(values_of(get("/organizations", root), "name"), IsEmpty());
  EXPECT_THAT(values_of(get("/invitations", root), "id"), IsEmpty());
  expect_problem(post("/email", {{"email", "x@acme.example"}, {"password", kPassword}}, root), 403, "forbidden");
  expect_problem(post("/email/verification", {}, root), 403, "forbidden");
  expect_problem(post("/delete", {{"password", kPassword}}, root), 403, "forbidden");
  EXPECT_EQ(post("/password", {{"current_password", kPassword}, {"new_password", kOtherPassword}}, root).status, 204);
  EXPECT_EQ(try_sign_in("root@acme.example", kOtherPassword).status, 200);
  program().take_letter("root@acme.example", "The password of your operator account was changed");
}

GATEHOUSE_ON_BOTH_DATABASES(Me);

}  // namespace gatehouse::tests
