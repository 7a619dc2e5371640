#include "store/members.h"
#include "tests/flows/management_test.h"

namespace gatehouse::tests {

using testing::ElementsAre;
using testing::IsEmpty;

namespace {

constexpr std::string_view kSuspendedLetter = "is suspended";
constexpr std::string_view kReinstatedLetter = "is active again";
constexpr db::Statement kNameLinus{"test name linus",
                                   "UPDATE users SET name = 'Émile', name_folded = 'émile' WHERE email = "
                                   "'linus@acme.example'"};

}  // namespace

class MembersV1 : public ManagementTest {
 protected:
  std::vector<std::string> addresses(const std::string& query, const std::string& token) {
    const Reply reply = client().get(path("members") + query, token);
    EXPECT_EQ(reply.status, 200) << reply;
    std::vector<std::string> listed;
    for (const Json& item : reply.at("/data").as_array()) listed.push_back(text_of(item.at("email")));
    return listed;
  }
  std::string member(const Person& person) const { return path("members/" + person.member_id); }
  std::string nobody() const { return path("members/" + store::MemberId::make(kStart).to_string()); }
};

TEST_P(MembersV1, TheListFiltersByRoleStatusTimeAndPrefix) {
  program().advance(std::chrono::seconds(10));
  const Person grace = join(ada_, "grace@acme.example", "admin");
  program().advance(std::chrono::seconds(10));
  const Person linus = join(ada_, "linus@acme.example");
  program().execute(kNameLinus);
  ASSERT_EQ(act(member(linus) + "/suspend", token_).status, 200);

  EXPECT_THAT(addresses("?role=admin", token_), ElementsAre(grace.email));
  EXPECT_THAT(addresses("?role=" + ada_.roles.at("owner"), token_), ElementsAre(ada_.email));
  EXPECT_THAT(addresses("?status=suspended", token_), ElementsAre(linus.email));
  EXPECT_THAT(addresses("?status=active", token_), ElementsAre(ada_.email, grace.email));
  EXPECT_THAT(addresses("?joined_after=2026-11-22T12:00:10Z", token_), ElementsAre(grace.email, linus.email));
  EXPECT_THAT(addresses("?joined_before=2026-11-22T12:00:10Z", token_), ElementsAre(ada_.email));
  EXPECT_THAT(addresses("?joined_after=2026-11-22T12:00:05Z&joined_before=2026-11-22T12:00:15Z", token_),
              ElementsAre(grace.email));
  EXPECT_THAT(addresses("?q=GRA", token_), ElementsAre(grace.email));
  EXPECT_THAT(addresses("?q=race", token_), IsEmpty());
  EXPECT_THAT(addresses("?q=%25", token_), IsEmpty()) << "no wildcards";
  EXPECT_THAT(addresses("?" + to_query({{"q", "ÉM"}}), token_), ElementsAre(linus.email)) << "the name, in any case";
  EXPECT_THAT(addresses("?" + to_query({{"q", "E\u0301mi"}}), token_), ElementsAre(linus.email)) << "decomposed";
  EXPECT_THAT(addresses("?q=l&status=active", token_), IsEmpty());
  EXPECT_THAT(addresses("?sort=-joined_at", token_), ElementsAre(linus.email, grace.email, ada_.email));
  EXPECT_THAT(addresses("?sort=-email", token_), ElementsAre(linus.email, grace.email, ada_.email));
}

TEST_P(MembersV1, PagesFollowEachOtherInEveryOrderAndACursorFitsItsOwnListOnly) {
  for (const std::string name : {"b", "c", "d"}) join(ada_, name + "@acme.example");
  for (const std::string order : {"joined_at", "-joined_at", "email", "-email"}) {
    std::vector<std::string> listed;
    std::string after;
    for (int page = 0; page < 10; ++page) {
      const Reply reply = client().get(path("members") + "?limit=1&sort=" + order + after, token_);
      ASSERT_EQ(reply.status, 200) << reply;
      listed.push_back(reply.text("/data/0/email"));
      if (!reply.flag("/page/has_more")) break;
      EXPECT_THAT(reply.header("link"), testing::HasSubstr("rel=\"next\""));
      after = "&after=" + reply.text("/page/next");
    }
    EXPECT_THAT(listed,
                testing::UnorderedElementsAre("ada@acme.example", "b@acme.example", "c@acme.example", "d@acme.example"))
        << order;
    if (order.ends_with("email")) {
      EXPECT_EQ(listed.front(), order == "email" ? "ada@acme.example" : "d@acme.example");
    }
  }
  const std::string by_email = client().get(path("members") + "?limit=1&sort=email", token_).text("/page/next");
  for (const std::string other : {"", "&sort=-email", "&sort=email&q=a", "&sort=email&status=active"}) {
    expect_field_problem(client().get(path("members") + "?limit=1&after=" + by_email + other, token_), "?after");
  }
  EXPECT_EQ(client().get(path("members") + "?limit=2&sort=email&after=" + by_email, token_).status, 200);
}

TEST_P(MembersV1, WrongValuesOfFiltersAreRefusedByName) {
  expect_field_problem(client().get(path("members") + "?sort=name", token_), "?sort");
  expect_field_problem(client().get(path("members") + "?status=gone", token_), "?status");
  expect_field_problem(client().get(path("members") + "?joined_after=yesterday", token_), "?joined_after");
  expect_field_problem(client().get(path("members") + "?q=", token_), "?q");
  const Founder eve = found("eve@evil.example", "Evil");
  const Reply nothing = client().get(path("members") + "?role=" + store::RoleId::make(kStart).to_string(), token_);
  expect_field_problem(nothing, "?role");
  EXPECT_EQ(normalized(client().get(path("members") + "?role=" + eve.roles.at("owner"), token_)), normalized(nothing));
  expect_field_problem(client().get(path("members") + "?role=nonsense", token_), "?role");
}

TEST_P(MembersV1, OneMemberIsShownWithAnEntityTagThatGuardsChanges) {
  const Person grace = join(ada_, "grace@acme.example");
  const Reply shown = client().get(member(grace), token_);
  ASSERT_EQ(shown.status, 200) << shown;
  EXPECT_EQ(shown.text("/email"), grace.email);
  EXPECT_EQ(shown.text("/role/key"), "member");
  const std::string tag = shown.header("etag");
  const Headers if_match{{"If-Match", tag}};
  EXPECT_EQ(client().send({.target = member(grace), .token = token_, .headers = {{"If-None-Match", tag}}}).status, 304);

  const Reply changed = patch(member(grace), {{"role", "admin"}}, token_, if_match);
  ASSERT_EQ(changed.status, 200) << changed;
  EXPECT_EQ(changed.text("/role/key"), "admin");
  EXPECT_EQ(changed.body, client().get(member(grace), token_).body) << "PATCH answers what GET gives";
  expect_problem(patch(member(grace), {{"role", "member"}}, token_, if_match), 412, "precondition_failed");
  expect_problem(erase(member(grace), token_, if_match), 412, "precondition_failed");
  EXPECT_EQ(client().get(member(grace), token_).text("/role/key"), "admin");
  EXPECT_EQ(erase(member(grace), token_, {{"If-Match", changed.header("etag")}}).status, 204);
  expect_problem(client().get(member(grace), token_), 404, "not_found");
}

TEST_P(MembersV1, ARoleIsGivenByIdOrByKeyAndAnEmptyPatchChangesNothing) {
  const Person grace = join(ada_, "grace@acme.example");
  const std::string before = access_token(grace.email);
  EXPECT_EQ(patch(member(grace), {}, token_).text("/role/key"), "member");
  EXPECT_EQ(patch(member(grace), {{"role", "member"}}, token_).status, 200);
  EXPECT_EQ(session(before).status, 200) << "nothing was changed";
  EXPECT_TRUE(program().untaken_letters(grace.email, subject::kRoleChanged).empty());

  EXPECT_EQ(patch(member(grace), {{"role_id", ada_.roles.at("admin")}}, token_).text("/role/key"), "admin");
  expect_problem(session(before), 401, "unauthenticated");
  program().take_letter(grace.email, subject::kRoleChanged);
  expect_field_problem(patch(member(grace), {{"role_id", ada_.roles.at("admin")}, {"role", "admin"}}, token_),
                       "/role_id");
  expect_field_problem(patch(member(grace), {{"role", nullptr}}, token_), "/role");
  expect_field_problem(patch(member(grace), {{"status", "suspended"}}, token_), "/status");
  const Founder eve = found("eve@evil.example", "Evil");
  expect_same_not_found(patch(member(grace), {{"role_id", eve.roles.at("owner")}}, token_),
                        patch(member(grace), {{"role_id", store::RoleId::make(kStart).to_string()}}, token_));
  expect_problem(patch(member(grace), {{"role", "nonsense"}}, token_), 404, "not_found");
}

TEST_P(MembersV1, ASuspendedMemberHoldsNothingThereAndKeepsTheAccount) {
  const Person grace = join(ada_, "grace@acme.example", "admin");
  const Tokens tokens = sign_in(grace.email);
  const std::string invitation = invite(tokens.access, ada_.organization_id, "linus@acme.example");

  const Reply suspended = act(member(grace) + "/suspend", token_);
  ASSERT_EQ(suspended.status, 200) << suspended;
  EXPECT_EQ(suspended.text("/status"), "suspended");
  program().take_letter(grace.email, kSuspendedLetter);
  expect_problem(session(tokens.access), 401, "unauthenticated");
  expect_problem(refresh(tokens.refresh), 401, "invalid_refresh_token");
  const Reply again = try_sign_in(grace.email);
  ASSERT_EQ(again.status, 200) << again;
  EXPECT_TRUE(again.at("/organizations").as_array().empty()) << again;
  expect_problem(client().get(path("members"), again.text("/access_token")), 404, "not_found");
  expect_problem(client().post("/accept-invite",
                               {{"token", invitation}, {"email", "linus@acme.example"}, {"password", kPassword}}),
                 410, "link_dead");
  EXPECT_EQ(client().get("/stats/org-wise-members", token_).json, (Object{{"Acme", 1}}));
  EXPECT_EQ(act(member(grace) + "/suspend", token_).text("/status"), "suspended") << "once more does no harm";
  EXPECT_TRUE(program().untaken_letters(grace.email, kSuspendedLetter).empty());
}

TEST_P(MembersV1, AReinstatedMemberSignsInAnewAndOldTokensStayDead) {
  const Person grace = join(ada_, "grace@acme.example", "admin");
  const Tokens tokens = sign_in(grace.email);
  ASSERT_EQ(act(member(grace) + "/suspend", token_).status, 200);
  const Reply reinstated = act(member(grace) + "/reinstate", token_);
  ASSERT_EQ(reinstated.status, 200) << reinstated;
  EXPECT_EQ(reinstated.text("/status"), "active");
  EXPECT_EQ(reinstated.text("/role/key"), "admin");
  program().take_letter(grace.email, kReinstatedLetter);
  expect_problem(session(tokens.access), 401, "unauthenticated");
  expect_problem(refresh(tokens.refresh), 401, "invalid_refresh_token");
  EXPECT_THAT(addresses("", access_token(grace.email)), testing::SizeIs(2));
  EXPECT_EQ(act(member(grace) + "/reinstate", token_).status, 200);
  EXPECT_TRUE(program().untaken_letters(grace.email, kReinstatedLetter).empty());
}

TEST_P(MembersV1, NobodySuspendsThemselvesOrTheLastOwnerOrWhoeverOutranksThem) {
  expect_problem(act(member(ada_) + "/suspend", token_), 409, "wrong_state");
  const Person grace = join(ada_, "grace@acme.example", "admin");
  expect_problem(act(member(ada_) + "/suspend", access_token(grace.email)), 403, "outranked");
  const std::string key = api_key(ada_.organization_id, "members:update members:remove");
  expect_problem(act(member(grace) + "/suspend", key), 403, "outranked");
  expect_problem(erase(member(grace), key), 403, "outranked");

  const Person barbara = join(ada_, "barbara@acme.example", "owner");
  ASSERT_EQ(act(member(barbara) + "/suspend", token_).status, 200);
  expect_problem(erase(member(ada_), token_), 409, "last_owner");
  expect_problem(patch(member(ada_), {{"role", "admin"}}, token_), 409, "last_owner");
  expect_problem(act(member(barbara) + "/reinstate", access_token(grace.email)), 403, "outranked");
  EXPECT_EQ(erase(member(barbara), token_).status, 204) << "a suspended owner is not the last active one";
  EXPECT_EQ(client().get(member(ada_), token_).text("/role/key"), "owner");
}

TEST_P(MembersV1, OneWhoIsRemovedIsToldAndSignedOutThere) {
  const Person grace = join(ada_, "grace@acme.example");
  const Tokens tokens = sign_in(grace.email);
  EXPECT_EQ(erase(member(grace), token_).status, 204);
  program().take_letter(grace.email, subject::kRemoved);
  expect_problem(session(tokens.access), 401, "unauthenticated");
  expect_same_not_found(erase(member(grace), token_), erase(nobody(), token_));
}

TEST_P(MembersV1, WhoLacksTheRightIsForbiddenAndStrangersSeeNothing) {
  const Person grace = join(ada_, "grace@acme.example");
  const Founder eve = found("eve@evil.example", "Evil");
  const std::string inside = access_token(grace.email), outside = access_token(eve.email);
  const std::string foreign = path("members/" + eve.member_id);
  const auto calls = [&](const std::string& target, const std::string& token) {
    return std::vector<Reply>{client().get(target, token), patch(target, {{"role", "member"}}, token),
                              erase(target, token), act(target + "/suspend", token), act(target + "/reinstate", token)};
  };
  for (const Reply& reply : calls(member(ada_), inside)) expect_problem(reply, 403, "forbidden");
  for (const Reply& reply : calls(member(ada_), outside)) expect_problem(reply, 404, "not_found");
  for (const Reply& reply : calls(member(ada_), "")) expect_problem(reply, 401, "unauthenticated");
  const auto theirs = calls(foreign, token_), nothing = calls(nobody(), token_);
  for (std::size_t i = 0; i < theirs.size(); ++i) expect_same_not_found(theirs[i], nothing[i]);
  expect_problem(client().get(path("members"), inside), 403, "forbidden");
  expect_problem(client().get(path("members"), outside), 404, "not_found");
  expect_problem(client().get(path("members"), api_key(eve.organization_id, "members:read")), 404, "not_found");
  EXPECT_EQ(client().get(path_of(eve, "members/" + eve.member_id), outside).status, 200);
}

GATEHOUSE_ON_BOTH_DATABASES(MembersV1);

}  // namespace gatehouse::tests
