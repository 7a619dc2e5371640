#include "domain/organizations.h"
#include "mail/values.h"
#include "tests/support/flow_test.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

using namespace std::chrono_literals;

constexpr std::string_view kAdded = "You have been added to ";

class Directories : public FlowTest {
 protected:
  void SetUp() override { begin({}); }

  void begin(const Settings& settings) {
    start(settings);
    shared_ = found("ada@acme.example", "Acme");
    apart_ = sign_up_apart("ada@acme.example", "Vault");
  }
  Reply try_sign_up_apart(const std::string& email, const std::string& name) {
    return client().post(
        "/signup",
        {{"email", email}, {"password", kOtherPassword}, {"organization_name", name}, {"directory", "isolated"}});
  }
  /// An organization with a directory of its own, and its founder, whose password is the other one.
  Founder sign_up_apart(const std::string& email, const std::string& name) {
    const Reply reply = try_sign_up_apart(email, name);
    EXPECT_EQ(reply.status, 201) << reply;
    EXPECT_TRUE(reply.flag("/organization/has_own_directory"));
    const std::string link = token_in(program().take_letter(email, subject::kWelcome));
    EXPECT_EQ(client().post("/v1/email/verify", {{"token", link}}).status, 200);
    return {{email, reply.text("/user/id"), reply.text("/member/id"), reply.text("/organization/id")}, {}};
  }
  Reply enter(const std::string& email, const std::string& password, const std::string& organization) {
    return client().post("/signin", {{"email", email}, {"password", password}, {"organization", organization}});
  }
  std::string token_of(const std::string& email, const std::string& password, const std::string& organization) {
    const Reply reply = enter(email, password, organization);
    EXPECT_EQ(reply.status, 200) << reply;
    return reply.text("/access_token");
  }
  std::string owner() { return token_of("ada@acme.example", kOtherPassword, "vault"); }
  Reply add(const std::string& token, const std::string& organization_id, Object body) {
    return client().post("/v1/organizations/" + organization_id + "/members", body, token);
  }
  Reply ask_there(const std::string& email, const std::string& organization) {
    return client().post("/reset-password", {{"email", email}, {"organization", organization}});
  }

  Founder shared_, apart_;
};

TEST_P(Directories, OneAddressInTwoIsTwoUnrelatedAccounts) {
  EXPECT_NE(shared_.user_id, apart_.user_id);
  const Reply here = try_sign_in("ada@acme.example");
  EXPECT_EQ(here.text("/user/id"), shared_.user_id);
  EXPECT_EQ(here.text("/organization/slug"), "acme");
  EXPECT_EQ(here.at("/organizations").as_array().size(), 1u);
  for (const std::string& name : {std::string("vault"), std::string(" VAULT "), apart_.organization_id}) {
    const Reply there = enter("ada@acme.example", kOtherPassword, name);
    ASSERT_EQ(there.status, 200) << there;
    EXPECT_EQ(there.text("/user/id"), apart_.user_id);
    EXPECT_EQ(there.text("/organization/slug"), "vault");
    EXPECT_EQ(there.at("/organizations").as_array().size(), 1u);
  }
  EXPECT_EQ(sign_in("ada@acme.example", kOtherPassword, apart_.organization_id).access.empty(), false);

  expect_problem(try_sign_in("ada@acme.example", kOtherPassword), 401, "invalid_credentials");
  expect_problem(enter("ada@acme.example", kPassword, "vault"), 401, "invalid_credentials");
  EXPECT_EQ(enter("ada@acme.example", kPassword, "acme").text("/user/id"), shared_.user_id);

  const std::string token = owner();
  expect_problem(client().get("/v1/organizations/" + shared_.organization_id, token), 404, "not_found");
  expect_problem(client().get("/v1/organizations/" + apart_.organization_id, access_token("ada@acme.example")), 404,
                 "not_found");
  const Founder second = sign_up_apart("ada@acme.example", "Bunker");
  EXPECT_NE(second.user_id, apart_.user_id);
  expect_problem(client().get("/v1/organizations/" + second.organization_id, token), 404, "not_found");
}

