#include "tests/flows/operator_fixture.h"
#include "tests/support/at_once.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

class OperatorOrganizations : public OperatorTest {
 protected:
  std::string path(const std::string& rest = {}) { return "organizations/" + ada_.organization_id + rest; }
  std::vector<std::string> names(const std::string& query) {
    std::vector<std::string> all;
    const Reply reply = get("organizations" + query);
    EXPECT_EQ(reply.status, 200) << reply;
    for (const Json& row : reply.at("/data").as_array()) all.push_back(text_of(row.at("name")));
    return all;
  }
  static std::int64_t active(const Reply& organization, std::string_view role) {
    for (const Json& tally : organization.at("/members").as_array()) {
      if (tally.at("role").at("key").as_string() == role) return tally.at("active").as_int64();
    }
    throw std::runtime_error("no such role: " + organization.body);
  }
  /// The founder's account is suspended, and so their organization has no active owner.
  void orphan() { ASSERT_EQ(post("users/" + ada_.user_id + "/suspend", reason()).status, 200); }
  Reply appoint(const std::string& email) {
    return post(path("/owners"), {{"email", email}, {"reason", "nobody is left"}});
  }
};

TEST_P(OperatorOrganizations, AreForOperatorsOnly) {
  expect_for_operators_only("GET", "organizations");
  expect_for_operators_only("GET", path());
  expect_for_operators_only("POST", "organizations", {{"name", "New"}, {"owner_email", "new@x.example"}});
  expect_for_operators_only("POST", path("/suspend"), reason());
  expect_for_operators_only("POST", path("/reinstate"), reason());
  expect_for_operators_only("POST", path("/owners"), {{"email", "x@x.example"}, {"reason", "because"}});
  EXPECT_EQ(get(path()).text("/status"), "active");
}

TEST_P(OperatorOrganizations, AreFoundByTheBeginningOfSlugOrNameAndByStatusPageByPage) {
  using testing::ElementsAre;
  tick();
  found("bo@beta.example", "Beta Works");
  tick();
  found("cy@gamma.example", "Gamma");
  EXPECT_THAT(names(""), ElementsAre("Acme", "Beta Works", "Gamma"));
  EXPECT_THAT(names("?q=beta-w"), ElementsAre("Beta Works"));
  EXPECT_THAT(names("?q=Beta%20W"), ElementsAre("Beta Works"));
  EXPECT_THAT(names("?q=BETA%20w"), ElementsAre("Beta Works"));
  EXPECT_THAT(names("?q=BETA-W"), ElementsAre("Beta Works")) << "slugs in any case, too";
  EXPECT_THAT(names("?q=%20gaMMA%20"), ElementsAre("Gamma"));
  EXPECT_THAT(names("?q=eta"), ElementsAre());
  EXPECT_THAT(names("?q=%25"), ElementsAre()) << "no wildcards";
  ASSERT_EQ(post(path("/suspend"), reason()).status, 200);
  EXPECT_THAT(names("?status=suspended"), ElementsAre("Acme"));
  EXPECT_THAT(names("?status=active"), ElementsAre("Beta Works", "Gamma"));
  EXPECT_THAT(names("?status=deleted"), ElementsAre());

  const std::string next = get("organizations?limit=2").text("/page/next");
  EXPECT_THAT(names("?limit=2&after=" + next), ElementsAre("Gamma"));
  expect_field_problem(get("organizations?status=active&after=" + next), "?after");
  expect_field_problem(get("organizations?status=odd"), "?status");
}

TEST_P(OperatorOrganizations, OneIsShownWithCountsAndNoNames) {
  join(ada_, "grace@acme.example", "admin");
  const Reply shown = get(path());
  ASSERT_EQ(shown.status, 200) << shown;
  EXPECT_EQ(active(shown, "owner"), 1);
  EXPECT_EQ(active(shown, "admin"), 1);
  EXPECT_EQ(active(shown, "member"), 0);
  EXPECT_FALSE(shown.flag("/is_orphaned"));
  EXPECT_EQ(shown.body.find("grace"), std::string::npos);
  expect_problem(get("organizations/" + store::OrganizationId::make(kStart).to_string()), 404, "not_found");
}

