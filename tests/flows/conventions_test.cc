#include "tests/support/flow_test.h"

#include <gmock/gmock.h>
#include <thread>

namespace gatehouse::tests {

/// What holds for every call of /v1, shown on one of each kind.
class Conventions : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    ada_ = found("ada@acme.example", "Acme");
    token_ = access_token(ada_.email);
    path_ = "/v1/organizations/" + ada_.organization_id;
  }

  Reply patch(const std::string& target, const Object& body, Headers headers = {},
              const std::string& type = "application/merge-patch+json") {
    return client().send({.method = "PATCH",
                          .target = target,
                          .token = token_,
                          .headers = std::move(headers),
                          .body = boost::json::serialize(body),
                          .content_type = type});
  }
  Reply create(const std::string& name, const std::string& key, const std::string& token) {
    return client().send({.method = "POST",
                          .target = "/v1/organizations",
                          .token = token,
                          .headers = {{"Idempotency-Key", key}},
                          .body = boost::json::serialize(Object{{"name", name}})});
  }
  std::size_t count_organizations() {
    return client().get("/v1/organizations?limit=200", token_).at("/data").as_array().size();
  }

  Founder ada_;
  std::string token_, path_;
};

TEST_P(Conventions, AnEntityTagChangesWithWhatIsShownAndSparesAnAnswer) {
  const Reply first = client().get(path_, token_);
  const std::string tag = first.header("etag");
  EXPECT_THAT(tag, testing::MatchesRegex("\"[A-Za-z0-9_-]{22}\""));
  EXPECT_EQ(client().get(path_, token_).header("etag"), tag);
  const Reply spared = client().send({.target = path_, .token = token_, .headers = {{"If-None-Match", tag}}});
  EXPECT_EQ(spared.status, 304);
  EXPECT_EQ(spared.body, "");
  EXPECT_EQ(spared.header("etag"), tag);
  EXPECT_EQ(client().send({.target = path_, .token = token_, .headers = {{"If-None-Match", "*"}}}).status, 304);
  EXPECT_EQ(client().send({.target = path_, .token = token_, .headers = {{"If-None-Match", "\"*\""}}}).status, 200);

  const Reply changed = patch(path_, {{"name", "Acme Works"}}, {{"If-Match", tag}});
  EXPECT_EQ(changed.status, 200) << changed;
  EXPECT_NE(changed.header("etag"), tag);
  EXPECT_EQ(client().get(path_, token_).header("etag"), changed.header("etag")) << "PATCH answers what GET shows";
  expect_problem(patch(path_, {{"name", "Late"}}, {{"If-Match", tag}}), 412, "precondition_failed");
  EXPECT_EQ(client().get(path_, token_).text("/name"), "Acme Works");
  EXPECT_EQ(patch(path_, {{"name", "Any"}}, {{"If-Match", "*"}}).status, 200);
  EXPECT_EQ(patch(path_, {{"name", "One of"}}, {{"If-Match", tag + ", " + client().get(path_, token_).header("etag")}})
                .status,
            200);
}

TEST_P(Conventions, AMergePatchChangesWhatItNamesAndNullClearsWhatCanBeCleared) {
  EXPECT_EQ(patch("/v1/me", {{"name", "Ada L."}, {"locale", "en-GB"}}).status, 200);
  const Reply cleared = patch("/v1/me", {{"locale", nullptr}}, {}, "application/json");
  EXPECT_EQ(cleared.status, 200) << cleared;
  EXPECT_EQ(cleared.text("/name"), "Ada L.");
  EXPECT_TRUE(cleared.at("/locale").is_null());
  expect_field_problem(patch(path_, {{"name", nullptr}}), "/name");
  EXPECT_EQ(patch("/v1/me", {}).status, 200);
  expect_problem(patch("/v1/me", {{"name", "x"}}, {}, "application/json-patch+json"), 415, "unsupported_media_type");
}