TEST_P(Directories, AResetChangesTheAccountOfTheNamedOneOnly) {
  const Tokens here = sign_in("ada@acme.example");
  const std::string there = owner();
  ASSERT_EQ(ask_there("ada@acme.example", "vault").status, 200);
  const std::string link = token_in(program().take_letter("ada@acme.example", subject::kReset));
  const std::string fresh = "nine lamps in a cellar";
  expect_field_problem(
      client().post("/reset-password", {{"token", link}, {"new_password", fresh}, {"organization", "vault"}}),
      "/organization");
  ASSERT_EQ(client().post("/reset-password", {{"token", link}, {"new_password", fresh}}).status, 200);
  EXPECT_THAT(program().take_letter("ada@acme.example", subject::kPasswordChanged).text,
              testing::HasSubstr("/reset-password?organization=" + apart_.organization_id));
  expect_problem(session(there), 401, "unauthenticated");
  EXPECT_EQ(session(here.access).status, 200);
  EXPECT_EQ(enter("ada@acme.example", fresh, "vault").status, 200);
  EXPECT_EQ(try_sign_in("ada@acme.example").status, 200);

  ask_for_reset("ada@acme.example");
  EXPECT_TRUE(program().untaken_letters("ada@acme.example", subject::kReset).empty()) << "one letter for one account";
}

TEST_P(Directories, AnInvitationMakesAnAccountInThatOfTheOrganization) {
  const Person mia = join(shared_, "mia@acme.example");
  const Reply sent = client().post(
      "/invite-member",
      {{"recipient", "mia@acme.example"}, {"organization_id", apart_.organization_id}, {"role", "member"}}, owner());
  ASSERT_EQ(sent.status, 200) << sent;
  const std::string link = token_in(program().take_letter("mia@acme.example", subject::kInvitation));
  expect_problem(client().post("/accept-invite", {{"token", link}}, access_token("mia@acme.example")), 403,
                 "wrong_address");
  const Person apart = accept(link, "mia@acme.example", kOtherPassword);
  EXPECT_NE(apart.user_id, mia.user_id);
  EXPECT_EQ(enter("mia@acme.example", kOtherPassword, "vault").text("/user/id"), apart.user_id);
  EXPECT_EQ(try_sign_in("mia@acme.example").text("/user/id"), mia.user_id);
}

TEST_P(Directories, WhatIsNotThereLooksLikeAWrongPassword) {
  found("eve@other.example", "Other");
  const auto wrong = normalized(try_sign_in("ada@acme.example", "a wrong password"));
  EXPECT_EQ(normalized(enter("ada@acme.example", "a wrong password", "vault")), wrong);
  EXPECT_EQ(normalized(enter("ada@acme.example", kPassword, "no-such-organization")), wrong);
  EXPECT_EQ(normalized(enter("ada@acme.example", kPassword, "org_01h2xcejqtf2nbrexx3vqjhp41")), wrong);
  EXPECT_EQ(normalized(enter("nobody@acme.example", kPassword, "vault")), wrong);
  EXPECT_EQ(normalized(enter("nobody@acme.example", kPassword, "nowhere")), wrong);
  EXPECT_EQ(normalized(enter("ada@acme.example", kPassword, "other")), wrong) << "of which she is no member";

  const auto asked = normalized(client().post("/reset-password", {{"email", "ada@acme.example"}}));
  EXPECT_EQ(normalized(ask_there("ada@acme.example", "vault")), asked);
  EXPECT_EQ(normalized(ask_there("ada@acme.example", "nowhere")), asked);
  EXPECT_EQ(normalized(ask_there("nobody@acme.example", "vault")), asked);
  EXPECT_EQ(normalized(ask_there("ada@acme.example", "other")), asked);
  program().settle();
  EXPECT_EQ(program().untaken_letters("ada@acme.example", subject::kReset).size(), 2u);
  EXPECT_TRUE(program().untaken_letters("nobody@acme.example").empty());

  expect_field_problem(client().post("/signin", {{"email", "ada@acme.example"},
                                                 {"password", kPassword},
                                                 {"organization", "acme"},
                                                 {"organization_id", shared_.organization_id}}),
                       "/organization");
  expect_problem(client().post("/signin", {{"email", "eve@other.example"},
                                           {"password", kPassword},
                                           {"organization_id", apart_.organization_id}}),
                 404, "not_found");
}