TEST_P(OperatorOrganizations, ASuspendedOneLetsNobodyInUntilItIsReinstated) {
  const Tokens tokens = sign_in(ada_.email);
  const std::string invitation = invite(tokens.access, ada_.organization_id, "zoe@acme.example");
  const std::string key = make_key("members:read", *store::OrganizationId::parse(ada_.organization_id));
  const std::string members = "/v1/organizations/" + ada_.organization_id + "/members";
  ASSERT_EQ(client().get(members, key).status, 200);

  expect_field_problem(post(path("/suspend"), {}), "/reason");
  expect_field_problem(post(path("/suspend"), reason("  ")), "/reason");
  const Reply suspended = post(path("/suspend"), reason("  unpaid  "));
  ASSERT_EQ(suspended.status, 200) << suspended;
  EXPECT_EQ(suspended.text("/status"), "suspended");
  const Json entry = last_audit("organization.suspended");
  EXPECT_EQ(text_of(entry.at("reason")), "unpaid");
  EXPECT_EQ(text_of(entry.at("actor")), "operator");
  EXPECT_EQ(text_of(entry.at("organization")), ada_.organization_id);

  expect_problem(session(tokens.access), 401, "unauthenticated");
  expect_problem(refresh(tokens.refresh), 401, "invalid_refresh_token");
  expect_problem(client().get(members, key), 401, "unauthenticated");
  expect_problem(client().get(members, access_token(ada_.email)), 404, "not_found");
  expect_problem(
      client().post("/accept-invite", {{"token", invitation}, {"email", "zoe@acme.example"}, {"password", kPassword}}),
      410, "link_dead");
  const Reply again = post(path("/suspend"), reason());
  expect_problem(again, 409, "wrong_state");
  EXPECT_EQ(again.text("/detail"), "The organization is suspended.");
  expect_problem(appoint("zoe@acme.example"), 409, "wrong_state");

  EXPECT_EQ(post(path("/reinstate"), reason()).text("/status"), "active");
  expect_problem(post(path("/reinstate"), reason()), 409, "wrong_state");
  expect_problem(session(tokens.access), 401, "unauthenticated");
  EXPECT_EQ(client().get(members, access_token(ada_.email)).status, 200);
  EXPECT_EQ(client().get(members, key).status, 200);
  accept(invitation, "zoe@acme.example");
}

TEST_P(OperatorOrganizations, ADeletedOneIsItsOwnersAffair) {
  program().execute({"test delete", "UPDATE organizations SET status = 'suspended', purge_at = created_at"});
  EXPECT_EQ(get(path()).text("/status"), "deleted");
  const Reply late = post(path("/suspend"), reason());
  expect_problem(late, 409, "wrong_state");
  EXPECT_EQ(late.text("/detail"), "The organization is deleted.");
  expect_problem(post(path("/reinstate"), reason()), 409, "wrong_state");
}

TEST_P(OperatorOrganizations, AnOwnerOfANewOneIsInvited) {
  const Reply made =
      post("organizations", {{"name", "Delta Ltd."}, {"owner_email", "dan@delta.example"}, {"slug", "delta"}});
  ASSERT_EQ(made.status, 201) << made;
  EXPECT_EQ(made.text("/organization/slug"), "delta");
  EXPECT_TRUE(made.flag("/organization/is_orphaned"));
  EXPECT_EQ(made.text("/invitation/role/key"), "owner");
  EXPECT_EQ(made.body.find("gin_"), std::string::npos) << "no link leaves by the API";
  const Person dan =
      accept(token_in(program().take_letter("dan@delta.example", subject::kInvitation)), "dan@delta.example");
  EXPECT_EQ(dan.organization_id, made.text("/organization/id"));
  const Reply shown = session(access_token(dan.email));
  EXPECT_EQ(shown.text("/organization/role/key"), "owner");
  EXPECT_FALSE(get("organizations/" + dan.organization_id).flag("/is_orphaned"));

  expect_problem(post("organizations", {{"name", "D"}, {"owner_email", "d@d.example"}, {"slug", "delta"}}), 409,
                 "slug_taken");
  expect_field_problem(post("organizations", {{"name", "D"}, {"owner_email", "d@d.example"}, {"slug", "De lta"}}),
                       "/slug");
  expect_field_problem(post("organizations", {{"name", "D"}, {"owner_email", "d"}}), "/owner_email");
  const std::string longest = "delta--" + std::string(56, 'x');
  EXPECT_EQ(post("organizations", {{"name", "D"}, {"owner_email", "long@d.example"}, {"slug", longest}}).status, 201);
  expect_field_problem(post("organizations", {{"name", "D"}, {"owner_email", "d@d.example"}, {"slug", longest + "x"}}),
                       "/slug");
  const Reply namesake = post("organizations", {{"name", "Delta"}, {"owner_email", "eve@delta.example"}});
  EXPECT_EQ(namesake.status, 201);
  EXPECT_NE(namesake.text("/organization/slug"), "delta");
  EXPECT_TRUE(program().untaken_letters("d@d.example").empty());
}

