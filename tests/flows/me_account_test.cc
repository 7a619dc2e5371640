#include "tests/support/at_once.h"
#include "tests/support/flow_test.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

using testing::AllOf;
using testing::HasSubstr;

namespace {

constexpr std::string_view kChangeRequested = "Another email address was asked for";
constexpr std::string_view kConfirmNew = "Confirm your new email address";
constexpr std::string_view kChanged = "The email address of your account was changed";
constexpr std::string_view kConfirm = "Please confirm your email address";
const std::string kNew = "ada@lovelace.example";

}  // namespace

class MyAccount : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    ada_ = found("ada@acme.example", "Acme");
    token_ = access_token(ada_.email);
  }
  void restart_with_limits() {
    start({{"limits.enabled", "true"}});
    ada_ = found("ada@acme.example", "Acme");
    token_ = access_token(ada_.email);
  }

  Reply post(const std::string& target, const Object& body, const std::string& token) {
    return client().post("/v1/me" + target, body, token);
  }
  Reply change_password(const std::string& token, const std::string& before = kPassword,
                        const std::string& after = kOtherPassword) {
    return post("/password", {{"current_password", before}, {"new_password", after}}, token);
  }
  Reply change_email(const std::string& token, const std::string& email, const std::string& password = kPassword) {
    return post("/email", {{"email", email}, {"password", password}}, token);
  }
  Reply confirm(const std::string& token) { return client().post("/v1/email/confirm", {{"token", token}}); }
  /// The token of the letter to a new address.
  std::string ask_for_change(const std::string& token, const std::string& email) {
    const Reply reply = change_email(token, email);
    EXPECT_EQ(reply.status, 202) << reply;
    return token_in(program().take_letter(email, kConfirmNew));
  }
  Reply my(const std::string& target, const std::string& token) { return client().get("/v1/me" + target, token); }
  void allow_domains(const std::string& slug, const std::string& domains) {
    static constexpr db::Statement kAllow{"test allow domains",
                                          "UPDATE organizations SET allowed_domains = $1 WHERE slug = $2"};
    const auto done = program().services().database.write([&](db::Transaction& tx) -> base::Result<void> {
      tx.execute(kAllow, {domains, slug});
      return {};
    });
    ASSERT_TRUE(done.has_value());
  }

  Founder ada_;
  std::string token_;
};

TEST_P(MyAccount, APasswordChangeEndsAllOtherSessionsAndMailedLinks) {
  const Tokens other = sign_in(ada_.email);
  const std::string reset = ask_for_reset(ada_.email);
  const std::string change = ask_for_change(other.access, kNew);
  EXPECT_EQ(change_password(token_).status, 204);
  EXPECT_EQ(session(token_).status, 200) << "the session that changed it stays";
  expect_problem(session(other.access), 401, "unauthenticated");
  expect_problem(refresh(other.refresh), 401, "invalid_refresh_token");
  expect_problem(client().post("/reset-password", {{"token", reset}, {"new_password", kPassword}}), 410, "link_dead");
  expect_problem(confirm(change), 410, "link_dead");
  expect_problem(try_sign_in(ada_.email), 401, "invalid_credentials");
  EXPECT_EQ(try_sign_in(ada_.email, kOtherPassword).status, 200);
  program().take_letter(ada_.email, subject::kPasswordChanged);
}

TEST_P(MyAccount, APasswordChangeNeedsTheOldOneAndAGoodNewOne) {
  expect_problem(change_password(token_, "not the password"), 401, "invalid_credentials");
  expect_problem(change_password(token_, kPassword, "password"), 400, "weak_password");
  expect_problem(change_password(token_, kPassword, "ada@acme.example"), 400, "weak_password");
  expect_field_problem(change_password(token_, kPassword, "short"), "/new_password");
  expect_field_problem(change_password(token_, std::string(257, 'a')), "/current_password");
  expect_field_problem(post("/password", {}, token_), "/current_password");
  EXPECT_EQ(try_sign_in(ada_.email).status, 200);
  EXPECT_TRUE(program().untaken_letters(ada_.email, subject::kPasswordChanged).empty());
  EXPECT_THAT(my("/activity", token_).body, HasSubstr("session.sign_in_failed"));
}

TEST_P(MyAccount, AStolenSessionDoesNotGuessThePassword) {
  restart_with_limits();
  int refused = 0;
  const std::vector<std::function<Reply()>> ways{[&] { return change_password(token_, "not the password"); },
                                                 [&] { return change_email(token_, kNew, "not the password"); },
                                                 [&] {
                                                   return post("/export", {{"password", "not the password"}}, token_);
                                                 },
                                                 [&] {
                                                   return post("/delete", {{"password", "not the password"}}, token_);
                                                 }};
  for (int i = 0; i < 10; ++i) expect_problem(ways[std::size_t(i) % ways.size()](), 401, "invalid_credentials");
  for (const auto& way : ways) {
    const Reply reply = way();
    expect_problem(reply, 429, "rate_limited");
    EXPECT_FALSE(reply.header("retry-after").empty());
    ++refused;
  }
  EXPECT_EQ(refused, 4);
  expect_problem(change_password(token_), 429, "rate_limited");
  program().advance(std::chrono::minutes(1));
  EXPECT_EQ(change_password(token_).status, 204);
}

