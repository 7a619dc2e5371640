#include "domain/statistics_folding.h"
#include "tests/flows/series_fixture.h"

#include <atomic>
#include <thread>

namespace gatehouse::tests {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class EventSeries : public SeriesTest {
 protected:
  /// Lines of fields; without quotation marks, which are there for texts.
  static std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
    std::vector<std::vector<std::string>> lines{{""}};
    bool is_quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (is_quoted && text.compare(i, 2, "\"\"") == 0) {
        lines.back().back() += text[i++];
      } else if (text[i] == '"') {
        is_quoted = !is_quoted;
      } else if (!is_quoted && text[i] == ',') {
        lines.back().emplace_back();
      } else if (!is_quoted && text.compare(i, 2, "\r\n") == 0) {
        lines.emplace_back(1);
        ++i;
      } else {
        lines.back().back() += text[i];
      }
    }
    EXPECT_EQ(lines.back(), std::vector<std::string>{""}) << "the last line ends too";
    lines.pop_back();
    return lines;
  }
  static std::string csv_of(const Json& value) {
    if (value.is_null()) return "";
    return value.is_string() ? text_of(value) : boost::json::serialize(value);
  }
  void expect_same_values(const Reply& json, const Reply& csv) {
    ASSERT_EQ(csv.status, 200) << csv;
    EXPECT_EQ(csv.header("content-type"), "text/csv; charset=utf-8");
    const auto table = parse_csv(csv.body);
    const auto& rows = json.at("/data").as_array();
    ASSERT_EQ(table.size(), rows.size() + 1);
    EXPECT_GT(rows.size(), 0U);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::vector<std::string> names, values;
      for (const auto& member : rows[i].as_object()) {
        names.emplace_back(member.key());
        values.push_back(csv_of(member.value()));
      }
      EXPECT_EQ(table[0], names);
      EXPECT_EQ(table[i + 1], values);
    }
  }
};

TEST_P(EventSeries, SignInsAreToldByResultAndMethod) {
  note("sign_in", "succeeded password", "2026-10-24T21:59:59.999999Z");
  note("sign_in", "succeeded password", "2026-10-24T22:00:00Z", 2);
  note("sign_in", "failed password", "2026-10-25T22:59:59Z", 3);
  note("sign_in", "succeeded passkey", "2026-10-25T23:00:00Z", 4);
  note(store::kPlatformOrganization, "sign_in", "failed password", "2026-10-25T12:00:00Z", 5);
  for (const std::string state : {"deltas", "counts"}) {
    EXPECT_THAT(lines(stats("sign-ins?from=2026-10-24&to=2026-10-25&time_zone=Europe/Berlin")),
                ElementsAre("2026-10-23T22:00 2026-10-24T22:00 failed password 0",
                            "2026-10-23T22:00 2026-10-24T22:00 succeeded password 1",
                            "2026-10-24T22:00 2026-10-25T23:00 failed password 3",
                            "2026-10-24T22:00 2026-10-25T23:00 succeeded password 2"))
        << state;
    EXPECT_THAT(lines(stats("sign-ins?from=2026-10-26&to=2026-10-26&time_zone=Europe/Berlin")),
                ElementsAre("2026-10-25T23:00 2026-10-26T23:00 failed password 0",
                            "2026-10-25T23:00 2026-10-26T23:00 succeeded passkey 4",
                            "2026-10-25T23:00 2026-10-26T23:00 succeeded password 0"))
        << state;
    EXPECT_THAT(lines(platform_stats("sign-ins?from=2026-10-25&to=2026-10-25")),
                ElementsAre("2026-10-25T00:00 2026-10-26T00:00 failed password 8",
                            "2026-10-25T00:00 2026-10-26T00:00 succeeded passkey 4",
                            "2026-10-25T00:00 2026-10-26T00:00 succeeded password 0"))
        << state << ": with those of no organization";
    fold();
  }
}

