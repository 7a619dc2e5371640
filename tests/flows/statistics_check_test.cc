#include "domain/statistics_check.h"
#include "store/ledger_rows.h"
#include "tests/flows/management_test.h"

namespace gatehouse::tests {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

/// The ledger beside what it counts, after whatever can happen to a membership.
class StatisticsCheck : public ManagementTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    // The test's clock is not the one by which the schema was made.
    run([](db::Transaction& tx) { store::date_ledger_back(tx, kStart - 1s); });
    ada_ = found("ada@acme.example", "Acme");
    token_ = access_token(ada_.email);
  }

  template <class Body>
  void run(Body body) {
    ASSERT_TRUE(program().services().database.write([&](db::Transaction& tx) -> base::Result<void> {
      body(tx);
      return {};
    }));
  }
  void pass_time() { program().advance(1s); }
  void expect_done(const Reply& reply) {
    EXPECT_LT(reply.status, 300) << reply;
    pass_time();
  }
  Person join_later(const std::string& email, const std::string& role = "member") {
    const std::string link = invite(access_token(ada_.email), ada_.organization_id, email, role);
    pass_time();
    const Person person = accept(link, email);
    pass_time();
    return person;
  }
  void fold() {
    store::FoldPosition position;
    for (bool more = true; more;) {
      run([&](db::Transaction& tx) {
        const auto last = store::fold_deltas(tx, position, 7);
        more = last.has_value();
        if (last) position = *last;
      });
    }
  }

  using Check = domain::StatisticsSummary (*)(const domain::Services&, const std::optional<store::OrganizationId>&,
                                              const domain::StatisticsReport&);
  struct Found {
    domain::StatisticsSummary summary;
    /// "series level role kind detail expected actual", the first of an organization and the rest.
    std::vector<std::string> differences;
    std::int64_t untold = 0;
  };
  Found check(Check chosen, const std::optional<store::OrganizationId>& only = {}) {
    Found found;
    found.summary =
        chosen(program().services(), only,
               {[&](const domain::StatisticsDifference& one) {
                  found.differences.push_back((one.organization_id ? "" : "platform ") + one.series + " " + one.level +
                                              " " + one.kind + " " + one.detail + " " + std::to_string(one.expected) +
                                              " " + std::to_string(one.actual));
                },
                [&](store::OrganizationId, std::int64_t untold) { found.untold += untold; }});
    return found;
  }
  void expect_right() {
    const Found found = check(domain::verify_statistics);
    EXPECT_THAT(found.differences, IsEmpty());
    EXPECT_EQ(found.untold, 0);
  }
  store::OrganizationId acme() const { return store::OrganizationId::parse(ada_.organization_id).value(); }

  /// Everything that changes a membership and leaves the organization.
  void live_through_everything() {
    make_role("clerk", {"members:read"}, token_);
    const std::string packer = make_role("packer", {"members:read"}, token_);
    pass_time();
    const Person grace = join_later("grace@acme.example"), alan = join_later("alan@acme.example", "clerk");
    const Person mary = join_later("mary@acme.example", "packer"), joan = join_later("joan@acme.example");
    const std::string waiting = invite(token_, ada_.organization_id, "late@acme.example", "packer");
    pass_time();
    expect_done(patch(path("members/" + grace.member_id), {{"role", "admin"}}, token_));
    expect_done(patch(path("members/" + grace.member_id), {{"role", "admin"}}, token_));
    expect_done(act(path("members/" + alan.member_id + "/suspend"), token_));
    expect_done(patch(path("members/" + alan.member_id), {{"role", "packer"}}, token_));
    expect_done(erase(path("roles/" + packer) + "?replacement=" + ada_.roles.at("member"), token_));
    expect_done(act(path("members/" + alan.member_id + "/reinstate"), token_));
    accept(waiting, "late@acme.example");
    pass_time();
    expect_done(erase(path("members/" + joan.member_id), token_));
    expect_done(
        client().post("/v1/me/organizations/" + ada_.organization_id + "/leave", Object{}, access_token(mary.email)));
    expect_done(client().post(path("transfer-ownership"), {{"member_id", grace.member_id}}, access_token(ada_.email)));
    join_again(joan);
    pass_time();
  }
  /// By the new owner.
  void join_again(const Person& person) {
    const std::string link = invite(access_token("grace@acme.example"), ada_.organization_id, person.email, "admin");
    pass_time();
    accept(link, person.email);
  }
};
GATEHOUSE_ON_BOTH_DATABASES(StatisticsCheck);