TEST_P(MyAccount, RightPasswordsAreNoTries) {
  restart_with_limits();
  for (int i = 0; i < 12; ++i) EXPECT_EQ(post("/export", {{"password", kPassword}}, token_).status, 200) << i;
}

TEST_P(MyAccount, OfTwoWhoChangeThePasswordAtOnceOneDoes) {
  const Tokens second = sign_in(ada_.email);
  const HttpClient http = client();
  const auto replies = ask_at_once(8, [&](int i) {
    return http.post("/v1/me/password",
                     {{"current_password", kPassword}, {"new_password", "a lantern under stair " + std::to_string(i)}},
                     i % 2 == 0 ? token_ : second.access);
  });
  auto counts = count_by_status(replies);
  EXPECT_EQ(counts[204], 1);
  EXPECT_EQ(counts[401], 7) << "the password or the session is not theirs any more";
}

TEST_P(MyAccount, AnAddressChangesWhenItsNewMailboxConfirms) {
  const Tokens other = sign_in(ada_.email);
  const std::string reset = ask_for_reset(ada_.email);
  const std::string link = ask_for_change(token_, kNew);
  const smtp::Message notice = program().take_letter(ada_.email, kChangeRequested);
  EXPECT_EQ(my("", token_).text("/email"), ada_.email) << "nothing before the link is used";
  EXPECT_EQ(session(other.access).status, 200);

  const Reply changed = confirm(link);
  ASSERT_EQ(changed.status, 200) << changed;
  EXPECT_EQ(changed.text("/user/email"), kNew);
  EXPECT_TRUE(changed.flag("/user/email_verified"));
  expect_problem(confirm(link), 410, "link_dead");
  expect_problem(session(token_), 401, "unauthenticated");
  expect_problem(refresh(other.refresh), 401, "invalid_refresh_token");
  expect_problem(client().post("/reset-password", {{"token", reset}, {"new_password", kOtherPassword}}), 410,
                 "link_dead");
  expect_problem(try_sign_in(ada_.email), 401, "invalid_credentials");
  const Reply again = try_sign_in(kNew);
  EXPECT_EQ(again.text("/user/id"), ada_.user_id);
  EXPECT_EQ(again.text("/organization/id"), ada_.organization_id);
  program().take_letter(ada_.email, kChanged);
  EXPECT_THAT(my("/activity", again.text("/access_token")).body,
              AllOf(HasSubstr("user.email_change_requested"), HasSubstr("user.email_changed")));
  EXPECT_EQ(sign_up(ada_.email, "Again").email, ada_.email) << "the old address is free";
}

TEST_P(MyAccount, TheLinkToANewAddressDiesAfterADayAndWithTheNextOne) {
  const std::string first = ask_for_change(token_, kNew);
  const std::string second = ask_for_change(token_, "countess@lovelace.example");
  expect_problem(confirm(first), 410, "link_dead");
  program().advance(std::chrono::hours(24));
  expect_problem(confirm(second), 410, "link_dead");
  expect_problem(confirm("gce_nonsense"), 400, "link_invalid");
  expect_problem(confirm(ask_for_reset(ada_.email)), 400, "link_invalid");
}

TEST_P(MyAccount, WhetherTheNewAddressIsFreeShowsNeitherInTheAnswerNorInItsMailbox) {
  const Founder eve = found("eve@evil.example", "Evil");
  const Reply taken = change_email(token_, eve.email);
  EXPECT_EQ(taken.status, 202) << taken;
  EXPECT_EQ(normalized(taken), normalized(change_email(token_, kNew)));
  EXPECT_TRUE(program().untaken_letters(eve.email, kConfirmNew).empty());
  EXPECT_FALSE(program().untaken_letters(kNew, kConfirmNew).empty());
}

TEST_P(MyAccount, AnAddressThatIsTakenMeanwhileIsNotTakenAway) {
  const std::string link = ask_for_change(token_, kNew);
  sign_up(kNew, "Faster");
  expect_problem(confirm(link), 409, "email_taken");
  EXPECT_EQ(session(token_).status, 200);
  EXPECT_EQ(try_sign_in(ada_.email).status, 200);
}