TEST_P(Conventions, NoBytesAreNoBodyWhereNoneIsNeededWhateverTheContentType) {
  const Person grace = join(ada_, "grace@acme.example");
  const auto send = [&](const std::string& method, const std::string& target, const std::string& type) {
    return client().send(
        {.method = method, .target = target, .token = token_, .body = std::string(), .content_type = type});
  };
  for (const std::string type : {"application/json", "text/plain", ""}) {
    EXPECT_EQ(send("PATCH", "/v1/me", type).status, 200) << type;
    EXPECT_EQ(send("POST", path_ + "/members/" + grace.member_id + "/suspend", type).status, 200) << type;
    EXPECT_EQ(send("POST", path_ + "/members/" + grace.member_id + "/reinstate", type).status, 200) << type;
  }
  const Reply needed = send("POST", "/v1/organizations", "application/json");
  expect_problem(needed, 400, "malformed_request");
  EXPECT_THAT(needed.text("/detail"), testing::HasSubstr("The body is empty"));
  expect_problem(send("POST", "/v1/organizations", "text/plain"), 415, "unsupported_media_type");
}

TEST_P(Conventions, WhatTheServerOwnsIsRefusedAndNotPassedOver) {
  for (const char* field : {"id", "email", "email_verified", "created_at", "status", "is_operator", "directory_id"}) {
    expect_field_problem(patch("/v1/me", {{field, "x"}}), std::string("/") + field);
  }
  for (const char* field : {"id", "status", "directory", "has_own_directory", "purge_at", "version"}) {
    expect_field_problem(patch(path_, {{field, "x"}}), std::string("/") + field);
  }
}

TEST_P(Conventions, AnUnknownQueryParameterIsRefused) {
  for (const std::string& target :
       {std::string("/v1/me"), std::string("/v1/organizations"), path_ + "/members", path_ + "/roles"}) {
    expect_field_problem(client().get(target + "?colour=blue", token_), "?colour");
  }
}

TEST_P(Conventions, AWrongKindOfIdIsNamed) {
  const Reply reply = client().get("/v1/organizations/" + ada_.user_id, token_);
  expect_field_problem(reply, "{organization}");
  EXPECT_THAT(reply.body, testing::HasSubstr("org_"));
}

TEST_P(Conventions, PagesLinkToTheNext) {
  join(ada_, "grace@acme.example");
  join(ada_, "linus@acme.example");
  token_ = access_token(ada_.email);
  std::string target = path_ + "/members?limit=1&status=active";
  int seen = 0;
  for (; !target.empty() && seen < 10; ++seen) {
    const Reply page = client().get(target, token_);
    ASSERT_EQ(page.at("/data").as_array().size(), 1u) << page;
    const std::string link = page.header("link");
    target.clear();
    if (!link.empty()) {
      EXPECT_THAT(link, testing::EndsWith(">; rel=\"next\""));
      target = link.substr(1, link.find('>') - 1);
      EXPECT_THAT(target, testing::HasSubstr("status=active"));
    }
  }
  EXPECT_EQ(seen, 3);
}

TEST_P(Conventions, TheSameIdempotencyKeyMakesOneThing) {
  const std::size_t before = count_organizations();
  const Reply first = create("Twice", "key-1", token_);
  ASSERT_EQ(first.status, 201) << first;
  const Reply again = create("Twice", "key-1", token_);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.header("idempotency-replayed"), "true");
  EXPECT_EQ(first.header("idempotency-replayed"), "");
  EXPECT_EQ(count_organizations(), before + 1);
  expect_problem(create("Other", "key-1", token_), 422, "idempotency_mismatch");
  EXPECT_EQ(create("Twice", "key-2", token_).header("idempotency-replayed"), "");

  const Founder eve = found("eve@evil.example", "Evil");
  const Reply hers = create("Twice", "key-1", access_token(eve.email));
  EXPECT_EQ(hers.status, 201) << "the key of another is another key: " << hers;
  EXPECT_NE(hers.text("/id"), first.text("/id"));

  expect_problem(create("", "key-3", token_), 400, "invalid_request");
  EXPECT_EQ(create("Corrected", "key-3", token_).status, 201) << "what was refused may be sent again, corrected";
  expect_problem(create("Bad key", std::string(256, 'k'), token_), 400, "malformed_request");
  program().advance(std::chrono::hours(25));
  token_ = access_token(ada_.email);
  EXPECT_EQ(create("Next day", "key-1", token_).status, 201) << "a key is kept for a day";
}