TEST_P(StatisticsCheck, NothingDiffersWhateverHappens) {
  live_through_everything();
  expect_right();
  fold();
  expect_right();
  const Founder eve = found("eve@eve.example", "Eve");
  pass_time();
  expect_right();
  EXPECT_EQ(check(domain::verify_statistics).summary.organizations, 2);
  EXPECT_EQ(check(domain::verify_statistics, acme()).summary.organizations, 1);
}

TEST_P(StatisticsCheck, WhatIsWrongIsNamedAndPutRight) {
  live_through_everything();
  fold();
  program().execute({"test lose", "DELETE FROM stats_counts WHERE level = 0 AND series = 0"});
  program().execute({"test add",
                     "UPDATE stats_counts SET n = n + 2 WHERE level = 3 AND series = 1 AND kind = 'left' AND detail = "
                     "'active' AND organization_id <> (SELECT id FROM directories WHERE kind = 'platform')"});
  program().execute({"test add to growth", "UPDATE stats_counts SET n = n + 3 WHERE level = 2 AND series = 3"});
  const Found wrong = check(domain::verify_statistics);
  EXPECT_GT(wrong.summary.differences, 0);
  EXPECT_EQ(std::int64_t(wrong.differences.size()), wrong.summary.differences);
  EXPECT_THAT(wrong.differences, testing::Contains("cohort second member active 1 0"));
  EXPECT_THAT(wrong.differences, testing::Contains("timeline day left active -2 0"));
  EXPECT_THAT(wrong.differences, testing::Contains("growth hour joined  7 10"));
  EXPECT_THAT(wrong.differences, testing::Contains("platform growth day left  1 -2"));
  const Found repaired = check(domain::rebuild_statistics);
  // Not as many as before: the platform is compared with organizations that are right by then.
  EXPECT_GT(repaired.summary.differences, 0);
  expect_right();
  EXPECT_EQ(check(domain::rebuild_statistics).summary.differences, 0);
  const Reply audit = client().get(path("audit?action=statistics.rebuilt"), access_token("grace@acme.example"));
  EXPECT_GE(audit.at("/data").as_array().size(), 1u) << audit;
}

TEST_P(StatisticsCheck, ALostDeltaIsFoundFromTheMembershipsAndTheLog) {
  live_through_everything();
  program().execute({"test lose", "DELETE FROM stats_deltas WHERE step >= 2"});
  const Found wrong = check(domain::verify_statistics, acme());
  EXPECT_THAT(wrong.differences, testing::Contains(testing::StartsWith("timeline second changed active 1 0")));
  check(domain::rebuild_statistics);
  expect_right();
}

TEST_P(StatisticsCheck, WhereTheLogTellsLessTheSumsAreComparedAndPutRight) {
  live_through_everything();
  fold();
  program().execute({"test silence", "DELETE FROM audit_entries WHERE action = 'member.role_changed'"});
  Found found = check(domain::verify_statistics, acme());
  EXPECT_THAT(found.differences, IsEmpty());
  EXPECT_GT(found.untold, 0);
  EXPECT_EQ(found.summary.organizations_untold, 1);
  program().execute({"test lose",
                     "DELETE FROM stats_counts WHERE series = 1 AND kind = 'left' AND role_id <> "
                     "(SELECT id FROM directories WHERE kind = 'platform')"});
  found = check(domain::verify_statistics, acme());
  EXPECT_THAT(found.differences, testing::Each(testing::StartsWith("timeline sum changed active ")));
  EXPECT_THAT(found.differences, testing::Not(IsEmpty()));
  check(domain::rebuild_statistics);
  EXPECT_THAT(check(domain::verify_statistics).differences, IsEmpty());
}

TEST_P(StatisticsCheck, WhoWasThereBeforeTheLedgerIsThereAsTheyWereThen) {
  const Person grace = join_later("grace@acme.example"), alan = join_later("alan@acme.example");
  expect_done(patch(path("members/" + grace.member_id), {{"role", "admin"}}, token_));
  expect_done(erase(path("members/" + alan.member_id), token_));
  // As the migration makes it of what is there.
  program().execute({"test forget", "DELETE FROM stats_deltas"});
  program().execute(
      {"test begin",
       "INSERT INTO stats_deltas (organization_id, subject_id, step, kind, detail, role_id, role_key, joined_at, at, "
       "change) SELECT m.organization_id, m.id, 0, 'joined', m.status, m.role_id, r.key, m.joined_at, m.joined_at, 1 "
       "FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id"});
  EXPECT_GT(check(domain::verify_statistics).summary.differences, 0) << "the log tells of more";
  run([&](db::Transaction& tx) { store::date_ledger_back(tx, program().now()); });
  pass_time();
  expect_right();
  expect_done(patch(path("members/" + grace.member_id), {{"role", "member"}}, token_));
  expect_right();
}

}  // namespace gatehouse::tests