TEST_P(MyAccount, OfTwoWhoWantOneAddressAtOnceOneGetsIt) {
  const Founder eve = found("eve@evil.example", "Evil");
  for (int round = 0; round < 5; ++round) {
    const std::string wanted = "wanted" + std::to_string(round) + "@lovelace.example";
    const std::vector<std::string> mine{"ada@acme.example", "eve@evil.example"};
    std::vector<std::string> links;
    for (int i = 0; i < 2; ++i) {
      links.push_back(ask_for_change(i == 0 ? token_ : access_token(eve.email), wanted));
    }
    const HttpClient http = client();
    const auto replies = ask_at_once(2, [&](int i) {
      return http.post("/v1/email/confirm", {{"token", links[std::size_t(i)]}});
    });
    auto counts = count_by_status(replies);
    EXPECT_EQ(counts[200], 1);
    EXPECT_EQ(counts[409], 1);
    // Back to where they were, for the next round.
    const std::string owner = access_token(wanted);
    const std::string home = replies[0].status == 200 ? mine[0] : mine[1];
    ASSERT_EQ(confirm(ask_for_change(owner, home)).status, 200);
    token_ = access_token(ada_.email);
  }
}

TEST_P(MyAccount, ANewAddressMustSuitEveryOrganization) {
  allow_domains("acme", "acme.example lovelace.example");
  expect_problem(change_email(token_, "ada@sub.acme.example"), 403, "domain_not_allowed");
  expect_problem(change_email(token_, "ada@evil.example"), 403, "domain_not_allowed");
  EXPECT_TRUE(program().untaken_letters("ada@evil.example").empty());
  const std::string link = ask_for_change(token_, kNew);
  allow_domains("acme", "acme.example");
  expect_problem(confirm(link), 403, "domain_not_allowed");
  EXPECT_EQ(my("", token_).text("/email"), ada_.email);
  allow_domains("acme", "");
  EXPECT_EQ(confirm(link).status, 200) << "a refusal does not use the link up";
}

TEST_P(MyAccount, AnAddressChangeIsRefusedForItsOwnAddressAndWithoutThePassword) {
  expect_field_problem(change_email(token_, "ADA@Acme.example"), "/email");
  expect_field_problem(change_email(token_, "not an address"), "/email");
  expect_problem(change_email(token_, kNew, "not the password"), 401, "invalid_credentials");
  EXPECT_TRUE(program().untaken_letters(kNew).empty());
  EXPECT_TRUE(program().untaken_letters(ada_.email, kChangeRequested).empty());
}

TEST_P(MyAccount, NewAddressesAreNoMailBomb) {
  restart_with_limits();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(change_email(token_, kNew).status, 202);
  expect_problem(change_email(token_, kNew), 429, "rate_limited");
  program().settle();
  EXPECT_EQ(program().untaken_letters(kNew, kConfirmNew).size(), 3u);
}

TEST_P(MyAccount, WhoMadeAnAccountAheadDoesNotKeepItByAnAddressChange) {
  sign_up("grace@acme.example", "Trap");
  const std::string trap = ask_for_change(access_token("grace@acme.example"), "mallory@evil.example");
  const std::string reset = ask_for_reset("grace@acme.example");
  ASSERT_EQ(client().post("/reset-password", {{"token", reset}, {"new_password", kOtherPassword}}).status, 200);
  expect_problem(confirm(trap), 410, "link_dead");

  sign_up("linus@acme.example", "Trap");
  const std::string second = ask_for_change(access_token("linus@acme.example"), "mallory@evil.example");
  accept(invite(token_, ada_.organization_id, "linus@acme.example"), "linus@acme.example", kOtherPassword);
  expect_problem(confirm(second), 410, "link_dead");
  EXPECT_EQ(try_sign_in("linus@acme.example", kOtherPassword).status, 200);
}

TEST_P(MyAccount, TheConfirmationIsMailedAgain) {
  sign_up("grace@acme.example", "Grace");
  const std::string token = access_token("grace@acme.example");
  EXPECT_EQ(post("/email/verification", {}, token).status, 204);
  const std::string link = token_in(program().take_letter("grace@acme.example", kConfirm));
  EXPECT_EQ(client().post("/v1/email/verify", {{"token", link}}).status, 200);
  EXPECT_TRUE(my("", token).flag("/email_verified"));
  expect_problem(post("/email/verification", {}, token), 409, "wrong_state");
}

TEST_P(MyAccount, TheConfirmationIsNotMailedWithoutEnd) {
  restart_with_limits();
  sign_up("grace@acme.example", "Grace");
  const std::string token = access_token("grace@acme.example");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(post("/email/verification", {}, token).status, 204);
  expect_problem(post("/email/verification", {}, token), 429, "rate_limited");
}

GATEHOUSE_ON_BOTH_DATABASES(MyAccount);

}  // namespace gatehouse::tests