TEST_P(Directories, APersonOfTheSharedOneFoundsAnotherOfItsOwn) {
  const auto create = [&](const Object& body, const std::string& token) {
    return client().post("/v1/organizations", body, token);
  };
  const std::string token = access_token("ada@acme.example");
  const Reply made =
      create({{"name", "Crypt"}, {"directory", "isolated"}, {"password", "nine lamps in a cellar"}}, token);
  ASSERT_EQ(made.status, 201) << made;
  EXPECT_TRUE(made.flag("/has_own_directory"));
  expect_problem(enter("ada@acme.example", kPassword, "crypt"), 401, "invalid_credentials");
  const Reply entered = enter("ada@acme.example", "nine lamps in a cellar", "crypt");
  ASSERT_EQ(entered.status, 200) << entered;
  EXPECT_EQ(entered.text("/organization/role/key"), "owner");
  EXPECT_TRUE(entered.flag("/user/email_verified")) << "as verified as hers";
  EXPECT_EQ(client().get("/v1/organizations", token).at("/data").as_array().size(), 1u) << "it is another account's";

  const std::string unverified = try_sign_up_apart("new@acme.example", "New").text("/user/id");
  const std::string there = token_of("new@acme.example", kOtherPassword, "new");
  expect_problem(create({{"name", "Shared"}}, there), 403, "forbidden");
  ASSERT_EQ(create({{"name", "Next"}, {"directory", "isolated"}, {"password", kPassword}}, there).status, 201);
  EXPECT_FALSE(enter("new@acme.example", kPassword, "next").flag("/user/email_verified")) << unverified;
  expect_problem(create({{"name", "Weak"}, {"directory", "isolated"}, {"password", "password1"}}, token), 400,
                 "weak_password");
}

TEST_P(Directories, AnAdminAddsMembersWhereTheDirectoryIsTheOrganizations) {
  const std::string admin = owner();
  const std::string id = apart_.organization_id;
  const Reply added = add(admin, id,
                          {{"email", "grace@acme.example"},
                           {"password", "nine lamps in a cellar"},
                           {"role", "admin"},
                           {"name", " Grace Hopper "}});
  ASSERT_EQ(added.status, 201) << added;
  EXPECT_EQ(added.text("/name"), "Grace Hopper");
  EXPECT_EQ(added.text("/role/key"), "admin");
  const Reply grace = enter("grace@acme.example", "nine lamps in a cellar", "vault");
  ASSERT_EQ(grace.status, 200) << grace;
  EXPECT_FALSE(grace.flag("/user/email_verified")) << "nobody has shown that";
  EXPECT_TRUE(program().untaken_letters("grace@acme.example", subject::kReset).empty());

  ASSERT_EQ(add(admin, id, {{"email", "linus@acme.example"}, {"role", "member"}}).status, 201);
  const smtp::Message letter = program().take_letter("linus@acme.example", kAdded);
  EXPECT_EQ(letter.subject, "You have been added to Vault");
  EXPECT_THAT(letter.text,
              testing::HasSubstr(mail::show(base::EmailAddress{"ada@acme.example"}, {}).text + " has added"));
  EXPECT_THAT(letter.text, testing::HasSubstr("Vault, as member."));
  const std::string link = token_in(letter);
  EXPECT_TRUE(program().untaken_letters("linus@acme.example").empty()) << "nobody has asked for a new password";
  ASSERT_EQ(client().post("/reset-password", {{"token", link}, {"new_password", kPassword}}).status, 200);
  const Reply linus = enter("linus@acme.example", kPassword, "vault");
  EXPECT_TRUE(linus.flag("/user/email_verified"));

  const std::string hers = grace.text("/access_token");
  expect_problem(add(hers, id, {{"email", "x@acme.example"}, {"role", "owner"}}), 403, "outranked");
  expect_problem(add(hers, id, {{"email", "linus@acme.example"}, {"role", "member"}}), 409, "already_member");
  expect_problem(add(linus.text("/access_token"), id, {{"email", "x@acme.example"}, {"role", "member"}}), 403,
                 "forbidden");
  expect_problem(add(access_token("ada@acme.example"), id, {{"email", "x@acme.example"}, {"role", "member"}}), 404,
                 "not_found");
  expect_problem(
      add(access_token("ada@acme.example"), shared_.organization_id, {{"email", "x@acme.example"}, {"role", "member"}}),
      409, "shared_directory");
  expect_problem(add(hers, id, {{"email", "x@acme.example"}, {"role", "nothing"}}), 404, "not_found");
  expect_field_problem(add(hers, id, {{"email", "x@acme.example"}}), "/role_id");
  expect_problem(add(hers, id, {{"email", "x@acme.example"}, {"role", "member"}, {"password", "password1"}}), 400,
                 "weak_password");
}

