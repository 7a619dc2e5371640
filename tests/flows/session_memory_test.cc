#include "tests/support/flow_test.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

using namespace std::chrono_literals;

/// GET /v1/session is answered from memory; these stories are about its never being wrong.
class SessionMemory : public FlowTest {
 protected:
  /// A node that has the answer in its memory: it gives it again though the database no longer agrees.
  void warm(const HttpClient& node, const std::string& token) {
    ASSERT_TRUE(eventually([&] {
      const Reply first = node.get("/v1/session", token);
      const bool is_one = first.body.find(R"("name":"One")") != std::string::npos;
      program().execute(is_one ? db::Statement{"test other name", "UPDATE users SET name = 'Other'"}
                               : db::Statement{"test name", "UPDATE users SET name = 'One'"});
      return node.get("/v1/session", token).body == first.body;
    })) << "it never answered from memory";
  }
  struct Story {
    std::string what;
    std::function<Reply()> act;
    std::function<bool(const Reply&)> is_known;
  };
  static std::function<bool(const Reply&)> is_refused() {
    return [](const Reply& reply) { return reply.status == 401; };
  }
  static std::function<bool(const Reply&)> says(const std::string& pointer, const std::string& text) {
    return [=](const Reply& reply) { return reply.status == 200 && reply.at(pointer) == Json(text); };
  }
  Reply send(const std::string& method, const std::string& target, const std::string& token,
             std::optional<std::string> body = std::nullopt) {
    return client().send({.method = method, .target = target, .token = token, .body = std::move(body)});
  }
  /// What somebody does to the member (or to everybody) and how the member's session check shows it.
  std::vector<Story> stories(const Founder& founder, const std::string& owner, const Person& member,
                             const std::string& token) {
    const std::string house = "/v1/organizations/" + founder.organization_id;
    return {
        {"the profile", [=, this] { return send("PATCH", "/v1/me", token, R"({"name":"Bob"})"); },
         says("/user/name", "Bob")},
        {"the organization's name", [=, this] { return send("PATCH", house, owner, R"({"name":"Acme & Sons"})"); },
         says("/organization/name", "Acme & Sons")},
        {"the role's name",
         [=, this] {
           return send("PATCH", house + "/roles/" + founder.roles.at("member"), owner, R"({"name":"Crew"})");
         },
         says("/organization/role/name", "Crew")},
        {"the role", [=, this] { return update_role(owner, member.member_id, founder.roles.at("admin")); },
         is_refused()},
    };
  }
};

GATEHOUSE_ON_BOTH_DATABASES(SessionMemory);

TEST_P(SessionMemory, WhatThisNodeHasChangedItKnowsAtOnce) {
  const Founder ada = found("ada@acme.example", "Acme");
  const Person bob = join(ada, "bob@acme.example");
  const std::string owner = access_token(ada.email), token = access_token(bob.email);
  for (const Story& story : stories(ada, owner, bob, token)) {
    SCOPED_TRACE(story.what);
    warm(client(), token);
    const Reply reply = story.act();
    ASSERT_LT(reply.status, 300) << reply;
    const Reply checked = session(token);
    EXPECT_TRUE(story.is_known(checked)) << checked;
  }
}

TEST_P(SessionMemory, WhatThisNodeHasChangedOthersKnowWithinASecond) {
  const Founder ada = found("ada@acme.example", "Acme");
  const Person bob = join(ada, "bob@acme.example");
  const std::string owner = access_token(ada.email), token = access_token(bob.email);
  const auto node = program().start_node();
  const HttpClient other(node->port());
  for (const Story& story : stories(ada, owner, bob, token)) {
    SCOPED_TRACE(story.what);
    warm(other, token);
    const Reply reply = story.act();
    ASSERT_LT(reply.status, 300) << reply;
    EXPECT_TRUE(eventually([&] { return story.is_known(other.get("/v1/session", token)); }));
  }
}

TEST_P(SessionMemory, ASessionThatEndsIsRefusedHoweverItEnds) {
  const Founder ada = found("ada@acme.example", "Acme");
  const std::string owner = access_token(ada.email);
  int people = 0;
  const std::vector<std::pair<std::string, std::function<Reply(const Person&, const std::string&)>>> endings{
      {"signed out", [&](const Person&, const std::string& token) { return send("POST", "/v1/sign-out", token); }},
      {"removed",
       [&](const Person& person, const std::string&) { return remove(owner, ada.organization_id, person.user_id); }},
      {"suspended",
       [&](const Person& person, const std::string&) {
         return send("POST", "/v1/organizations/" + ada.organization_id + "/members/" + person.member_id + "/suspend",
                     owner);
       }},
      {"reset",
       [&](const Person& person, const std::string&) {
         return client().post("/reset-password",
                              {{"token", ask_for_reset(person.email)}, {"new_password", kOtherPassword}});
       }},
  };
  for (const auto& [how, end] : endings) {
    SCOPED_TRACE(how);
    const Person person = join(ada, "person" + std::to_string(++people) + "@acme.example");
    const std::string token = access_token(person.email);
    warm(client(), token);
    const Reply reply = end(person, token);
    ASSERT_LT(reply.status, 300) << reply;
    expect_problem(session(token), 401, "unauthenticated");
  }
}

TEST_P(SessionMemory, AnAnswerDoesNotOutliveItsToken) {
  const Founder ada = found("ada@acme.example", "Acme");
  const std::string token = access_token(ada.email);
  warm(client(), token);
  program().advance(299s);
  EXPECT_EQ(session(token).status, 200);
  program().advance(1s);
  expect_problem(session(token), 401, "unauthenticated");
}

TEST_P(SessionMemory, TheAnswerFromMemoryIsTheSameAsFromTheDatabase) {
  const Founder ada = found("ada@acme.example", "Acme");
  const std::string token = access_token(ada.email);
  const Reply first = session(token);
  const Reply second = session(token);
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(second.header("etag"), first.header("etag"));
  EXPECT_EQ(second.header("content-type"), first.header("content-type"));
  const Reply unchanged =
      client().send({.target = "/v1/session", .token = token, .headers = {{"If-None-Match", first.header("etag")}}});
  EXPECT_EQ(unchanged.status, 304);
  expect_problem(client().get("/v1/session?extra=1", token), 400, "invalid_request");
  expect_problem(session(token + "x"), 401, "unauthenticated");
}

}  // namespace gatehouse::tests
