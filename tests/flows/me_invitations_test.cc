#include "tests/support/at_once.h"
#include "tests/support/flow_test.h"

#include "store/ids.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class MyInvitations : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    ada_ = found("ada@acme.example", "Acme");
    token_ = access_token(ada_.email);
  }
  Reply post(const std::string& target, const Object& body, const std::string& token) {
    return client().post("/v1/me" + target, body, token);
  }
  Reply my(const std::string& target, const std::string& token) { return client().get("/v1/me" + target, token); }

  Founder ada_;
  std::string token_;
};

TEST_P(MyInvitations, InvitationsShowToTheirAddressOnceItIsVerified) {
  const Founder grace = found("grace@own.example", "Own");
  const std::string graces = access_token(grace.email);
  invite(token_, ada_.organization_id, grace.email, "admin");
  const Reply list = my("/invitations", graces);
  ASSERT_EQ(list.at("/data").as_array().size(), 1u) << list;
  EXPECT_EQ(list.text("/data/0/organization/name"), "Acme");
  EXPECT_EQ(list.text("/data/0/role/key"), "admin");
  EXPECT_EQ(list.text("/data/0/inviter"), ada_.email);
  EXPECT_THAT(list.body, Not(HasSubstr("gin_"))) << "never the link";
  const std::string id = list.text("/data/0/id");
  EXPECT_THAT(my("/invitations", token_).at("/data").as_array(), IsEmpty());
  for (const char* what : {"/accept", "/decline"}) {
    const Reply foreign = post("/invitations/" + id + what, {}, token_);
    expect_problem(foreign, 404, "not_found");
    const std::string invented = store::InvitationId::make(kStart).to_string();
    EXPECT_EQ(normalized(foreign), normalized(post("/invitations/" + invented + what, {}, token_)));
  }
  EXPECT_EQ(my("/invitations", graces).at("/data").as_array().size(), 1u);

  const Reply joined = post("/invitations/" + id + "/accept", {}, graces);
  ASSERT_EQ(joined.status, 200) << joined;
  EXPECT_EQ(joined.text("/member/role/key"), "admin");
  EXPECT_EQ(joined.text("/user/id"), grace.user_id);
  EXPECT_EQ(session(graces).status, 200);
  EXPECT_EQ(my("/organizations", graces).at("/data").as_array().size(), 2u);
  program().take_letter(ada_.email, subject::kJoined);
  expect_problem(post("/invitations/" + id + "/accept", {}, graces), 404, "not_found");
  expect_problem(post("/invitations/" + id + "/decline", {}, graces), 404, "not_found");
}

TEST_P(MyInvitations, AnUnverifiedAddressSeesAndAnswersNoInvitation) {
  sign_up("grace@acme.example", "Squat");
  const std::string squatter = access_token("grace@acme.example");
  const std::string link = invite(token_, ada_.organization_id, "grace@acme.example");
  EXPECT_THAT(my("/invitations", squatter).at("/data").as_array(), IsEmpty());
  const Reply list = client().get("/v1/organizations/" + ada_.organization_id + "/invitations", token_);
  const std::string id = list.text("/data/0/id");
  expect_problem(post("/invitations/" + id + "/accept", {}, squatter), 403, "unverified_address");
  expect_problem(post("/invitations/" + id + "/decline", {}, squatter), 403, "unverified_address");
  accept(link, "grace@acme.example", kOtherPassword);
}

TEST_P(MyInvitations, ADeclinedRevokedOrExpiredInvitationWaitsNoMore) {
  const Founder grace = found("grace@own.example", "Own");
  std::string graces = access_token(grace.email);
  const std::string link = invite(token_, ada_.organization_id, grace.email);
  const std::string id = my("/invitations", graces).text("/data/0/id");
  EXPECT_EQ(post("/invitations/" + id + "/decline", {}, graces).status, 204);
  EXPECT_THAT(my("/invitations", graces).at("/data").as_array(), IsEmpty());
  expect_problem(client().post("/accept-invite", {{"token", link}, {"email", grace.email}, {"password", kPassword}}),
                 410, "link_dead");
  const std::string sent = "/v1/organizations/" + ada_.organization_id + "/invitations";
  EXPECT_EQ(client().get(sent, token_).text("/data/0/status"), "revoked");
  const Reply declined = client().get(sent + "/" + id, token_);
  const auto& timeline = declined.at("/timeline").as_array();
  EXPECT_EQ(text_of(timeline.back().at("event")), "declined");
  EXPECT_EQ(declined.body.find(R"("event":"revoked")"), std::string::npos) << declined;

  invite(token_, ada_.organization_id, grace.email);
  const std::string second = my("/invitations", graces).text("/data/0/id");
  program().advance(std::chrono::hours(7 * 24));
  graces = access_token(grace.email);
  EXPECT_THAT(my("/invitations", graces).at("/data").as_array(), IsEmpty());
  expect_problem(post("/invitations/" + second + "/accept", {}, graces), 404, "not_found");
}

TEST_P(MyInvitations, AnInvitationIsAcceptedOnceHoweverManyAsk) {
  const Founder grace = found("grace@own.example", "Own");
  const std::string graces = access_token(grace.email);
  invite(token_, ada_.organization_id, grace.email);
  const std::string target = "/v1/me/invitations/" + my("/invitations", graces).text("/data/0/id") + "/accept";
  const HttpClient http = client();
  const auto replies = ask_at_once(12, [&](int) { return http.post(target, Object{}, graces); });
  auto counts = count_by_status(replies);
  EXPECT_EQ(counts[200], 1);
  EXPECT_EQ(counts[404], 11);
}

GATEHOUSE_ON_BOTH_DATABASES(MyInvitations);

}  // namespace gatehouse::tests