TEST_P(EventSeries, InvitationsAreToldWithTheMedianTimeToAccept) {
  note("invitation", "sent", "2026-10-05T10:00:00Z", 5);
  note("invitation", "accepted", "2026-10-06T10:00:00Z", 4);
  note("accepted_after", "86000", "2026-10-06T10:00:00Z");
  note("accepted_after", "90", "2026-10-06T10:00:00Z", 2);
  note("accepted_after", "610000", "2026-10-06T10:00:00Z");
  note("invitation", "expired", "2026-10-12T10:00:00Z");
  note("accepted_after", "7", "2026-10-13T18:30:00Z");
  note("accepted_after", "120", "2026-10-13T18:29:59Z");
  for (const std::string state : {"deltas", "counts"}) {
    EXPECT_THAT(lines(stats("invitations?from=2026-10-05&to=2026-10-18&granularity=week")),
                ElementsAre("2026-10-05T00:00 2026-10-12T00:00 5 4 0 90",  // 90, 90 and 86000, 610000: the lower
                            "2026-10-12T00:00 2026-10-19T00:00 0 0 1 7"))
        << state;
    EXPECT_THAT(lines(stats("invitations?from=2026-10-13&to=2026-10-15&time_zone=Asia/Kolkata")),
                ElementsAre("2026-10-12T18:30 2026-10-13T18:30 0 0 0 120", "2026-10-13T18:30 2026-10-14T18:30 0 0 0 7",
                            "2026-10-14T18:30 2026-10-15T18:30 0 0 0 null"))
        << state;
    EXPECT_EQ(lines(platform_stats("invitations?from=2026-10-05&to=2026-10-18&granularity=week")),
              lines(stats("invitations?from=2026-10-05&to=2026-10-18&granularity=week")))
        << state;
    fold();
  }
}

TEST_P(EventSeries, WhatWillExpireHasNotYet) {
  move_to("2026-12-01T12:00:00.5Z");
  note("invitation", "expired", "2026-12-01T11:59:59Z");
  note("invitation", "expired", "2026-12-01T12:00:00.9Z", 10);  // in the second that is now
  note("invitation", "expired", "2026-12-01T12:00:01Z", 100);
  for (const std::string state : {"deltas", "counts"}) {
    for (const std::string query : {"from=2026-12-01", "granularity=month&from=2026-12-01&time_zone=Asia/Kolkata"}) {
      const Reply reply = stats("invitations?" + std::string(query));
      EXPECT_EQ(reply.number("/data/0/expired"), 11) << query << ", " << state;
    }
    fold();
  }
}

TEST_P(EventSeries, ActiveMembersAreThoseOfDayWeekAndMonth) {
  // Somebody on the 1st and the 5th of October.
  for (const auto& [days, end] : {std::pair{"1", "2026-10-02"}, {"7", "2026-10-12"}, {"30", "2026-11-04"}}) {
    note("active", days, "2026-10-01T00:00:00Z");
    note("active", days, std::string(end) + "T00:00:00Z", -1);
  }
  note("active", "1", "2026-10-05T00:00:00Z");
  note("active", "1", "2026-10-06T00:00:00Z", -1);
  for (const std::string state : {"deltas", "counts"}) {
    EXPECT_THAT(lines(stats("active-members?from=2026-09-30&to=2026-10-06")),
                ElementsAre("2026-09-30 0 0 0", "2026-10-01 1 1 1", "2026-10-02 0 1 1", "2026-10-03 0 1 1",
                            "2026-10-04 0 1 1", "2026-10-05 1 1 1", "2026-10-06 0 1 1"))
        << state;
    EXPECT_THAT(lines(stats("active-members?from=2026-10-11&to=2026-10-12")),
                ElementsAre("2026-10-11 0 1 1", "2026-10-12 0 0 1"))
        << state;
    EXPECT_EQ(lines(platform_stats("active-members?from=2026-10-05&to=2026-10-11")),
              lines(stats("active-members?from=2026-10-05&to=2026-10-11")))
        << state;
    EXPECT_EQ(stats("active-members").text("/from"), "2026-10-24");
    EXPECT_EQ(stats("active-members").text("/time_zone"), "UTC");
    fold();
  }
}

TEST_P(EventSeries, OperatorsSeeNewAndActiveOrganizations) {
  note(store::kPlatformOrganization, "organization", "created", "2026-10-05T10:00:00Z");
  note(store::kPlatformOrganization, "organization", "created", "2026-10-05T22:30:00Z", 2);
  for (const auto& [days, end] : {std::pair{"1", "2026-10-06"}, {"7", "2026-10-12"}, {"30", "2026-11-04"}}) {
    note(store::kPlatformOrganization, "active_organization", days, "2026-10-05T00:00:00Z", 2);
    note(store::kPlatformOrganization, "active_organization", days, std::string(end) + "T00:00:00Z", -2);
  }
  for (const std::string state : {"deltas", "counts"}) {
    EXPECT_THAT(lines(platform_stats("organizations?from=2026-10-05&to=2026-10-06")),
                ElementsAre("2026-10-05T00:00 2026-10-06T00:00 3 2", "2026-10-06T00:00 2026-10-07T00:00 0 0"))
        << state;
    EXPECT_THAT(lines(platform_stats("organizations?from=2026-10-05&to=2026-10-06&time_zone=Europe/Berlin")),
                ElementsAre("2026-10-04T22:00 2026-10-05T22:00 1 2", "2026-10-05T22:00 2026-10-06T22:00 2 0"))
        << state;
    EXPECT_THAT(lines(platform_stats("organizations?from=2026-10-05&to=2026-10-12&granularity=week")),
                ElementsAre("2026-10-05T00:00 2026-10-12T00:00 3 2", "2026-10-12T00:00 2026-10-19T00:00 0 0"))
        << state;
    EXPECT_THAT(lines(platform_stats("organizations?from=2026-09-30&to=2026-10-31&granularity=month")),
                ElementsAre("2026-09-01T00:00 2026-10-01T00:00 0 0", "2026-10-01T00:00 2026-11-01T00:00 3 2"))
        << state;
    fold();
  }
}

