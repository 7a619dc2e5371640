#include "tests/support/flow_test.h"

#include <gmock/gmock.h>
#include <set>

namespace gatehouse::tests {

class Lists : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    ada_ = found("ada@acme.example", "Acme");
    token_ = access_token(ada_.email);
  }
  std::string path(const std::string& list) { return "/v1/organizations/" + ada_.organization_id + "/" + list; }

  /// Follows the pages to the end.
  std::vector<std::string> read_all(const std::string& list, const std::string& member, int limit) {
    std::vector<std::string> values;
    std::string target = path(list) + "?limit=" + std::to_string(limit);
    for (int page = 0; page < 20; ++page) {
      const Reply reply = client().get(target, token_);
      EXPECT_EQ(reply.status, 200) << reply;
      EXPECT_LE(reply.at("/data").as_array().size(), std::size_t(limit));
      for (const Json& item : reply.at("/data").as_array()) values.emplace_back(item.at(member).as_string());
      if (!reply.flag("/page/has_more")) {
        EXPECT_TRUE(reply.at("/page/next").is_null()) << reply;
        return values;
      }
      target = path(list) + "?limit=" + std::to_string(limit) + "&after=" + reply.text("/page/next");
    }
    return values;
  }

  Founder ada_;
  std::string token_;
};

TEST_P(Lists, PagesHoldEachRowOnceInTheOrderOfTime) {
  const std::vector<std::string> members{"ada@acme.example", "b@acme.example", "c@acme.example", "d@acme.example"};
  for (std::size_t i = 1; i < members.size(); ++i) {
    if (i != 2) program().advance(std::chrono::seconds(1));  // two at the same instant
    accept(invite(token_, ada_.organization_id, members[i]), members[i]);
  }
  for (const int limit : {1, 2, 3, 4, 200}) {
    const auto read = read_all("members", "email", limit);
    EXPECT_THAT(read, testing::UnorderedElementsAreArray(members)) << limit;
    EXPECT_EQ(read.front(), members.front());
    EXPECT_EQ(read.back(), members.back());
  }
  EXPECT_EQ(read_all("invitations", "recipient", 1).size(), 3u);
}

TEST_P(Lists, WhatTheyShow) {
  invite(token_, ada_.organization_id, "grace@acme.example");
  const Reply members = client().get(path("members"), token_);
  EXPECT_EQ(members.text("/data/0/id"), ada_.member_id);
  EXPECT_EQ(members.text("/data/0/user_id"), ada_.user_id);
  EXPECT_EQ(members.text("/data/0/role/key"), "owner");
  EXPECT_FALSE(members.flag("/page/has_more"));
  const Reply roles = client().get(path("roles"), token_);
  ASSERT_EQ(roles.at("/data").as_array().size(), 3u);
  std::set<std::string> keys;
  for (const Json& role : roles.at("/data").as_array()) keys.emplace(role.at("key").as_string());
  EXPECT_EQ(keys, (std::set<std::string>{"admin", "member", "owner"}));
  const Reply invitations = client().get(path("invitations"), token_);
  EXPECT_EQ(invitations.text("/data/0/recipient"), "grace@acme.example");
  EXPECT_EQ(invitations.text("/data/0/status"), "pending");
  EXPECT_THAT(invitations.body, testing::Not(testing::HasSubstr("gin_"))) << "no list shows a live link";
}

TEST_P(Lists, ACursorIsGoodForItsListOnly) {
  join(ada_, "b@acme.example");
  invite(token_, ada_.organization_id, "c@acme.example");
  const std::string cursor = client().get(path("members") + "?limit=1", token_).text("/page/next");
  const std::string invitations_cursor = client().get(path("invitations") + "?limit=1", token_).text("/page/next");
  EXPECT_EQ(client().get(path("members") + "?after=" + cursor, token_).status, 200);
  expect_field_problem(client().get(path("invitations") + "?after=" + cursor, token_), "?after");
  expect_field_problem(client().get(path("members") + "?after=" + invitations_cursor, token_), "?after");

  const Founder eve = found("eve@evil.example", "Evil");
  expect_field_problem(
      client().get("/v1/organizations/" + eve.organization_id + "/members?after=" + cursor, access_token(eve.email)),
      "?after");
}

TEST_P(Lists, ATamperedCursorIsRefused) {
  join(ada_, "b@acme.example");
  const std::string cursor = client().get(path("members") + "?limit=1", token_).text("/page/next");
  for (std::size_t i = 0; i < cursor.size(); ++i) {
    std::string tampered = cursor;
    tampered[i] = tampered[i] == 'A' ? 'B' : 'A';
    const Reply reply = client().get(path("members") + "?after=" + tampered, token_);
    expect_field_problem(reply, "?after");
  }
  for (const std::string wrong : {"x", "%27%20OR%201=1--", "AAAA"}) {
    expect_field_problem(client().get(path("members") + "?after=" + wrong, token_), "?after");
  }
  expect_field_problem(client().get(path("members") + "?after=" + cursor + "A", token_), "?after");
}

TEST_P(Lists, AnUnknownParameterIsRefused) {
  expect_field_problem(client().get(path("members") + "?offset=3", token_), "?offset");
  expect_field_problem(client().get(path("roles") + "?offset=3", token_), "?offset");
  expect_field_problem(client().get(path("members") + "?limit=ten", token_), "?limit");
  expect_field_problem(client().get(path("members") + "?limit=1&limit=2", token_), "?limit");
}

GATEHOUSE_ON_BOTH_DATABASES(Lists);

}  // namespace gatehouse::tests