TEST_P(OperatorOrganizations, OneWithItsOwnDirectoryTakesAnAddressThatIsKnownElsewhere) {
  const Reply made = post("organizations", {{"name", "Apart"}, {"owner_email", ada_.email}, {"directory", "isolated"}});
  ASSERT_EQ(made.status, 201) << made;
  EXPECT_TRUE(made.flag("/organization/has_own_directory"));
  const Person other =
      accept(token_in(program().take_letter(ada_.email, subject::kInvitation)), ada_.email, kOtherPassword);
  EXPECT_NE(other.user_id, ada_.user_id);
  EXPECT_EQ(get("users/" + other.user_id).text("/user/directory"), "isolated");
}

TEST_P(OperatorOrganizations, AnOwnerIsAppointedOnlyWhereThereIsNone) {
  const Person grace = join(ada_, "grace@acme.example");
  const Person linus = join(ada_, "linus@acme.example");
  expect_problem(appoint(grace.email), 409, "wrong_state");
  orphan();
  const std::string before = access_token(grace.email);
  const Reply appointed = appoint(grace.email);
  ASSERT_EQ(appointed.status, 200) << appointed;
  EXPECT_EQ(appointed.text("/member/id"), grace.member_id);
  EXPECT_EQ(appointed.text("/member/role/key"), "owner");
  EXPECT_TRUE(appointed.at("/invitation").is_null());
  expect_problem(session(before), 401, "unauthenticated");
  const Json entry = last_audit("organization.owner_appointed");
  EXPECT_EQ(text_of(entry.at("reason")), "nobody is left");
  EXPECT_EQ(text_of(entry.at("member_id")), grace.member_id);

  program().take_letter(grace.email, "gets a new owner");
  program().take_letter(linus.email, "gets a new owner");
  EXPECT_TRUE(program().untaken_letters(ada_.email, "gets a new owner").empty()) << "suspended";
  expect_problem(appoint(linus.email), 409, "wrong_state");
}

TEST_P(OperatorOrganizations, AStrangerIsInvitedToOwnAndASuspendedMemberIsNot) {
  const Person grace = join(ada_, "grace@acme.example");
  orphan();
  ASSERT_EQ(post("users/" + grace.user_id + "/suspend", reason()).status, 200);
  expect_problem(appoint(grace.email), 409, "wrong_state");
  expect_problem(appoint(ada_.email), 409, "wrong_state");

  const Reply appointed = appoint("zoe@else.example");
  ASSERT_EQ(appointed.status, 200) << appointed;
  EXPECT_EQ(appointed.text("/invitation/role/key"), "owner");
  EXPECT_TRUE(appointed.at("/member").is_null());
  const std::string first = token_in(program().take_letter("zoe@else.example", subject::kInvitation));
  EXPECT_EQ(appoint("zoe@else.example").text("/invitation/id"), appointed.text("/invitation/id"));
  const std::string second = token_in(program().take_letter("zoe@else.example", subject::kInvitation));
  expect_problem(
      client().post("/accept-invite", {{"token", first}, {"email", "zoe@else.example"}, {"password", kPassword}}), 400,
      "link_invalid");
  accept(second, "zoe@else.example");
  EXPECT_FALSE(get(path()).flag("/is_orphaned"));
}

TEST_P(OperatorOrganizations, TwoAppointmentsAtOnceMakeOneOwner) {
  const std::vector<std::string> people{join(ada_, "grace@acme.example").email, join(ada_, "linus@acme.example").email,
                                        join(ada_, "mary@acme.example").email, join(ada_, "nell@acme.example").email};
  orphan();
  const auto replies = ask_at_once(4, [&](int i) { return appoint(people[std::size_t(i)]); });
  EXPECT_EQ(count_by_status(replies), (std::map<int, int>{{200, 1}, {409, 3}}));
  EXPECT_EQ(active(get(path()), "owner"), 1);
}

GATEHOUSE_ON_BOTH_DATABASES(OperatorOrganizations);

}  // namespace gatehouse::tests