/// It used to be looked up before the caller was let in: who had lost the right still got the answer, a key's secret
/// too.
TEST_P(Conventions, AnAnswerIsRepeatedOnlyToWhoWouldBeLetInNow) {
  const Person grace = join(ada_, "grace@acme.example", "admin");
  const auto make_key = [&] {
    return client().send({.method = "POST",
                          .target = path_ + "/api-keys",
                          .token = access_token(grace.email),
                          .headers = {{"Idempotency-Key", "hers"}},
                          .body = R"({"name":"CI","permissions":["members:read"]})"});
  };
  const Reply first = make_key();
  ASSERT_EQ(first.status, 201) << first;
  EXPECT_EQ(make_key().body, first.body);
  const std::string member = path_ + "/members/" + grace.member_id;
  ASSERT_EQ(patch(member, {{"role", "member"}}).status, 200);
  expect_problem(make_key(), 403, "forbidden");
  ASSERT_EQ(client().send({.method = "DELETE", .target = member, .token = token_}).status, 204);
  const Reply removed = make_key();
  EXPECT_GE(removed.status, 401) << removed;
  EXPECT_LE(removed.status, 404) << removed;
}

TEST_P(Conventions, ListsThatAreReadWholeComeInPagesTooAndSayWhereTheNextIs) {
  const auto keys_of = [](const Reply& reply) {
    std::vector<std::string> keys;
    for (const Json& one : reply.at("/data").as_array()) keys.push_back(text_of(one.at("key")));
    return keys;
  };
  for (const std::string& list : {path_ + "/roles", std::string("/v1/permissions")}) {
    const std::vector<std::string> all = keys_of(client().get(list + "?limit=200", token_));
    std::vector<std::string> found;
    std::string target = list + "?limit=2";
    while (!target.empty()) {
      const Reply page = client().get(target, token_);
      ASSERT_EQ(page.status, 200) << page;
      const auto keys = keys_of(page);
      found.insert(found.end(), keys.begin(), keys.end());
      EXPECT_EQ(page.flag("/page/has_more"), found.size() < all.size());
      const std::string link = page.header("link");
      EXPECT_EQ(link.empty(), found.size() == all.size());
      target = link.empty() ? "" : link.substr(1, link.find('>') - 1);
    }
    EXPECT_EQ(found, all);
    expect_field_problem(client().get(list + "?limit=0", token_), "?limit");
    expect_field_problem(client().get(list + "?after=abc", token_), "?after");
  }
  const std::string next = client().get(path_ + "/roles?limit=1", token_).text("/page/next");
  expect_field_problem(client().get("/v1/permissions?after=" + next, token_), "?after");
}

/// The role on which a page ended goes before the next page is asked for: none is left out for that.
TEST_P(Conventions, APageBehindWhatIsGoneBeginsWithWhatFollowedIt) {
  const auto make_role = [&](const std::string& name) {
    program().advance(std::chrono::seconds(1));  // roles of one millisecond stand in no order
    return client().post(path_ + "/roles", {{"name", name}, {"permissions", boost::json::array()}}, token_).text("/id");
  };
  const std::string one = make_role("One");
  const std::string two = make_role("Two");
  const Reply first = client().get(path_ + "/roles?limit=4", token_);
  ASSERT_EQ(first.text("/data/3/id"), one);
  ASSERT_EQ(client().send({.method = "DELETE", .target = path_ + "/roles/" + one, .token = token_}).status, 204);
  const Reply second = client().get(path_ + "/roles?after=" + first.text("/page/next"), token_);
  ASSERT_EQ(second.at("/data").as_array().size(), 1u) << second;
  EXPECT_EQ(second.text("/data/0/id"), two);
}

