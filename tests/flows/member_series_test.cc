#include "tests/flows/series_fixture.h"

namespace gatehouse::tests {

using testing::ElementsAre;
using testing::IsEmpty;

class MemberSeries : public SeriesTest {
 protected:
  std::vector<std::string> growth(const std::string& query) { return lines(stats("growth?" + query)); }

  /// Role, status and number; not the name, which is today's.
  std::vector<std::string> members(const std::string& as_of = {}) {
    const Reply reply = stats("members" + (as_of.empty() ? "" : "?as_of=" + as_of));
    std::vector<std::string> all{std::to_string(reply.number("/total"))};
    for (const Json& row : reply.at("/data").as_array()) {
      all.push_back(text_of(row.at("role_id")) + " " + text_of(row.at("role")) + " " + text_of(row.at("status")) + " " +
                    std::to_string(row.at("members").as_int64()));
    }
    return all;
  }
};

TEST_P(MemberSeries, DaysAndWeeksAndMonthsAreThoseOfTheZone) {
  move_to("2027-03-27T22:59:59.5Z");
  join(ada_, "bob@acme.example");
  move_to("2027-03-27T23:00:00Z");  // midnight in Berlin
  join(ada_, "cid@acme.example");
  move_to("2027-03-28T21:59:59.999999Z");  // the end of a day of 23 hours
  const Person dan = join(ada_, "dan@acme.example");
  move_to("2027-03-28T22:00:00Z");
  join(ada_, "eve@acme.example");
  remove(access_token(ada_.email), ada_.organization_id, dan.user_id);
  for (const std::string state : {"deltas", "counts"}) {
    EXPECT_THAT(growth("from=2027-03-27&to=2027-03-29&time_zone=Europe/Berlin"),
                ElementsAre("2027-03-26T23:00 2027-03-27T23:00 1 0 2", "2027-03-27T23:00 2027-03-28T22:00 2 0 4",
                            "2027-03-28T22:00 2027-03-29T22:00 1 1 4"))
        << state;
    EXPECT_THAT(growth("from=2027-03-26&time_zone=UTC"),
                ElementsAre("2027-03-26T00:00 2027-03-27T00:00 0 0 1", "2027-03-27T00:00 2027-03-28T00:00 2 0 3",
                            "2027-03-28T00:00 2027-03-29T00:00 2 1 4"))
        << state;
    EXPECT_THAT(growth("from=2027-03-28&time_zone=Asia/Kolkata"),
                ElementsAre("2027-03-27T18:30 2027-03-28T18:30 2 0 3", "2027-03-28T18:30 2027-03-29T18:30 2 1 4"))
        << state;
    EXPECT_THAT(growth("from=2027-03-28&granularity=week&time_zone=Europe/Berlin"),
                ElementsAre("2027-03-21T23:00 2027-03-28T22:00 3 0 4", "2027-03-28T22:00 2027-04-04T22:00 1 1 4"))
        << state;
    EXPECT_THAT(growth("from=2026-10-31&granularity=month&time_zone=Europe/Berlin"),
                ElementsAre("2026-09-30T22:00 2026-10-31T23:00 0 0 0", "2026-10-31T23:00 2026-11-30T23:00 1 0 1",
                            "2026-11-30T23:00 2026-12-31T23:00 0 0 1", "2026-12-31T23:00 2027-01-31T23:00 0 0 1",
                            "2027-01-31T23:00 2027-02-28T23:00 0 0 1", "2027-02-28T23:00 2027-03-31T22:00 4 1 4"))
        << state;
    EXPECT_EQ(lines(platform_stats("growth?from=2027-03-28&time_zone=Asia/Kolkata")),
              growth("from=2027-03-28&time_zone=Asia/Kolkata"))
        << state << ": there is no other organization";
    fold();
  }
}

TEST_P(MemberSeries, ASeriesSaysWhatItIsOf) {
  const Reply plain = stats("growth");
  EXPECT_EQ(plain.text("/from"), "2026-10-24") << "thirty days";
  EXPECT_EQ(plain.text("/to"), "2026-11-22");
  EXPECT_EQ(plain.text("/granularity"), "day");
  EXPECT_EQ(plain.text("/time_zone"), "UTC");
  EXPECT_EQ(plain.at("/data").as_array().size(), 30U);
  const Reply weeks = stats("growth?from=2026-11-03&to=2026-11-12&granularity=week&time_zone=Asia/Kolkata");
  EXPECT_EQ(weeks.text("/from"), "2026-11-02") << "a Monday";
  EXPECT_EQ(weeks.text("/to"), "2026-11-15");
  EXPECT_EQ(weeks.text("/time_zone"), "Asia/Kolkata");
  EXPECT_EQ(weeks.text("/data/0/start"), "2026-11-01T18:30:00.000Z");
  EXPECT_EQ(lines(stats("growth?to=2026-12-24&from=2026-11-20")), lines(stats("growth?from=2026-11-20")))
      << "days to come are left out";
  EXPECT_EQ(lines(stats("growth?from=2026-11-21T23:59:59Z&to=2026-11-22T00:00:00Z")),
            lines(stats("growth?from=2026-11-21")))
      << "an instant stands for its day";
  EXPECT_EQ(lines(stats("growth?from=1795219200")), lines(stats("growth?from=2026-11-21")));
}

TEST_P(MemberSeries, AsOfAnInstantIsTheSnapshotThatWasTakenThen) {
  std::vector<std::pair<std::string, std::vector<std::string>>> snapshots;
  const auto take = [&] {
    snapshots.emplace_back(base::to_rfc3339(program().now()), members());
    program().advance(std::chrono::milliseconds(1001));
  };
  take();
  const std::string crew = make_role("crew", {}, token_);
  const Person bob = join(ada_, "bob@acme.example", "crew");
  take();
  act(path("members/" + bob.member_id + "/suspend"), token_);
  take();
  act(path("members/" + bob.member_id + "/reinstate"), token_);
  take();
  EXPECT_EQ(patch(path("roles/" + crew), {{"name", "Sailors"}}, token_).status, 200);
  take();
  EXPECT_EQ(erase(path("roles/" + crew + "?replacement=" + ada_.roles.at("member")), token_).status, 204);
  take();
  EXPECT_EQ(erase(path("members/" + bob.member_id), token_).status, 204);
  take();
  for (const std::string state : {"deltas", "counts"}) {
    for (const auto& [second, snapshot] : snapshots) EXPECT_EQ(members(second), snapshot) << second << ", " << state;
    EXPECT_EQ(members(), snapshots.back().second);
    EXPECT_THAT(members("2026-11-22T11:59:59Z"), ElementsAre("0"));
    fold();
  }
  EXPECT_THAT(snapshots[2].second, testing::Contains(testing::EndsWith(" crew suspended 1")));
  const Reply past = stats("members?as_of=" + snapshots[1].first);
  EXPECT_EQ(past.text("/data/0/role_id"), crew);
  EXPECT_EQ(past.text("/data/0/name"), "Sailors") << "what it was called last";
  EXPECT_EQ(past.text("/as_of"), snapshots[1].first.substr(0, 20) + "000Z") << "to the second";
  EXPECT_TRUE(stats("members").at("/as_of").is_null());
}

TEST_P(MemberSeries, OfADayTheMembersAreThoseAtItsEndOrNow) {
  move_to("2026-11-23T10:00:00Z");
  join(ada_, "bob@acme.example");
  const auto total = [&](const std::string& day) { return stats("members?as_of=" + day).number("/total"); };
  EXPECT_EQ(total("2026-11-21"), 0);
  EXPECT_EQ(total("2026-11-22"), 1);
  EXPECT_EQ(total("2026-11-23"), 2) << "it is not over";
  EXPECT_EQ(stats("members?as_of=2026-11-22").text("/as_of"), "2026-11-22T23:59:59.000Z");
  EXPECT_EQ(stats("members?as_of=2026-11-23").text("/as_of"), "2026-11-23T10:00:00.000Z");
  expect_field_problem(stats("members?as_of=2026-11-24"), "?as_of");
  EXPECT_EQ(total("0001-01-01T00:00:00Z"), 0);
}

TEST_P(MemberSeries, OperatorsSeeTheRolesOfAllOrganizationsByTheirKeys) {
  const Founder eve = found("eve@evil.example", "Evil");
  join(ada_, "bob@acme.example");
  const std::string then = base::to_rfc3339(program().now());
  program().advance(std::chrono::seconds(2));
  join(eve, "mal@evil.example");
  EXPECT_THAT(lines(platform_stats("members")), ElementsAre("member active 2", "owner active 2"));
  EXPECT_EQ(platform_stats("members").number("/total"), 4);
  EXPECT_THAT(lines(platform_stats("members?as_of=" + then)), ElementsAre("member active 1", "owner active 2"));
  EXPECT_THAT(lines(platform_stats("members?as_of=0")), IsEmpty());
  fold();
  EXPECT_THAT(lines(platform_stats("members?as_of=" + then)), ElementsAre("member active 1", "owner active 2"));
}

TEST_P(MemberSeries, BadRangesAreRefusedAndTold) {
  for (const auto& [query, field] : std::vector<std::pair<std::string, std::string>>{
           {"from=2026-11-20&to=2026-11-19", "to"},
           {"from=2026-11-23", "from"},
           {"from=2026-11-23&to=2026-11-24", "from"},
           {"to=9999-12-31", "to"},
           {"from=2020-01-01", "from"},
           {"from=2026-11-01&to=9999-12-31", "from"},
           {"from=1970-01-01&granularity=month", "from"},
           {"from=0000-01-01", "from"},
           {"from=10000-01-01", "from"},
           {"from=1969-12-31", "from"},
           {"from=2026-02-29", "from"},
           {"from=-1", "from"},
           {"from=253402300800", "from"},
           {"from=yesterday", "from"},
           {"from=", "from"},
           {"to=2026-11-22T24:00:00Z", "to"},
           {"to=2026-11-22T12:00:00+02:00", "to"},  // a plus that was not escaped
           {"time_zone=Europe/Atlantis", "time_zone"},
           {"time_zone=../../etc/passwd", "time_zone"},
           {"time_zone=localtime", "time_zone"},
           {"time_zone=%2B02:00", "time_zone"},
           {"granularity=hour", "granularity"},
           {"format=xml", "format"},
           {"zone=UTC", "zone"}}) {
    expect_field_problem(stats("growth?" + query), "?" + field);
    expect_field_problem(platform_stats("growth?" + query), "?" + field);
  }
  EXPECT_EQ(stats("growth?from=2025-10-19").at("/data").as_array().size(), 400U) << "the most";
  expect_field_problem(stats("growth?from=2025-10-18"), "?from");
  expect_field_problem(stats("active-members?from=2025-10-18"), "?from");
  expect_field_problem(stats("active-members?time_zone=UTC"), "?time_zone");
  expect_field_problem(stats("members?as_of=2026-11-22T12:00:01Z"), "?as_of");
  expect_field_problem(platform_stats("members?as_of=9999-12-31T23:59:59Z"), "?as_of");
  EXPECT_EQ(stats("members?as_of=2026-11-22T12:00:00.9Z").status, 200) << "within this second";
}

TEST_P(MemberSeries, TheStatisticsOfOthersAreNotThere) {
  const Founder eve = found("eve@evil.example", "Evil");
  const std::string eves = access_token(eve.email);
  const std::string nobody = "/v1/organizations/" + store::OrganizationId::make(kStart).to_string() + "/";
  join(ada_, "bob@acme.example");
  const std::string bobs = access_token("bob@acme.example");
  const std::string key = api_key(ada_.organization_id, "stats:read");
  const std::string weak_key = api_key(ada_.organization_id, "members:read");
  const std::string platform_key = api_key({}, "platform:read");
  for (const std::string what : {"members", "growth", "active-members", "sign-ins", "invitations"}) {
    const std::string target = path("stats/" + what);
    expect_same_not_found(client().get(target, eves), client().get(nobody + "stats/" + what, eves));
    expect_problem(client().get(target), 401, "unauthenticated");
    expect_problem(client().get(target, bobs), 403, "forbidden");
    expect_problem(client().get(target, weak_key), 403, "forbidden");
    EXPECT_EQ(client().get(target, key).status, 200);
    EXPECT_EQ(client().get("/v1/operator/stats/" + what, platform_key).status, 200);
    for (const std::string& token : {token_, key}) {
      expect_problem(client().get("/v1/operator/stats/" + what, token), 404, "not_found");
    }
  }
  expect_problem(client().get("/v1/operator/stats/organizations", token_), 404, "not_found");
}

TEST_P(MemberSeries, AnAnswerThatTheCallerHasIsNotSentAgain) {
  for (const std::string what : {"members", "growth?from=2026-11-01&to=2026-11-21", "growth?format=csv"}) {
    const Reply first = stats(what);
    ASSERT_EQ(first.status, 200) << first;
    const Reply again = client().send(
        {.target = path("stats/" + what), .token = token_, .headers = {{"If-None-Match", first.header("etag")}}});
    EXPECT_EQ(again.status, 304) << again;
  }
}

GATEHOUSE_ON_BOTH_DATABASES(MemberSeries);

}  // namespace gatehouse::tests