TEST_P(Directories, WhoIsAddedHasAWeekToChooseAPassword) {
  const auto link_for = [&](const std::string& email) {
    EXPECT_EQ(add(owner(), apart_.organization_id, {{"email", email}, {"role", "member"}}).status, 201);
    return token_in(program().take_letter(email, kAdded));
  };
  const auto choose = [&](const std::string& link) {
    return client().post("/reset-password", {{"token", link}, {"new_password", kPassword}});
  };
  const std::string early = link_for("grace@acme.example"), late = link_for("linus@acme.example");
  program().advance(7 * 24h - 1s);
  ASSERT_EQ(choose(early).status, 200);
  EXPECT_EQ(enter("grace@acme.example", kPassword, "vault").status, 200);
  expect_problem(choose(early), 410, "link_dead");
  program().advance(1s);
  expect_problem(choose(late), 410, "link_dead");
}

TEST_P(Directories, LettersAboutBeingAddedCountAsInvitations) {
  begin({{"limits.enabled", "true"}});
  const std::string token = owner();
  const std::string id = apart_.organization_id;
  for (int i = 0; i < 3; ++i) {
    const Reply added = add(token, id, {{"email", "grace@acme.example"}, {"role", "member"}});
    ASSERT_EQ(added.status, 201) << added;
    ASSERT_EQ(remove(token, id, added.text("/user_id")).status, 200);
    program().execute({"forget the links", "DELETE FROM one_time_tokens WHERE email = 'grace@acme.example'"});
    program().execute({"forget the account", "DELETE FROM users WHERE email = 'grace@acme.example'"});
  }
  expect_problem(add(token, id, {{"email", "grace@acme.example"}, {"role", "member"}}), 429, "rate_limited");
  EXPECT_EQ(ask_there("ada@acme.example", "vault").status, 200);
  program().take_letter("ada@acme.example", subject::kReset);
}

TEST_P(Directories, AResetLetterSaysWhichAccountItIsFor) {
  ask_for_reset("ada@acme.example");
  ASSERT_EQ(ask_there("ada@acme.example", "vault").status, 200);
  const smtp::Message letter = program().take_letter("ada@acme.example", subject::kReset);
  EXPECT_EQ(letter.subject, "Reset your password for Vault");
  EXPECT_THAT(letter.text, testing::HasSubstr("Vault"));
  EXPECT_THAT(letter.html, testing::HasSubstr("Vault"));
}