TEST_P(Conventions, ManyAtOnceWithOneKeyMakeOneThing) {
  const std::size_t before = count_organizations();
  std::vector<Reply> replies(12);
  std::vector<std::thread> threads;
  for (Reply& reply : replies) threads.emplace_back([&] { reply = create("Once", "parallel", token_); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(count_organizations(), before + 1);
  for (const Reply& reply : replies) {
    if (reply.status != 201) expect_problem(reply, 409, "idempotency_in_progress");
  }
}

TEST_P(Conventions, WhatIsKeptForARepeatIsSealed) {
  static constexpr db::Statement kAnswers{"test answers",
                                          "SELECT answer FROM idempotency_keys WHERE answer IS NOT NULL"};
  const Reply made = client().send({.method = "POST",
                                    .target = path_ + "/api-keys",
                                    .token = token_,
                                    .headers = {{"Idempotency-Key", "a-key"}},
                                    .body = R"({"name":"CI","permissions":["members:read"]})"});
  ASSERT_EQ(made.status, 201) << made;
  const auto rows = program().services().database.read([](db::Transaction& tx) { return tx.query(kAnswers); });
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_THAT(rows[0].get<db::Bytes>(0).data, testing::Not(testing::HasSubstr("ghk_")));
}

/// A crash between the change and its answer: the retry does not make a second thing.
TEST_P(Conventions, ARepeatAfterALostAnswerDoesNothingAndSaysSo) {
  static constexpr db::Statement kLose{"test lose", "UPDATE idempotency_keys SET state = 'committed', answer = NULL"};
  ASSERT_EQ(create("Lost", "lost", token_).status, 201);
  const std::size_t before = count_organizations();
  program().execute(kLose);
  expect_problem(create("Lost", "lost", token_), 409, "idempotency_in_progress");
  program().advance(std::chrono::minutes(3));
  expect_problem(create("Lost", "lost", token_), 409, "idempotency_answer_lost");
  EXPECT_EQ(count_organizations(), before);
}

TEST_P(Conventions, EverySessionAndKeyHasABudgetOfRequests) {
  start({{"limits.enabled", "true"}, {"limits.requests_per_minute", "60"}});
  const std::string token = (sign_up("ada@acme.example", "Acme"), access_token("ada@acme.example"));
  const Reply first = client().get("/v1/me", token);
  EXPECT_THAT(first.header("ratelimit-policy"), testing::HasSubstr("\"api\";q=60;w=60"));
  EXPECT_THAT(first.header("ratelimit"), testing::HasSubstr("\"api\";r=59;t=60"));
  const std::string file = "/v1/organizations/" + session(token).text("/organization/id") + "/audit/export?format=csv";
  const Reply exported = client().get(file, token);
  EXPECT_EQ(exported.status, 200) << exported;
  EXPECT_THAT(exported.header("ratelimit"), testing::HasSubstr("\"api\";r=57;")) << "files count as well, and say so";
  for (int i = 3; i < 60; ++i) EXPECT_EQ(client().get("/v1/me", token).status, 200);
  for (const std::string& target : {std::string("/v1/me"), file}) {
    const Reply over = client().get(target, token);
    expect_problem(over, 429, "rate_limited");
    EXPECT_EQ(over.header("retry-after"), "60");
    EXPECT_THAT(over.header("ratelimit"), testing::HasSubstr("\"api\";r=0;"));
  }
  EXPECT_EQ(client().get("/v1/me", access_token("ada@acme.example")).status, 200) << "another session has its own";
  program().advance(std::chrono::minutes(1));
  EXPECT_EQ(client().get("/v1/me", token).status, 200);
}

GATEHOUSE_ON_BOTH_DATABASES(Conventions);

}  // namespace gatehouse::tests