TEST_P(EventSeries, ATableHasTheValuesOfTheJson) {
  make_role("crew", {}, token_);
  join(ada_, "bob@acme.example", "crew");
  note("accepted_after", "90", "2026-11-21T10:00:00Z");
  // Signing in between would be counted.
  const std::string ada = access_token(ada_.email), root = operator_token();
  const auto mine = [&](const std::string& what) { return client().get(path("stats/" + what), ada); };
  const auto all = [&](const std::string& what) { return client().get("/v1/operator/stats/" + what, root); };
  for (const std::string what : {"members", "growth", "active-members", "sign-ins", "invitations"}) {
    const std::string past = what == "members" ? "?as_of=1795348800&" : "?from=1795219200&";
    for (const std::string& query : {std::string("?"), past}) {
      expect_same_values(mine(what + query), mine(what + query + "format=csv"));
      expect_same_values(all(what + query), all(what + query + "format=csv"));
    }
    EXPECT_EQ(stats(what + "?format=csv").header("content-disposition"), "attachment; filename=\"" + what + ".csv\"");
    EXPECT_EQ(stats(what + "?format=json").header("content-type"), "application/json");
  }
  expect_same_values(all("organizations"), all("organizations?format=csv"));
  EXPECT_THAT(stats("members?format=csv").body, testing::StartsWith("role_id,role,name,status,members\r\n\"rol_"));
  EXPECT_THAT(stats("members?format=csv").body, HasSubstr(",\"crew\",\"The crew\",\"active\",1\r\n"));
  EXPECT_THAT(stats("invitations?from=2026-11-20&format=csv").body,
              HasSubstr("\"2026-11-20T00:00:00.000Z\",\"2026-11-21T00:00:00.000Z\",0,0,0,\r\n"));
}

// Each table between two answers in JSON that are the same, so that nothing was counted between them.
TEST_P(EventSeries, ATableHasTheValuesOfTheJsonWhileOthersWriteAndCountsAreFolded) {
  constexpr int kComparisons = 5, kWrites = 3, kTries = 2'000;
  const std::string ada = access_token(ada_.email), root = operator_token();
  std::atomic<int> written{0};
  std::vector<std::jthread> others;
  for (int writer = 0; writer < 2; ++writer) {
    others.emplace_back([&, writer](const std::stop_token& stop) {
      for (int i = 0; !stop.stop_requested(); ++i) {
        const std::string email = "w" + std::to_string(writer) + "." + std::to_string(i) + "@acme.example";
        switch (i % 3) {
          case 0: EXPECT_EQ(try_sign_in(ada_.email).status, 200); break;
          case 1: EXPECT_EQ(try_sign_in(ada_.email, kOtherPassword).status, 401); break;
          default: join(ada_, email);
        }
        ++written;
        std::this_thread::sleep_for(20ms);
      }
    });
  }
  others.emplace_back([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) domain::fold_statistics(program().services(), stop);
  });
  for (const std::string what : {"members", "growth", "active-members", "sign-ins", "invitations", "organizations"}) {
    const bool is_of_all = what == "organizations";
    const std::string where = is_of_all ? "/v1/operator/stats/" + what : path("stats/" + what);
    int compared = 0;
    const int enough = written + kWrites;
    for (int i = 0; (compared < kComparisons || written < enough) && i < kTries && !HasFailure(); ++i) {
      const Reply before = client().get(where, is_of_all ? root : ada);
      const Reply table = client().get(where + "?format=csv", is_of_all ? root : ada);
      if (client().get(where, is_of_all ? root : ada).body != before.body) continue;
      expect_same_values(before, table);
      ++compared;
    }
    EXPECT_GE(compared, kComparisons) << what;
    EXPECT_GE(written, enough);
  }
}

GATEHOUSE_ON_BOTH_DATABASES(EventSeries);

}  // namespace gatehouse::tests