TEST_P(Directories, AnAccountThatIsThereIsAddedAsItIs) {
  const std::string id = apart_.organization_id;
  const Reply first = add(owner(), id, {{"email", "grace@acme.example"}, {"password", kPassword}, {"role", "member"}});
  ASSERT_EQ(first.status, 201) << first;
  ASSERT_EQ(remove(owner(), id, first.text("/user_id")).status, 200);
  EXPECT_TRUE(enter("grace@acme.example", kPassword, "vault").at("/organization").is_null());

  expect_problem(add(owner(), id, {{"email", "grace@acme.example"}, {"password", kOtherPassword}, {"role", "member"}}),
                 409, "email_taken");
  const Reply again = add(owner(), id, {{"email", "grace@acme.example"}, {"role", "member"}});
  ASSERT_EQ(again.status, 201) << again;
  EXPECT_EQ(again.text("/user_id"), first.text("/user_id"));
  EXPECT_EQ(enter("grace@acme.example", kPassword, "vault").text("/organization/id"), id) << "with its own password";

  // Who is in needs no invitation any more.
  client().post("/invite-member", {{"recipient", "guest@acme.example"}, {"organization_id", id}, {"role", "member"}},
                owner());
  const std::string link = token_in(program().take_letter("guest@acme.example", subject::kInvitation));
  ASSERT_EQ(add(owner(), id, {{"email", "guest@acme.example"}, {"password", kPassword}, {"role", "member"}}).status,
            201);
  expect_problem(
      client().post("/accept-invite", {{"token", link}, {"email", "guest@acme.example"}, {"password", kPassword}}), 410,
      "link_dead");
}

TEST_P(Directories, PoliciesHoldForWhoIsAdded) {
  const std::string id = apart_.organization_id;
  ASSERT_EQ(client()
                .send({.method = "PATCH",
                       .target = "/v1/organizations/" + id + "/policies",
                       .token = owner(),
                       .body = R"({"allowed_domains":["acme.example"],"password_minimum":30})",
                       .content_type = "application/merge-patch+json"})
                .status,
            200);
  expect_problem(add(owner(), id, {{"email", "x@other.example"}, {"role", "member"}}), 403, "domain_not_allowed");
  expect_field_problem(add(owner(), id, {{"email", "x@acme.example"}, {"password", kPassword}, {"role", "member"}}),
                       "/password");
  EXPECT_TRUE(program().untaken_letters("x@other.example").empty());
}

TEST_P(Directories, ADeletedOneCanBeRestoredFromInsideAndVanishesWithItsAccounts) {
  ASSERT_EQ(add(owner(), apart_.organization_id,
                {{"email", "grace@acme.example"}, {"password", kPassword}, {"role", "member"}})
                .status,
            201);
  const std::string one = "/v1/organizations/" + apart_.organization_id;
  ASSERT_EQ(client().del(one, owner()).status, 204);
  const Reply entered = enter("ada@acme.example", kOtherPassword, "vault");
  ASSERT_EQ(entered.status, 200) << entered;
  EXPECT_TRUE(entered.at("/organization").is_null());
  expect_problem(client().post(one + "/restore", {}, access_token("ada@acme.example")), 404, "not_found");
  ASSERT_EQ(client().post(one + "/restore", {}, entered.text("/access_token")).status, 200);
  ASSERT_EQ(client().del(one, owner()).status, 204);

  program().advance(30 * 24h);
  EXPECT_EQ(domain::purge_organizations(program().services()), 1u);
  expect_problem(enter("ada@acme.example", kOtherPassword, "vault"), 401, "invalid_credentials");
  static constexpr db::Statement kLeft{
      "test count accounts", "SELECT COUNT(*) FROM users WHERE email IN ('ada@acme.example', 'grace@acme.example')"};
  EXPECT_EQ(
      program().services().database.read([](db::Transaction& tx) { return tx.query_one(kLeft)->get<std::int64_t>(0); }),
      1);
  EXPECT_EQ(try_sign_in("ada@acme.example").status, 200) << "the shared account has nothing to do with it";
  sign_up_apart("ada@acme.example", "Vault");
}

