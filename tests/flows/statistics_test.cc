#include "tests/support/flow_test.h"

#include "domain/operators.h"
#include "store/ids.h"

namespace gatehouse::tests {

class Statistics : public FlowTest {
 protected:
  Reply stats(const std::string& target, const std::string& token) { return client().get("/stats/" + target, token); }
  /// Who joined, by organization and role.
  Json joined(const Headers& query, const std::string& token) {
    const Reply reply = stats("org-role-wise-users-filtered?" + to_query(query), token);
    EXPECT_EQ(reply.status, 200) << reply;
    return reply.json;
  }
  std::string operator_token() {
    if (!has_operator_) {
      EXPECT_TRUE(domain::create_operator(program().services(), *base::parse_email("root@ops.example"),
                                          base::Secret(kPassword)));
      has_operator_ = true;
    }
    return access_token("root@ops.example");
  }
  bool has_operator_ = false;
};

TEST_P(Statistics, ANameThatOccursTwiceGetsTheSlugForAllButTheOldest) {
  sign_up("one@acme.example", "Acme");
  program().advance(std::chrono::seconds(1));
  const Reply second =
      client().post("/signup", {{"email", "two@acme.example"}, {"password", kPassword}, {"organization_name", "Acme"}});
  ASSERT_EQ(second.status, 201);
  const std::string slug = second.text("/organization/slug");
  EXPECT_NE(slug, "acme");
  EXPECT_EQ(stats("org-wise-members", operator_token()).json, (Object{{"Acme", 1}, {"Acme (" + slug + ")", 1}}));
  EXPECT_EQ(stats("org-role-wise-users", operator_token()).json,
            (Object{{"Acme", {{"owner", 1}}}, {"Acme (" + slug + ")", {{"owner", 1}}}}));
  EXPECT_EQ(stats("org-wise-members", access_token("two@acme.example")).json, (Object{{"Acme", 1}}))
      << "alone in the answer";
}

TEST_P(Statistics, RolesOfOneNameInTwoOrganizationsAreOneRowAndAPersonInTwoCountsTwice) {
  const Founder ada = found("ada@acme.example", "Acme");
  const Founder grace = found("grace@own.example", "Own");
  accept(invite(access_token(ada.email), ada.organization_id, grace.email, "admin"), grace.email);
  EXPECT_EQ(stats("role-wise-users", operator_token()).json, (Object{{"admin", 1}, {"owner", 2}}));
  EXPECT_EQ(stats("role-wise-users", access_token(grace.email)).json, (Object{{"admin", 1}, {"owner", 2}}));
  EXPECT_EQ(stats("org-wise-members", access_token(grace.email)).json, (Object{{"Acme", 2}, {"Own", 1}}));
  EXPECT_EQ(stats("org-wise-members", access_token(ada.email)).json, (Object{{"Acme", 2}}));
  EXPECT_EQ(stats("org-wise-members?organization_id=" + grace.organization_id, access_token(grace.email)).json,
            (Object{{"Own", 1}}));
}

TEST_P(Statistics, OneSeesExactlyTheOrganizationsInWhichOneMay) {
  const Founder ada = found("ada@acme.example", "Acme");
  const Founder grace = found("grace@own.example", "Own");
  accept(invite(access_token(ada.email), ada.organization_id, grace.email, "member"), grace.email);
  const std::string token = access_token(grace.email);
  EXPECT_EQ(stats("org-wise-members", token).json, (Object{{"Own", 1}})) << "no right in Acme";
  expect_problem(stats("org-wise-members?organization_id=" + ada.organization_id, token), 403, "forbidden");
  expect_problem(stats("org-wise-members?organization_id=" + store::OrganizationId::make(kStart).to_string(), token),
                 404, "not_found");
  expect_problem(stats("org-wise-members?organization_id=" + grace.organization_id, access_token(ada.email)), 404,
                 "not_found");
}

TEST_P(Statistics, AnInvitationThatWaitsIsNoMember) {
  const Founder ada = found("ada@acme.example", "Acme");
  const std::string token = access_token(ada.email);
  invite(token, ada.organization_id, "grace@acme.example");
  EXPECT_EQ(stats("org-role-wise-users", token).json, (Object{{"Acme", {{"owner", 1}}}}))
      << "and zero rows are left out";
}

TEST_P(Statistics, EdgesAreInclusive) {
  program().advance(std::chrono::microseconds(250'000));
  const Founder ada = found("ada@acme.example", "Acme");  // at 12:00:00.25
  const std::string token = access_token(ada.email);
  const Json one = Object{{"Acme", {{"owner", 1}}}};
  const Json none = Object{};
  const auto filtered = [&](const Headers& query) { return joined(query, token); };
  EXPECT_EQ(filtered({{"from", "1795348800"}}), one);
  EXPECT_EQ(filtered({{"to", "1795348800"}}), one) << "an integer is the whole second";
  EXPECT_EQ(filtered({{"from", "1795348800"}, {"to", "1795348800"}}), one);
  EXPECT_EQ(filtered({{"from", "1795348801"}}), none);
  EXPECT_EQ(filtered({{"to", "1795348799"}}), none);
  EXPECT_EQ(filtered({{"to", "2026-11-22T12:00:00Z"}}), one) << "so is a text without a fraction";
  EXPECT_EQ(filtered({{"to", "2026-11-22T12:00:00.24Z"}}), one) << "a fraction stands for its whole second";
  EXPECT_EQ(filtered({{"to", "2026-11-22T11:59:59.99Z"}}), none);
  EXPECT_EQ(filtered({{"to", "2026-11-22T12:00:00.25Z"}}), one);
  EXPECT_EQ(filtered({{"from", "2026-11-22T12:00:00.25Z"}}), one);
  EXPECT_EQ(filtered({{"from", "2026-11-22T12:00:00.250001Z"}}), one);
  EXPECT_EQ(filtered({{"from", "2026-11-22T12:00:01.000001Z"}}), none);
  EXPECT_EQ(filtered({{"from", "2026-11-22T13:00:00.25+01:00"}, {"to", "2026-11-22T07:00:00.25-05:00"}}), one);
  EXPECT_EQ(filtered({{"from", "0"}, {"to", "9999-12-31T23:59:59Z"}}), one);
}

TEST_P(Statistics, TheFilterTakesTimesAsProgramsWriteThem) {
  program().advance(std::chrono::microseconds(250'000));
  const Founder ada = found("ada@acme.example", "Acme");  // at 12:00:00.25
  const std::string token = access_token(ada.email);
  const Json one = Object{{"Acme", {{"owner", 1}}}};
  const Json none = Object{};
  const auto filtered = [&](const Headers& query) { return joined(query, token); };
  for (const char* same : {"1795348800.5", "1795348800.123", "1795348800.1234567", "2026-11-22T12:00:00.1234567Z",
                           "2026-11-22T13:00:00.123456789+01:00", "2026-11-22"}) {
    EXPECT_EQ(filtered({{"from", same}, {"to", same}}), one) << same;
  }
  EXPECT_EQ(filtered({{"from", "1795348801.5"}}), none);
  EXPECT_EQ(filtered({{"to", "1795348799.9"}}), none);
  EXPECT_EQ(filtered({{"from", "2026-11-23"}}), none);
  EXPECT_EQ(filtered({{"to", "2026-11-21"}}), none);
  for (const char* zero : {"0001-01-01T00:00:00Z", "1960-01-01T00:00:00Z", "1960-01-01"}) {
    EXPECT_EQ(filtered({{"from", zero}}), one) << zero;
    EXPECT_EQ(filtered({{"to", zero}}), none) << zero;
  }
  const Reply wrong = stats("org-role-wise-users-filtered?from=10000-01-01", token);
  expect_field_problem(wrong, "?from");
  EXPECT_NE(wrong.text("/errors/0/detail").find("up to the year 9999"), std::string::npos) << wrong;
}

TEST_P(Statistics, ARangeThatEndsBeforeItBeginsIsRefused) {
  const Founder ada = found("ada@acme.example", "Acme");
  const std::string token = access_token(ada.email);
  expect_field_problem(stats("org-role-wise-users-filtered?from=1795348801&to=1795348800", token), "?to");
  EXPECT_EQ(stats("org-role-wise-users-filtered?from=9999-12-31T23:00:00Z", token).json, Object{});
}

TEST_P(Statistics, TheRoleNameThatTheFounderChoseIsTheNameOfTheRow) {
  ASSERT_EQ(client()
                .post("/signup", {{"email", "ada@acme.example"},
                                  {"password", kPassword},
                                  {"organization_name", "Acme"},
                                  {"role_name", "Captain"}})
                .status,
            201);
  EXPECT_EQ(stats("role-wise-users", access_token("ada@acme.example")).json, (Object{{"Captain", 1}}));
}

GATEHOUSE_ON_BOTH_DATABASES(Statistics);

}  // namespace gatehouse::tests