TEST_P(Directories, WhoDidNotSignUpTakesTheWholeDirectoryAlong) {
  ASSERT_EQ(try_sign_up_apart("victim@acme.example", "Trap").status, 201);
  const std::string link = token_in(program().take_letter("victim@acme.example", subject::kWelcome));
  const std::string id = enter("victim@acme.example", kOtherPassword, "trap").text("/organization/id");
  ASSERT_EQ(add(token_of("victim@acme.example", kOtherPassword, "trap"), id,
                {{"email", "grace@acme.example"}, {"password", kPassword}, {"role", "member"}})
                .status,
            201);
  const std::string graces = token_of("grace@acme.example", kPassword, "trap");
  const Reply gone = client().send({.method = "POST",
                                    .target = "/verify-email",
                                    .headers = {{"Accept", "text/html"}},
                                    .body = to_query({{"token", link}, {"action", "disown"}}),
                                    .content_type = "application/x-www-form-urlencoded"});
  ASSERT_EQ(gone.status, 200) << gone;
  expect_problem(session(graces), 401, "unauthenticated");
  EXPECT_EQ(domain::purge_organizations(program().services()), 1u);
  expect_problem(enter("grace@acme.example", kPassword, "trap"), 401, "invalid_credentials");
}

TEST_P(Directories, AccountsOfOneAddressDoNotUseUpEachOthersTries) {
  begin({{"limits.enabled", "true"}});
  for (int i = 0; i < 10; ++i) enter("ada@acme.example", "a wrong password", "vault");
  expect_problem(enter("ada@acme.example", kOtherPassword, "vault"), 429, "rate_limited");
  expect_problem(enter("ADA@acme.example", kOtherPassword, apart_.organization_id), 429, "rate_limited");
  expect_problem(client().post("/signin", {{"email", "ada@acme.example"},
                                           {"password", kOtherPassword},
                                           {"organization_id", apart_.organization_id}}),
                 429, "rate_limited");
  EXPECT_EQ(try_sign_in("ada@acme.example").status, 200);

  // The first try says the same of how many are left whether or not there is such an organization.
  EXPECT_EQ(enter("x@acme.example", kPassword, "acme").header("ratelimit"),
            enter("x@acme.example", kPassword, "nowhere").header("ratelimit"));
}

TEST_P(Directories, OneAddressGetsFewOfItsOwnADay) {
  begin({{"limits.enabled", "true"}});
  for (int i = 0; i < 4; ++i) EXPECT_EQ(try_sign_up_apart("ada@acme.example", "More").status, 201);
  expect_problem(try_sign_up_apart("ada@acme.example", "More"), 429, "rate_limited");
}

TEST_P(Directories, TheResetPageRemembersWhichWasNamed) {
  const Reply page =
      client().send({.target = "/reset-password?organization=vault", .headers = {{"Accept", "text/html"}}});
  ASSERT_EQ(page.status, 200) << page;
  EXPECT_THAT(page.body, testing::HasSubstr("name=\"organization\" value=\"vault\""));
  const Reply sent = client().send({.method = "POST",
                                    .target = "/reset-password",
                                    .headers = {{"Accept", "text/html"}},
                                    .body = to_query({{"email", "ada@acme.example"}, {"organization", "vault"}}),
                                    .content_type = "application/x-www-form-urlencoded"});
  ASSERT_EQ(sent.status, 200) << sent;
  const std::string link = token_in(program().take_letter("ada@acme.example", subject::kReset));
  ASSERT_EQ(client().post("/reset-password", {{"token", link}, {"new_password", "nine lamps in a cellar"}}).status,
            200);
  EXPECT_EQ(enter("ada@acme.example", "nine lamps in a cellar", "vault").status, 200);
}

GATEHOUSE_ON_BOTH_DATABASES(Directories);

}  // namespace gatehouse::tests
